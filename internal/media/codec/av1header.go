package codec

// av1Header is a sequence header of AV1 as it is read.
type av1Header struct {
	picture
	number  int  // seq_profile
	reduced bool // the header is that of a single picture
}

// read follows sequence_header_obu (AV1 specification, 5.5.1).
func (s *av1Header) read(b *bitReader) {
	s.colours = unspecifiedColours
	s.aspect = ratio{1, 1} // frames could have another shape rendered, which encoders leave to the container
	s.number = b.number(3)
	s.profile = named(av1Profiles[:], s.number)
	b.skip(1)
	if s.reduced = b.flag(); s.reduced {
		b.skip(5)
	} else {
		s.readOperation(b)
	}
	widthBits, heightBits := b.number(4)+1, b.number(4)+1
	s.width, s.height = b.number(widthBits)+1, b.number(heightBits)+1
	if !s.reduced && b.flag() {
		b.skip(7)
	}
	b.skip(3)
	if !s.reduced {
		skipAV1Tools(b)
	}
	b.skip(3)
	s.readColours(b)
}

// readOperation reads the timing and the operating points.
func (s *av1Header) readOperation(b *bitReader) {
	modelled, delay := false, 0
	if b.flag() {
		ticks, scale := uint64(b.read(32)), uint64(b.read(32))
		if b.flag() {
			s.frames = ratio{scale, ticks * uint64(b.golomb()+1)}
		}
		if modelled = b.flag(); modelled {
			delay = b.number(5) + 1
			b.skip(32 + 5 + 5)
		}
	}
	delayed := b.flag()
	for range b.number(5) + 1 {
		b.skip(12)
		if b.number(5) > 7 {
			b.skip(1)
		}
		if modelled && b.flag() {
			b.skip(2*delay + 1)
		}
		if delayed {
			skipOptional(b, 4)
		}
	}
}

// skipAV1Tools passes over the coding tools that a header of a single picture leaves out.
func skipAV1Tools(b *bitReader) {
	b.skip(4)
	ordered := b.flag()
	if ordered {
		b.skip(2)
	}
	screen := b.flag() // chosen frame by frame
	if !screen {
		screen = b.flag() // for all
	}
	if screen && !b.flag() {
		b.skip(1)
	}
	if ordered {
		b.skip(3)
	}
}

// readColours follows color_config (AV1 specification, 5.5.2).
func (s *av1Header) readColours(b *bitReader) {
	const professional = 2
	high := b.flag()
	s.depth = av1Depth(high, high && s.number == professional && b.flag())
	mono := s.number != 1 && b.flag()
	if b.flag() {
		s.describe(b)
	}
	s.ranged = true
	const bt709, sRGB, identity = 1, 13, 0
	if !mono && s.primaries == bt709 && s.transfer == sRGB && s.matrix == identity {
		s.full, s.chroma = true, chroma444
	} else {
		s.full = b.flag()
		s.chroma = s.readChroma(b, mono)
	}
	s.format = planar(s.chroma, s.depth)
	if s.chroma == chroma444 && s.matrix == identity {
		s.format = planarRGB(s.depth)
	}
}

// readChroma derives the chroma format from the profile, which leaves a choice to 12 bits of the third alone.
func (s *av1Header) readChroma(b *bitReader, mono bool) int {
	switch {
	case mono:
		return chromaNone
	case s.number == 0:
		return chroma420
	case s.number == 1:
		return chroma444
	case s.depth != 12:
		return chroma422
	}
	halfWidth := b.flag()
	return av1Chroma(false, halfWidth, halfWidth && b.flag())
}
