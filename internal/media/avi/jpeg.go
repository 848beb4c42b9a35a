package avi

import (
	"encoding/binary"

	"vpo/internal/library"
)

// jpeg reads the frame header of a JPEG picture (ITU-T T.81, B.2). Motion JPEG uses the full range of values and the colours
// of JFIF.
func jpeg(t *library.Track, b []byte) error {
	const marker, startOfImage, startOfScan = 0xFF, 0xD8, 0xDA
	if len(b) < 4 || b[0] != marker || b[1] != startOfImage {
		return errNoFrame
	}
	for at := 2; at+4 <= len(b) && b[at] == marker; {
		kind, size := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		switch {
		case kind == marker: // fill byte
			at++
			continue
		case kind == startOfScan || size < 2 || at+2+size > len(b):
			return errNoFrame
		case isFrameHeader(kind):
			return jpegFrame(t, kind, b[at+4:at+2+size])
		}
		at += 2 + size
	}
	return errNoFrame
}

// isFrameHeader tells whether a marker is one of SOF0 to SOF15, between which lie DHT, JPG and DAC.
func isFrameHeader(kind byte) bool {
	return kind >= 0xC0 && kind <= 0xCF && kind != 0xC4 && kind != 0xC8 && kind != 0xCC
}

// jpegFrame reads the body of a frame header.
func jpegFrame(t *library.Track, kind byte, b []byte) error {
	const fixed, component = 6, 3
	if len(b) < fixed || len(b) < fixed+component*int(b[5]) {
		return errNoFrame
	}
	height, width := int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if height < t.Height*3/4 { // one of the two fields of a frame
		height *= 2
	}
	if width == 0 || height == 0 {
		return errNoFrame
	}
	t.Width, t.Height, t.BitDepth = width, height, int(b[0])
	if profiles := [...]string{"Baseline", "Sequential", "Progressive", "Lossless"}; int(kind-0xC0) < len(profiles) {
		t.Profile = profiles[kind-0xC0]
	}
	if kind != 0xC3 { // what is lossless may hold RGB, which the frame header does not tell
		t.PixelFormat = jpegFormat(b[fixed:], int(b[5]))
		t.ColorRange, t.ColorSpace = "pc", "bt470bg"
	}
	return nil
}

// jpegFormat names the pixel format by how often the first component is sampled against the others.
func jpegFormat(components []byte, n int) string {
	switch {
	case n == 1:
		return "gray"
	case n != 3 || components[4] != components[7] || components[4] == 0:
		return ""
	}
	luma, chroma := components[1], components[4]
	across, down := luma>>4/max(chroma>>4, 1), luma&15/max(chroma&15, 1)
	switch [2]byte{across, down} {
	case [2]byte{1, 1}:
		return "yuvj444p"
	case [2]byte{2, 1}:
		return "yuvj422p"
	case [2]byte{1, 2}:
		return "yuvj440p"
	case [2]byte{2, 2}:
		return "yuvj420p"
	case [2]byte{4, 1}:
		return "yuvj411p"
	}
	return ""
}
