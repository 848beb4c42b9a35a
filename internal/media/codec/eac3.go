package codec

import "vpo/internal/library"

// dolbyAtmos is ffmpeg's name, since version 6, of E-AC-3 with joint object coding.
const dolbyAtmos = "Dolby Digital Plus + Dolby Atmos"

// eac3Frame is the header of one frame of E-AC-3 as it is read.
type eac3Frame struct {
	kind    int // strmtyp
	size    int // bytes
	rate    int // Hz
	reduced bool
	blocks  int // of sound
	mode    int // acmod
	low     bool
	mask    uint64
	objects bool // joint object coding: Dolby Atmos
}

// The strmtyp of a frame (ATSC A/52, table E1.1).
const (
	eac3Independent = iota
	eac3Dependent   // adds channels to the frame before
	eac3Converted   // was AC-3
)

// eac3 reads the frame of the first program and those that depend on it. data begin with the frame.
func eac3(t *library.Track, data []byte) error {
	const header = "E-AC-3 frame header"
	b := streamBits(data)
	first := readEAC3(&b)
	if err := b.err(header); err != nil {
		return err
	}
	s := sound{codec: "eac3", rate: first.rate}
	mask, objects := first.mask, first.objects
	for at := first.size; at < len(data); {
		b := streamBits(data[at:])
		next := readEAC3(&b)
		if !b.ok() || next.kind != eac3Dependent {
			break
		}
		mask, objects = mask|next.mask, objects || next.objects
		at += next.size
	}
	if objects {
		s.profile = dolbyAtmos
	}
	s.masked(mask)
	s.fill(t)
	return nil
}

// readEAC3 follows syncinfo and bsi (ATSC A/52, E.1.2). What does not begin like a frame is marked as bad.
func readEAC3(b *bitReader) eac3Frame {
	b.bad = b.read(16) != ac3Sync
	f := eac3Frame{kind: b.number(2)}
	b.skip(3)
	f.size = 2 * (b.number(11) + 1)
	f.readRate(b)
	f.mode, f.low = b.number(3), b.flag()
	f.mask = withLow(ac3Speakers[f.mode], f.low)
	version := b.number(5)
	b.bad = b.bad || version <= 10 || version > 16 || f.size < 8 || f.rate == 0
	for range f.programs() {
		b.skip(5)
		skipOptional(b, 8)
	}
	if f.kind == eac3Dependent && b.flag() {
		f.mask = eac3ChannelMap(b.read(16))
	}
	if b.ok() {
		f.skipMixing(b)
		f.skipInformation(b)
		f.readAddition(b)
	}
	return f
}

// readRate reads fscod, fscod2 and numblkscod.
func (f *eac3Frame) readRate(b *bitReader) {
	code := b.number(2)
	if f.reduced = code == 3; f.reduced {
		f.rate, f.blocks = ac3Rates[b.number(2)]/2, 6
		return
	}
	f.rate, f.blocks = ac3Rates[code], [...]int{1, 2, 3, 6}[b.number(2)]
}

// programs is 2 where acmod says that the channels are two of mono.
func (f *eac3Frame) programs() int {
	if f.mode == 0 {
		return 2
	}
	return 1
}

// skipMixing passes over the mixing metadata.
func (f *eac3Frame) skipMixing(b *bitReader) {
	if !b.flag() {
		return
	}
	if f.mode > 2 {
		b.skip(2)
	}
	if f.mode > 2 && f.mode&1 == 1 {
		b.skip(6)
	}
	if f.mode&4 != 0 {
		b.skip(6)
	}
	if f.low {
		skipOptional(b, 5)
	}
	if f.kind == eac3Independent {
		f.skipProgramMixing(b)
	}
}

