package codec

import (
	"strconv"

	"vpo/internal/library"
)

// VP8 reads a key frame of VP8 (RFC 6386, 9.1). Its profile is a number, as ffprobe gives it.
func VP8(t *library.Track, frame []byte) error {
	const header, size = "VP8 key frame", 10
	if len(frame) < size {
		return incomplete("the %s ends early", header)
	}
	if frame[0]&1 != 0 {
		return incomplete("no %s", header)
	}
	if frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a {
		return malformed("the %s has no start code", header)
	}
	const sideMask = 0x3fff // two bits above it are the scale
	p := picture{
		width:   (int(frame[6]) | int(frame[7])<<8) & sideMask,
		height:  (int(frame[8]) | int(frame[9])<<8) & sideMask,
		profile: strconv.Itoa(int(frame[0] >> 1 & 7)),
		format:  "yuv420p",
		depth:   8,
		colours: unspecifiedColours,
	}
	if err := p.check(header); err != nil {
		return err
	}
	p.fill(t)
	return nil
}
