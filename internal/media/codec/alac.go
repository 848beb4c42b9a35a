package codec

import (
	"encoding/binary"

	"vpo/internal/library"
)

// alacLayouts are the layouts of ALAC by number of channels.
var alacLayouts = [...]string{
	1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1(back)", 8: "7.1(wide)",
}

// ALAC reads the magic cookie (ALACSpecificConfig of the Apple Lossless Audio Codec), alone or with the header of the box
// alac before it.
func ALAC(t *library.Track, cookie []byte) error {
	const header, size, boxHeader = "ALAC magic cookie", 24, 12
	if len(cookie) >= boxHeader && string(cookie[4:8]) == "alac" {
		cookie = cookie[boxHeader:]
	}
	if len(cookie) < size {
		return malformed("the %s ends early", header)
	}
	rate := binary.BigEndian.Uint32(cookie[20:])
	s := sound{codec: "alac", depth: int(cookie[5]), channels: int(cookie[9]), rate: int(min(rate, 1<<30))}
	s.layout = named(alacLayouts[:], s.channels)
	if err := s.check(header); err != nil {
		return err
	}
	if s.layout == "" {
		return malformed("the %s tells %d channels", header, s.channels)
	}
	s.fill(t)
	return nil
}
