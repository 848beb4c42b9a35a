package codec

import (
	"bytes"

	"vpo/internal/library"
)

// Opus reads the identification header (RFC 7845, 5.1), Matroska's CodecPrivate, or the box dOps, which is the same without
// "OpusHead". Opus always plays at 48 kHz.
func Opus(t *library.Track, head []byte) error {
	const header, playback, size, discrete = "Opus header", 48000, 11, 1
	head = bytes.TrimPrefix(head, []byte("OpusHead"))
	if len(head) < size {
		return malformed("the %s ends early", header)
	}
	s := sound{codec: "opus", rate: playback, channels: int(head[1])}
	if family := head[10]; family <= discrete {
		s.layout = named(vorbisLayouts[:], s.channels)
	}
	if err := s.check(header); err != nil {
		return err
	}
	s.fill(t)
	return nil
}
