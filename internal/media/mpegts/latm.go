package mpegts

import (
	"errors"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// errUnit says that a unit of a stream is not what its codec begins with.
var errUnit = errors.New("not the beginning of a frame")

// latm reads the configuration in a LOAS frame of AAC (ISO/IEC 14496-3, 1.7). Streams of the first version, whose
// configuration is that of AAC behind a few bits, are understood: others do not occur in broadcasting.
func latm(t *library.Track, b []byte) error {
	const header = 3
	if len(b) < header+4 || b[0] != 0x56 || b[1]>>5 != 7 {
		return errUnit
	}
	b = b[header:]
	// useSameStreamMux, audioMuxVersion: both 0; allStreamsSameTimeFraming 1 bit, numSubFrames 6, numProgram 4, numLayer 3
	const before = 2 // bytes
	if b[0]>>6 != 0 {
		return errUnit
	}
	if err := codec.AACConfig(t, b[before:]); err != nil {
		return errUnit
	}
	t.Codec = "aac_latm"
	return nil
}
