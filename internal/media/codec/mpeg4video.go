package codec

import (
	"math/bits"

	"vpo/internal/library"
)

// Start codes of MPEG-4 part 2 (ISO/IEC 14496-2, table 6-3).
const (
	mpeg4FirstLayer = 0x20
	mpeg4LastLayer  = 0x2f
	mpeg4Sequence   = 0xb0
	mpeg4Object     = 0xb5
)

// MPEG4Video reads the headers of MPEG-4 part 2 up to the first video object layer (ISO/IEC 14496-2, 6.2.2 and 6.2.3).
func MPEG4Video(t *library.Track, stream []byte) error {
	const header = "MPEG-4 video object layer"
	units := nalUnits{rest: stream}
	p := picture{colours: unspecifiedColours, format: "yuv420p", depth: 8, chroma: chroma420}
	for unit := units.next(); unit != nil; unit = units.next() {
		if len(unit) < 2 {
			continue
		}
		b := streamBits(unit[1:])
		switch code := unit[0]; {
		case code == mpeg4Sequence:
			p.profile = mpeg4Profiles[b.number(4)]
		case code == mpeg4Object:
			p.readMPEG4Object(&b)
		case code >= mpeg4FirstLayer && code <= mpeg4LastLayer:
			p.readMPEG4Layer(&b)
			if err := b.err(header); err != nil {
				return err
			}
			if err := p.check(header); err != nil {
				return err
			}
			p.fill(t)
			return nil
		}
	}
	return incomplete("no %s", header)
}

// readMPEG4Object follows VisualObject (6.2.2) as far as the colours.
func (p *picture) readMPEG4Object(b *bitReader) {
	const stillTexture = 2
	skipOptional(b, 7)
	if kind := b.number(4); kind >= 1 && kind <= stillTexture {
		p.readSignal(b)
	}
}

// readMPEG4Layer follows VideoObjectLayer (6.2.3) as far as the size.
func (p *picture) readMPEG4Layer(b *bitReader) {
	const rectangular, binaryOnly, grey = 0, 2, 3
	b.skip(1 + 8)
	version := 1
	if b.flag() {
		version = b.number(4)
		b.skip(3)
	}
	p.readMPEG4Aspect(b)
	if b.flag() {
		b.skip(2 + 1)
		skipOptional(b, 79) // bit rate, buffer size and occupancy, with markers
	}
	shape := b.number(2)
	if shape == grey && version != 1 {
		b.skip(4)
	}
	b.skip(1)
	resolution := b.number(16)
	b.skip(1)
	if b.flag() {
		increment := b.read(max(bits.Len(uint(max(resolution-1, 0))), 1))
		p.frames = ratio{uint64(resolution), uint64(increment)}
	}
	if shape != rectangular {
		b.bad = true // no size: neither ffmpeg nor any player shows these
		return
	}
	b.skip(1)
	p.width = b.number(13)
	b.skip(1)
	p.height = b.number(13)
}

// readMPEG4Aspect reads the shape of a pixel (6.3.3, table 6-12).
func (p *picture) readMPEG4Aspect(b *bitReader) {
	const last, extended = 5, 15
	switch id := b.number(4); {
	case id == extended:
		p.aspect = ratio{uint64(b.number(8)), uint64(b.number(8))}
	case id <= last:
		p.aspect = pixelAspects[id]
	}
}

// mpeg4Profiles are ffmpeg's names by the upper half of profile_and_level_indication (ISO/IEC 14496-2, table G.1).
var mpeg4Profiles = [...]string{
	"Simple Profile", "Simple Scalable Profile", "Core Profile", "Main Profile", "N-bit Profile",
	"Scalable Texture Profile", "Simple Face Animation Profile", "Basic Animated Texture Profile", "Hybrid Profile",
	"Advanced Real Time Simple Profile", "Code Scalable Profile", "Advanced Coding Profile", "Advanced Core Profile",
	"Advanced Scalable Texture Profile", "Simple Studio Profile", "Advanced Simple Profile",
}
