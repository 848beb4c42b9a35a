package codec

import "vpo/internal/library"

// ac3Speakers are the full-range speakers by acmod (ATSC A/52, table 5.8). Two independent mono channels are taken for
// stereo.
var ac3Speakers = [...]uint64{
	stereo, frontCenter, stereo, front3, stereo | backCenter, front3 | backCenter, stereo | sidePair, front3 | sidePair,
}

var (
	ac3Rates = [...]int{48000, 44100, 32000, 0} // Hz, by fscod (ATSC A/52, table 5.6)

	// ac3FrameKilobits are the bit rates by frmsizecod / 2, in kbit/s (ATSC A/52, table 5.18).
	ac3FrameKilobits = [...]int{32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640}
)

// ac3Sync begins every frame of AC-3 and E-AC-3.
const ac3Sync = 0x0b77

// AC3 reads the first frame of AC-3 or E-AC-3 (ATSC A/52, 5.3 and annex E.1.2), and sets Codec to "ac3" or "eac3". Where
// frames of a dependent substream follow it, as in 7.1, their speakers are added.
func AC3(t *library.Track, frame []byte) error {
	const header = "AC-3 frame header"
	start := ac3Start(frame)
	if start < 0 {
		return incomplete("no AC-3 frame header")
	}
	frame = frame[start:]
	if frame[5]>>3 > 10 {
		return eac3(t, frame)
	}
	b := streamBits(frame[4:])
	s := sound{codec: "ac3", rate: ac3Rates[b.number(2)]}
	b.skip(6)
	version := b.number(5)
	b.skip(3)
	s.rate >>= max(version-8, 0)
	s.masked(ac3Mask(&b))
	if err := b.err(header); err != nil {
		return err
	}
	if err := s.check(header); err != nil {
		return err
	}
	s.fill(t)
	return nil
}

// ac3Mask reads acmod, the mix levels behind it, and lfeon.
func ac3Mask(b *bitReader) uint64 {
	mode := b.number(3)
	if mode&1 == 1 && mode != 1 {
		b.skip(2)
	}
	if mode&4 != 0 {
		b.skip(2)
	}
	if mode == 2 {
		b.skip(2)
	}
	return withLow(ac3Speakers[mode], b.flag())
}

// withLow adds the speaker for low frequencies where there is one.
func withLow(mask uint64, low bool) uint64 {
	if low {
		return mask | lowFrequency
	}
	return mask
}

// ac3Start finds the first frame header that makes sense.
func ac3Start(data []byte) int {
	for at := 0; at+6 <= len(data); at++ {
		if data[at] != ac3Sync>>8 || data[at+1] != ac3Sync&0xff {
			continue
		}
		version := data[at+5] >> 3
		switch {
		case version > 16:
		case version > 10, data[at+4]>>6 != 3 && int(data[at+4]&0x3f)/2 < len(ac3FrameKilobits):
			return at
		}
	}
	return -1
}

// AC3Config reads the AC3SpecificBox (ETSI TS 102 366, F.4): the box dac3.
func AC3Config(t *library.Track, record []byte) error {
	const header = "AC-3 configuration"
	b := recordBits(record)
	s := sound{codec: "ac3", rate: ac3Rates[b.number(2)]}
	version := b.number(5)
	b.skip(3)
	s.rate >>= max(min(version-8, 2), 0)
	mode := b.number(3)
	s.masked(withLow(ac3Speakers[mode], b.flag()))
	if err := b.err(header); err != nil {
		return err
	}
	if err := s.check(header); err != nil {
		return err
	}
	s.fill(t)
	return nil
}
