package codec

import (
	"encoding/binary"

	"vpo/internal/library"
)

// DNxHD reads the header of a frame of DNxHD or DNxHR (SMPTE ST 2019-1, 6.2).
func DNxHD(t *library.Track, frame []byte) error {
	const header, size, signature = "DNxHD frame header", 0x2D, 0x0280
	if len(frame) < size {
		return incomplete("the %s ends early", header)
	}
	if offset := binary.BigEndian.Uint32(frame); offset < signature || offset > 0x2170 || offset&3 != 0 {
		return malformed("the %s has no signature", header)
	}
	p := picture{colours: unspecifiedColours}
	p.height, p.width = int(binary.BigEndian.Uint16(frame[0x18:])), int(binary.BigEndian.Uint16(frame[0x1A:]))
	if interlaced := frame[5]&2 != 0; interlaced && p.height < t.Height {
		p.height *= 2
	}
	depths := [8]int{1: 8, 2: 10, 3: 12}
	if p.depth = depths[frame[0x21]>>5]; p.depth == 0 {
		return malformed("the %s tells no depth", header)
	}
	const bt709, bt2020, bt2020constant, unspecified = 1, 9, 10, 2
	p.matrix = [4]int{bt709, bt2020, bt2020constant, unspecified}[frame[0x2C]>>1&3]
	p.profile = dnxhdProfile(binary.BigEndian.Uint32(frame[0x28:]))
	p.format = planar(chroma422, p.depth)
	if full := frame[0x2C]>>6&1 == 1; full {
		p.format = dnxhdFull(frame, p.depth)
	}
	if err := p.check(header); err != nil {
		return err
	}
	p.fill(t)
	return nil
}

// dnxhdFull is the format of a picture with all its colours: RGB, unless the frame may hold other colours and its first
// macroblock, behind the 11 bits of its scale, says that it does.
func dnxhdFull(frame []byte, depth int) string {
	const rows = 0x170 // offsets of the rows of macroblocks
	if mayTransform := frame[0x2C]&1 == 1; mayTransform && len(frame) >= rows+4 {
		data := frame[min(int(binary.BigEndian.Uint32(frame)), len(frame)):]
		first := binary.BigEndian.Uint32(frame[rows:])
		if int64(first)+2 <= int64(len(data)) && data[first+1]>>4&1 == 1 {
			return planar(chroma444, depth)
		}
	}
	return planarRGB(depth)
}

// dnxhdProfile is ffmpeg's name of a compression ID.
func dnxhdProfile(id uint32) string {
	const first = 1270 // of DNxHR
	if profiles := [...]string{"DNXHR 444", "DNXHR HQX", "DNXHR HQ", "DNXHR SQ", "DNXHR LB"}; id >= first && id < first+uint32(len(profiles)) {
		return profiles[id-first]
	}
	return "DNXHD"
}
