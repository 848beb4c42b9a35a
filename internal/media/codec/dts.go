package codec

import "vpo/internal/library"

// ffmpeg's names of the forms of DTS.
const (
	dtsCore      = "DTS"
	dtsExtended  = "DTS-ES"
	dts9624      = "DTS 96/24"
	dtsHighRes   = "DTS-HD HRA"
	dtsLossless  = "DTS-HD MA"
	dtsExpress   = "DTS Express"
	dtsSpeakers5 = front3 | sidePair
)

// DTS reads the first frame of DTS (ETSI TS 102 114): its core (5.3) and, behind or without one, its extension substream
// (7.4), which tells the forms of DTS-HD. frame has to hold the core as a whole. Cores in words of 14 bits or in
// little-endian order, as they come in WAV and on CDs, are understood as well.
func DTS(t *library.Track, frame []byte) error {
	const header = "DTS frame header"
	s := sound{codec: "dts", profile: dtsCore}
	var extension dtsExtension
	if isDTSExtension(frame) {
		if err := extension.read(frame); err != nil {
			return err
		}
	} else {
		size, err := readDTSCore(&s, frame)
		if err != nil {
			return err
		}
		if behind := (size + 3) &^ 3; behind < len(frame) && isDTSExtension(frame[behind:]) {
			if err := extension.read(frame[behind:]); err != nil {
				return err
			}
		}
	}
	extension.apply(&s)
	if err := s.check(header); err != nil {
		return err
	}
	s.fill(t)
	return nil
}

// The forms of a core begin with these words.
const (
	dtsSync            = 0x7ffe8001
	dtsSyncLittle      = 0xfe7f0180
	dtsSync14          = 0x1fffe800
	dtsSync14Little    = 0xff1f00e8
	dtsExtensionSync   = 0x64582025
	dtsHeaderSize      = 16 // bytes; more than what is read
	dtsHeaderSizeIn14  = 20 // bytes that hold dtsHeaderSize in words of 14 bits
	dtsLastArrangement = 9  // amode; those above are not in use
)

var (
	// dtsArrangements are the speakers by AMODE (ETSI TS 102 114, table 5-4).
	dtsArrangements = [dtsLastArrangement + 1]uint64{
		frontCenter, stereo, stereo, stereo, stereo, front3, stereo | backCenter, front3 | backCenter, stereo | sidePair,
		dtsSpeakers5,
	}
	// dtsRates are the sampling frequencies by SFREQ (table 5-5), in Hz.
	dtsRates = [16]int{1: 8000, 2: 16000, 3: 32000, 6: 11025, 7: 22050, 8: 44100, 11: 12000, 12: 24000, 13: 48000}
)

// readDTSCore reads the header of a core and returns its size in bytes, 0 where nothing can follow it.
func readDTSCore(s *sound, frame []byte) (size int, err error) {
	var plain [dtsHeaderSize]byte
	followed, err := plainDTS(&plain, frame)
	if err != nil {
		return 0, err
	}
	b := streamBits(plain[4:])
	b.skip(1 + 5 + 1 + 7)
	size = b.number(14) + 1
	arrangement := b.number(6)
	s.rate = dtsRates[b.number(4)]
	b.skip(5 + 1 + 1 + 1 + 1 + 1)
	kind, extended := b.number(3), b.flag()
	b.skip(1)
	low := b.number(2)
	const lastLow = 2
	if arrangement > dtsLastArrangement || s.rate == 0 || low > lastLow || size < 96 {
		return 0, malformed("the DTS frame header holds a number that makes no sense")
	}
	mask := withLow(dtsArrangements[arrangement], low != 0)
	if extended {
		mask = extendDTS(s, mask, kind)
	}
	s.masked(mask)
	switch {
	case !followed:
		return 0, nil
	case size > len(frame):
		return 0, incomplete("the DTS frame of %d bytes ends early", size)
	}
	return size, nil
}

// extendDTS takes what an extension within the core adds (table 5-7).
func extendDTS(s *sound, mask uint64, kind int) uint64 {
	const channel, doubled, channels = 0, 2, 6
	switch kind {
	case channel:
		s.profile = dtsExtended
		return mask | backCenter
	case channels:
		s.profile = dtsExtended
	case doubled:
		s.profile = dts9624
		s.rate *= 2
	}
	return mask
}

// plainDTS brings the beginning of a core into the form of whole big-endian words. It reports whether that is its form,
// so that an extension can follow.
func plainDTS(plain *[dtsHeaderSize]byte, frame []byte) (bool, error) {
	if len(frame) < dtsHeaderSizeIn14 {
		return false, incomplete("the DTS frame header ends early")
	}
	switch b := streamBits(frame); b.read(32) {
	case dtsSync:
		copy(plain[:], frame)
		return true, nil
	case dtsSyncLittle:
		copy(plain[:], frame)
		for i := 0; i < len(plain); i += 2 {
			plain[i], plain[i+1] = plain[i+1], plain[i]
		}
		return false, nil
	case dtsSync14:
		pack14(plain, frame, 0)
		return false, nil
	case dtsSync14Little:
		pack14(plain, frame, 1)
		return false, nil
	}
	return false, malformed("no DTS frame begins with these bytes")
}

// pack14 takes 14 bits of every word. high is where in a word its upper byte is.
func pack14(plain *[dtsHeaderSize]byte, frame []byte, high int) {
	bits, have, at := uint32(0), 0, 0
	for i := 0; at < len(plain); i += 2 {
		word := uint32(frame[i+high])<<8 | uint32(frame[i+1-high])
		bits, have = bits<<14|word&0x3fff, have+14
		for ; have >= 8 && at < len(plain); at++ {
			have -= 8
			plain[at] = byte(bits >> have)
		}
	}
}
