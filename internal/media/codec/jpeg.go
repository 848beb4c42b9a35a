package codec

import (
	"bytes"
	"encoding/binary"

	"vpo/internal/library"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegMark       = 0xFF // begins each
	jpegFirstFrame = 0xC0 // SOF0, baseline
	jpegLossless   = 0xC3 // SOF3
	jpegHuffman    = 0xC4 // DHT, among the frame headers
	jpegExtension  = 0xC8
	jpegCoding     = 0xCC // DAC, likewise
	jpegLastFrame  = 0xCF
	jpegStart      = 0xD8
	jpegEnd        = 0xD9
	jpegScan       = 0xDA
	jpegAPP0       = 0xE0
	jpegComment    = 0xFE
)

// JPEG reads the frame header of a JPEG picture (ITU-T T.81, B.2.2), and the shape of a pixel in front of it (JFIF,
// ITU-T T.871, 10.1). Where the height of the track is much more than that of the picture, the picture is one of the two
// fields of a frame.
func JPEG(t *library.Track, data []byte) error {
	if len(data) < 4 || data[0] != jpegMark || data[1] != jpegStart {
		return malformed("no JPEG picture")
	}
	studio, aspect := false, ratio{}
	for data = data[2:]; len(data) >= 4; {
		if data[0] != jpegMark {
			return malformed("no marker in a JPEG picture")
		}
		marker, size := data[1], int(binary.BigEndian.Uint16(data[2:]))
		switch {
		case marker == jpegMark: // filling
			data = data[1:]
			continue
		case marker == jpegScan || marker == jpegEnd || size < 2:
			return malformed("no frame header in a JPEG picture")
		case 2+size > len(data):
			return incomplete("no frame header in a JPEG picture")
		}
		segment := data[4 : 2+size]
		switch {
		case marker == jpegAPP0 && len(segment) >= 12 && bytes.HasPrefix(segment, []byte("JFIF\x00")):
			aspect = ratio{uint64(binary.BigEndian.Uint16(segment[8:])), uint64(binary.BigEndian.Uint16(segment[10:]))}
		case marker == jpegComment:
			studio = bytes.HasPrefix(segment, []byte("CS=ITU601")) // ffmpeg's own remark
		case isJPEGFrame(marker):
			return jpegFrame(t, marker, segment, picture{aspect: aspect, colours: jpegColours(studio)})
		}
		data = data[2+size:]
	}
	return incomplete("no frame header in a JPEG picture")
}

// isJPEGFrame tells whether a marker is one of SOF0 to SOF15.
func isJPEGFrame(marker byte) bool {
	switch marker {
	case jpegHuffman, jpegExtension, jpegCoding:
		return false
	}
	return marker >= jpegFirstFrame && marker <= jpegLastFrame
}

// jpegColours are those of JFIF, with the full range of values unless a picture is of a studio.
func jpegColours(studio bool) colours {
	const bt470bg = 5
	return colours{primaries: 2, transfer: 2, matrix: bt470bg, ranged: true, full: !studio}
}

// jpegFrame reads a frame header: the size, and how much finer the brightness is sampled than the colours.
func jpegFrame(t *library.Track, marker byte, segment []byte, p picture) error {
	const fixed, component = 6, 3
	if len(segment) < fixed || len(segment) < fixed+component*int(segment[5]) {
		return malformed("short frame header in a JPEG picture")
	}
	if p.depth = int(segment[0]); p.depth < 2 || p.depth > 16 {
		return malformed("a JPEG picture of %d bits", p.depth)
	}
	p.height, p.width = int(binary.BigEndian.Uint16(segment[1:])), int(binary.BigEndian.Uint16(segment[3:]))
	if p.height < t.Height*3/4 {
		p.height *= 2
	}
	if profiles := [...]string{"Baseline", "Sequential", "Progressive", "Lossless"}; int(marker-jpegFirstFrame) < len(profiles) {
		p.profile = profiles[marker-jpegFirstFrame]
	}
	if marker == jpegLossless { // may hold RGB, which the frame header does not tell
		p.colours = unspecifiedColours
	} else {
		p.format = jpegFormat(segment[fixed:], int(segment[5]), p.full)
	}
	if err := p.check("JPEG frame header"); err != nil {
		return err
	}
	p.fill(t)
	return nil
}

// jpegFormat names the pixel format by how often the first component is sampled against the others: across in the upper
// half of a byte, down in the lower one.
func jpegFormat(components []byte, n int, full bool) string {
	const first, second, third = 1, 4, 7
	switch {
	case n == 1:
		return "gray"
	case n != 3 || components[second] != components[third] || components[second]>>4 == 0 || components[second]&15 == 0:
		return ""
	}
	luma, chroma := components[first], components[second]
	name := subsampled((luma>>4)/(chroma>>4), (luma&15)/(chroma&15))
	if name == "" || !full {
		return name
	}
	return fullRange(name)
}

// subsampled names the pixel format of 8 bits in which a value of the colours stands for so many of the brightness.
func subsampled(across, down byte) string {
	switch [2]byte{across, down} {
	case [2]byte{1, 1}:
		return "yuv444p"
	case [2]byte{2, 1}:
		return "yuv422p"
	case [2]byte{2, 2}:
		return "yuv420p"
	case [2]byte{1, 2}:
		return "yuv440p"
	case [2]byte{4, 1}:
		return "yuv411p"
	case [2]byte{4, 4}:
		return "yuv410p"
	}
	return ""
}

// fullRange is the format of its own that ffmpeg keeps for the full range of values.
func fullRange(name string) string {
	switch name {
	case "yuv444p":
		return "yuvj444p"
	case "yuv422p":
		return "yuvj422p"
	case "yuv420p":
		return "yuvj420p"
	case "yuv440p":
		return "yuvj440p"
	case "yuv411p":
		return "yuvj411p"
	}
	return ""
}