func (f *eac3Frame) skipProgramMixing(b *bitReader) {
	for range f.programs() + 1 {
		skipOptional(b, 6)
	}
	switch b.number(2) {
	case 1:
		b.skip(5)
	case 2:
		b.skip(12)
	case 3:
		b.skip(8 * (b.number(5) + 2))
	}
	if f.mode < 2 {
		for range f.programs() {
			skipOptional(b, 14)
		}
	}
	if !b.flag() {
		return
	}
	if f.blocks == 1 {
		b.skip(5)
		return
	}
	for range f.blocks {
		skipOptional(b, 5)
	}
}

// skipInformation passes over the informational metadata and what ties the frame to AC-3.
func (f *eac3Frame) skipInformation(b *bitReader) {
	if b.flag() {
		b.skip(5)
		if f.mode == 2 {
			b.skip(4)
		}
		if f.mode >= 6 {
			b.skip(2)
		}
		for range f.programs() {
			skipOptional(b, 8)
		}
		if !f.reduced {
			b.skip(1)
		}
	}
	if f.kind == eac3Independent && f.blocks != 6 {
		b.skip(1)
	}
	if f.kind == eac3Converted && (f.blocks == 6 || b.flag()) {
		b.skip(6)
	}
}

// readAddition reads the additional bit stream information, whose first byte ends with the flag that tells of joint
// object coding (ETSI TS 103 420, 8.3).
func (f *eac3Frame) readAddition(b *bitReader) {
	if b.flag() {
		b.skip(6 + 7)
		f.objects = b.flag() && b.ok()
	}
}

// skipOptional passes over n bits that are there where the flag before them is set.
func skipOptional(b *bitReader, n int) {
	if b.flag() {
		b.skip(n)
	}
}

// eac3Locations are the speakers of chanmap, the highest bit first (ATSC A/52, table E1.4).
var eac3Locations = [...]uint64{
	frontLeft, frontCenter, frontRight, sideLeft, sideRight, centerPair, backPair, backCenter, topCenter,
	surroundDirectLeft | surroundDirectRight, widePair, topFrontLeft | topFrontRight, topFrontCenter,
	topSideLeft | topSideRight, lowFrequency2, lowFrequency,
}

func eac3ChannelMap(channels uint32) uint64 {
	var mask uint64
	for i, speakers := range eac3Locations {
		if channels&(0x8000>>i) != 0 {
			mask |= speakers
		}
	}
	return mask
}

// EAC3Config reads the EC3SpecificBox (ETSI TS 102 366, F.6): the box dec3, of which the first program counts.
func EAC3Config(t *library.Track, record []byte) error {
	const header = "E-AC-3 configuration"
	b := recordBits(record)
	b.skip(13)
	programs := b.number(3)
	var s sound
	for i := range programs + 1 {
		rate, mask := readEAC3Program(&b)
		if i == 0 {
			s = sound{codec: "eac3", rate: rate}
			s.masked(mask)
		}
	}
	if err := b.err(header); err != nil {
		return err
	}
	if s.rate == 0 {
		s.rate = t.SampleRate // one of the reduced rates, which the record cannot tell
	}
	if len(record)*8-b.position() >= 16 {
		if b.skip(7); b.flag() {
			s.profile = dolbyAtmos
		}
	}
	s.fill(t)
	return nil
}

// readEAC3Program reads one independent substream with what depends on it.
func readEAC3Program(b *bitReader) (rate int, mask uint64) {
	rate = ac3Rates[b.number(2)]
	b.skip(5 + 1 + 1 + 3)
	mode := b.number(3)
	mask = withLow(ac3Speakers[mode], b.flag())
	b.skip(3)
	if b.number(4) == 0 {
		b.skip(1)
		return rate, mask
	}
	for _, speakers := range eac3DependentLocations {
		if b.flag() {
			mask |= speakers
		}
	}
	return rate, mask
}

// eac3DependentLocations are the speakers of chan_loc, the highest bit first (ETSI TS 102 366, table F.6.1).
var eac3DependentLocations = [...]uint64{
	lowFrequency2, topFrontCenter, topFrontLeft | topFrontRight, widePair, surroundDirectLeft | surroundDirectRight,
	topCenter, backCenter, backPair, centerPair,
}
