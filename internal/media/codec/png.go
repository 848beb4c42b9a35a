package codec

import (
	"bytes"
	"encoding/binary"

	"vpo/internal/library"
)

// PNGSignature is what a PNG picture begins with (W3C PNG, 5.2).
const PNGSignature = "\x89PNG\r\n\x1a\n"

// PNG reads the header of a PNG picture (W3C PNG, 11.2.2) and the shape of a pixel (11.3.4.3).
func PNG(t *library.Track, data []byte) error {
	const header = 33 // bytes: the signature and IHDR
	if !bytes.HasPrefix(data, []byte(PNGSignature)) {
		return malformed("no PNG picture")
	}
	if len(data) < header {
		return incomplete("the header of a PNG picture ends early")
	}
	width, height := binary.BigEndian.Uint32(data[16:]), binary.BigEndian.Uint32(data[20:])
	if string(data[12:16]) != "IHDR" || width == 0 || height == 0 || width > maxSide || height > maxSide {
		return malformed("a PNG picture of %d by %d pixels", width, height)
	}
	t.Width, t.Height = int(width), int(height)
	t.ColorRange = Range(true)
	t.BitDepth = min(max(8, int(data[24])), 16) // ffmpeg unpacks what is smaller
	t.PixelFormat = pngFormat(data[25], data[24])
	if t.SampleAspect == "" {
		t.SampleAspect = density(data[header:]).text(':')
	}
	return nil
}

// density looks for the chunk pHYs in front of the picture.
func density(rest []byte) ratio {
	const around, used = 12, 8 // bytes: size, name and check sum of a chunk; both densities
	for len(rest) >= around {
		size := binary.BigEndian.Uint32(rest)
		if string(rest[4:8]) == "pHYs" && size == used+1 && len(rest) >= 8+used {
			return ratio{uint64(binary.BigEndian.Uint32(rest[8:])), uint64(binary.BigEndian.Uint32(rest[12:]))}
		}
		if string(rest[4:8]) == "IDAT" || int64(size)+around > int64(len(rest)) {
			break
		}
		rest = rest[size+around:]
	}
	return ratio{}
}

// pngFormat names the format of a PNG picture by its colour type and the bits of a sample.
func pngFormat(kind, bits byte) string {
	const grey, rgb, palette, greyAlpha, rgbAlpha = 0, 2, 3, 4, 6
	if bits == 16 {
		return map[byte]string{grey: "gray16be", rgb: "rgb48be", palette: "pal8", greyAlpha: "ya16be", rgbAlpha: "rgba64be"}[kind]
	}
	switch kind {
	case grey:
		if bits == 1 {
			return "monob"
		}
		return "gray"
	case rgb:
		return "rgb24"
	case palette:
		return "pal8"
	case greyAlpha:
		return "ya8"
	case rgbAlpha:
		return "rgba"
	}
	return ""
}
