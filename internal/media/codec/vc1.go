package codec

import "vpo/internal/library"

// VC1 reads the sequence header of VC-1 (SMPTE 421M, annex J and 6.1): what follows BITMAPINFOHEADER in AVI and Matroska, a
// box dvc1 behind its own fields, or a stretch of the stream. Simple and main profile (WMV3) leave the size to the
// container.
func VC1(t *library.Track, extradata []byte) error {
	const header, sequence, advanced = "VC-1 sequence header", 0x0f, 3
	units := nalUnits{rest: extradata}
	for unit := units.next(); unit != nil; unit = units.next() {
		if len(unit) == 0 || unit[0] != sequence {
			continue
		}
		b := unitBits(unit, 1, library.ErrIncomplete)
		p := picture{colours: unspecifiedColours}
		p.readVC1(&b)
		if err := b.err(header); err != nil {
			return err
		}
		if err := p.check(header); err != nil {
			return err
		}
		p.fill(t)
		return nil
	}
	if len(extradata) < 4 || extradata[0]>>6 == advanced {
		return incomplete("no %s", header)
	}
	t.Profile, t.PixelFormat, t.BitDepth = vc1Profiles[extradata[0]>>6], "yuv420p", 8
	return nil
}

var vc1Profiles = [...]string{"Simple", "Main", "Complex", "Advanced"}

// readVC1 follows the sequence header of the advanced profile.
func (p *picture) readVC1(b *bitReader) {
	const advanced = 3
	profile := b.number(2)
	b.bad = profile != advanced
	p.profile, p.format, p.depth = vc1Profiles[profile], "yuv420p", 8
	b.skip(3 + 2 + 3 + 5 + 1)
	p.width, p.height = 2*(b.number(12)+1), 2*(b.number(12)+1)
	b.skip(6)
	if b.flag() {
		p.readVC1Display(b)
	}
}

// readVC1Display reads shape, frame rate and colours.
func (p *picture) readVC1Display(b *bitReader) {
	const explicit = 15
	width, height := uint64(b.number(14)+1), uint64(b.number(14)+1)
	shape := 0
	if b.flag() {
		shape = b.number(4)
	}
	switch {
	case shape == explicit:
		p.aspect = ratio{uint64(b.number(8) + 1), uint64(b.number(8) + 1)}
	case shape > 0 && shape < 14:
		p.aspect = pixelAspects[shape]
	default:
		p.aspect = ratio{width * uint64(p.height), height * uint64(p.width)}
	}
	if b.flag() {
		p.readVC1Rate(b)
	}
	if b.flag() {
		p.describe(b)
	}
}

func (p *picture) readVC1Rate(b *bitReader) {
	if b.flag() {
		p.frames = ratio{uint64(b.number(16) + 1), 32}
		return
	}
	over, under := b.number(8), b.number(4)
	if over < len(vc1Rates) && under >= 1 && under <= 2 {
		p.frames = ratio{1000 * vc1Rates[over], uint64(999 + under)}
	}
}

// vc1Rates are the frame rates by FRAMERATENR (SMPTE 421M, table 13).
var vc1Rates = [...]uint64{0, 24, 25, 30, 50, 60, 48, 72}
