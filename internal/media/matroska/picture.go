package matroska

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

const maxCover = 256 << 10 // bytes of a cover that are looked at: cameras put other pictures in front of its size

// readCover reads the size and the format of a cover. One that makes no sense remains a cover without them.
func (r *reader) readCover(t *library.Track, file walker) error {
	var err error
	for _, limit := range [...]int{maxPicture, maxCover} {
		data := file.data(limit)
		if file.err != nil {
			return file.err
		}
		if err = cover(t, data); err == nil {
			return nil
		}
	}
	r.warn("attached picture %q: %v", t.FileName, err)
	return nil
}

// cover reads the headers of a picture.
func cover(t *library.Track, data []byte) error {
	switch t.Codec {
	case "mjpeg":
		return jpeg(t, data)
	case "png":
		return png(t, data)
	case "gif":
		return gif(t, data)
	default:
		return nil
	}
}

// gif reads the logical screen descriptor of a GIF picture (GIF89a, 18).
func gif(t *library.Track, data []byte) error {
	if len(data) < 10 || !bytes.HasPrefix(data, []byte("GIF8")) {
		return fmt.Errorf("%w: no GIF picture", library.ErrMalformed)
	}
	t.Width, t.Height = int(binary.LittleEndian.Uint16(data[6:])), int(binary.LittleEndian.Uint16(data[8:]))
	t.PixelFormat, t.BitDepth = "bgra", 8
	return nil
}

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegStart     = 0xD8
	jpegAPP0      = 0xE0
	jpegScan      = 0xDA
	jpegEnd       = 0xD9
	jpegBaseline  = 0xC0
	jpegExtended  = 0xC1
	jpegProgress  = 0xC2
	jpegLossless  = 0xC3
	jpegHuffman   = 0xC4
	jpegExtension = 0xC8
	jpegCoding    = 0xCC
)

// jpeg reads the frame header of a JPEG picture (ITU-T T.81, B.2.2).
func jpeg(t *library.Track, data []byte) error {
	if len(data) < 4 || data[0] != 0xFF || data[1] != jpegStart {
		return fmt.Errorf("%w: no JPEG picture", library.ErrMalformed)
	}
	for data = data[2:]; len(data) >= 4; {
		if data[0] != 0xFF {
			return fmt.Errorf("%w: no marker in a JPEG picture", library.ErrMalformed)
		}
		marker := data[1]
		if marker == 0xFF { // filling
			data = data[1:]
			continue
		}
		size := int(binary.BigEndian.Uint16(data[2:]))
		if marker == jpegScan || marker == jpegEnd || size < 2 || 2+size > len(data) {
			break
		}
		segment := data[4 : 2+size]
		switch {
		case marker == jpegAPP0:
			jfif(t, segment)
		case marker >= jpegBaseline && marker <= 0xCF &&
			marker != jpegHuffman && marker != jpegExtension && marker != jpegCoding:
			return jpegFrame(t, marker, segment)
		}
		data = data[2+size:]
	}
	return fmt.Errorf("%w: no frame header in a JPEG picture", library.ErrMalformed)
}

// jfif reads the densities of a JFIF header (ITU-T T.871, 10.1), which ffprobe tells as the shape of a pixel.
func jfif(t *library.Track, segment []byte) {
	if len(segment) < 12 || !bytes.HasPrefix(segment, []byte("JFIF\x00")) || t.SampleAspect != "" {
		return
	}
	t.SampleAspect = aspect(int64(binary.BigEndian.Uint16(segment[8:])), int64(binary.BigEndian.Uint16(segment[10:])))
}

// jpegFrame reads a frame header: the size, and how much finer the brightness is sampled than the colours.
func jpegFrame(t *library.Track, marker byte, segment []byte) error {
	if len(segment) < 6 || len(segment) < 6+3*int(segment[5]) {
		return fmt.Errorf("%w: short frame header in a JPEG picture", library.ErrMalformed)
	}
	t.Height, t.Width = int(binary.BigEndian.Uint16(segment[1:])), int(binary.BigEndian.Uint16(segment[3:]))
	t.BitDepth = int(segment[0])
	switch marker {
	case jpegBaseline:
		t.Profile = "Baseline"
	case jpegExtended:
		t.Profile = "Sequential"
	case jpegProgress:
		t.Profile = "Progressive"
	case jpegLossless:
		t.Profile = "Lossless"
	}
	t.ColorRange, t.ColorSpace = codec.Range(true), codec.Matrix(5)
	switch components := segment[6:]; segment[5] {
	case 1:
		t.PixelFormat = "gray"
	case 3:
		t.PixelFormat = sampling(components[1], components[4], components[7])
	}
	return nil
}

// sampling names the format of three components by their sampling factors, across in the upper half, down in the lower.
func sampling(y, cb, cr byte) string {
	if cb != cr || cb == 0 || cb>>4 == 0 || cb&15 == 0 {
		return ""
	}
	switch [2]byte{(y >> 4) / (cb >> 4), (y & 15) / (cb & 15)} {
	case [2]byte{1, 1}:
		return "yuvj444p"
	case [2]byte{2, 1}:
		return "yuvj422p"
	case [2]byte{2, 2}:
		return "yuvj420p"
	case [2]byte{1, 2}:
		return "yuvj440p"
	case [2]byte{4, 1}:
		return "yuvj411p"
	default:
		return ""
	}
}

// png reads the header of a PNG picture (W3C PNG, 11.2.2).
func png(t *library.Track, data []byte) error {
	if len(data) < 33 || !bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) || string(data[12:16]) != "IHDR" {
		return fmt.Errorf("%w: no PNG picture", library.ErrMalformed)
	}
	width, height := binary.BigEndian.Uint32(data[16:]), binary.BigEndian.Uint32(data[20:])
	if width >= 1<<31 || height >= 1<<31 {
		return fmt.Errorf("%w: a PNG picture of %d x %d", library.ErrMalformed, width, height)
	}
	t.Width, t.Height = int(width), int(height)
	t.ColorRange = codec.Range(true)
	t.BitDepth = max(8, int(data[24])) // ffmpeg unpacks what is smaller
	t.PixelFormat = pngFormat(data[25], data[24])
	density(t, data[33:])
	return nil
}

// density reads the chunk pHYs of a PNG picture (W3C PNG, 11.3.4.3), which ffprobe tells as the shape of a pixel.
func density(t *library.Track, rest []byte) {
	for t.SampleAspect == "" && len(rest) >= 12 {
		size := binary.BigEndian.Uint32(rest)
		if string(rest[4:8]) == "pHYs" && size == 9 && len(rest) >= 17 {
			t.SampleAspect = aspect(int64(binary.BigEndian.Uint32(rest[8:])), int64(binary.BigEndian.Uint32(rest[12:])))
		}
		if string(rest[4:8]) == "IDAT" || int64(size)+12 > int64(len(rest)) {
			return
		}
		rest = rest[size+12:]
	}
}

// pngFormat names the format of a PNG picture by its colour type and the bits of a sample.
func pngFormat(kind, bits byte) string {
	deep := bits == 16
	switch {
	case kind == 0 && bits == 1:
		return "monob"
	case kind == 0 && deep:
		return "gray16be"
	case kind == 0:
		return "gray"
	case kind == 2 && deep:
		return "rgb48be"
	case kind == 2:
		return "rgb24"
	case kind == 3:
		return "pal8"
	case kind == 4 && deep:
		return "ya16be"
	case kind == 4:
		return "ya8"
	case kind == 6 && deep:
		return "rgba64be"
	case kind == 6:
		return "rgba"
	default:
		return ""
	}
}
