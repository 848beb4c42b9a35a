package avi

import (
	"encoding/binary"

	"vpo/internal/media/codec"
)

// pixelFormat names the pixel format of those codecs that have one alone, or whose tag or depth tells it.
func pixelFormat(name string, tag []byte, bits int) string {
	switch name {
	case "rawvideo":
		if binary.LittleEndian.Uint32(tag) < 4 {
			return rgbFormat(bits)
		}
		return codec.RawFormat(string(tag))
	case "cinepak", "msvideo1", "msrle", "tscc":
		return paletteFormat(name, bits)
	}
	return codec.OnlyFormat(name)
}

// rgbFormat is the pixel format of pictures without a codec, by the bits of a pixel.
func rgbFormat(bits int) string {
	switch bits {
	case 1, 2, 4, 8:
		return "pal8"
	case 12:
		return "rgb444le"
	case 15, 16:
		return "rgb555le"
	case 24:
		return "bgr24"
	case 32:
		return "bgra"
	case 48:
		return "rgb48le"
	}
	return ""
}

// paletteFormat is the pixel format of codecs from the time when screens had palettes.
func paletteFormat(name string, bits int) string {
	switch {
	case bits <= 8:
		return "pal8"
	case name == "cinepak":
		return "rgb24"
	case name == "msvideo1":
		return "rgb555le"
	case bits == 32:
		return "bgr0"
	}
	return rgbFormat(bits)
}
