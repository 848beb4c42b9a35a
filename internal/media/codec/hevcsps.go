package codec

// hevcSPS is a sequence parameter set of H.265 as it is read.
type hevcSPS struct {
	picture
	sublayer int // sps_max_sub_layers_minus1
	orderLog int // bits of a picture order count
}

func (r *hevcReader) sequence(unit []byte) error {
	const header = "H.265 sequence parameter set"
	b := unitBits(unit, 2, r.missing)
	var s hevcSPS
	s.read(&b)
	if err := b.err(header); err != nil {
		return err
	}
	if err := s.check(header); err != nil {
		return err
	}
	r.picture, r.found = s.picture, true
	return nil
}

// read follows seq_parameter_set_rbsp (ITU-T H.265, 7.3.2.2.1) as far as the frame rate.
func (s *hevcSPS) read(b *bitReader) {
	s.colours = unspecifiedColours
	s.ranged = true // ffmpeg takes a stream that does not tell for one of limited range
	b.skip(4)
	s.sublayer = b.number(3)
	b.skip(1)
	s.readProfile(b)
	b.golombUpTo(15)
	s.readSize(b)
	s.orderLog = 4 + b.golombUpTo(12)
	layers := 1
	if b.flag() {
		layers = s.sublayer + 1
	}
	b.skipGolombs(3 * layers)
	b.skipGolombs(6)
	if scaled := b.flag(); scaled && b.flag() {
		skipHEVCScaling(b)
	}
	b.skip(2)
	if b.flag() {
		b.skip(8)
		b.skipGolombs(2)
		b.skip(1)
	}
	skipReferences(b)
	if b.flag() {
		b.skip(b.golombUpTo(32) * (s.orderLog + 1))
	}
	b.skip(2)
	if b.flag() && b.ok() {
		s.readUsability(b)
	}
	s.format = s.pixelFormat()
}

// readProfile follows profile_tier_level (ITU-T H.265, 7.3.3).
func (s *hevcSPS) readProfile(b *bitReader) {
	b.skip(3)
	profile := b.number(5)
	compatible := b.read(32)
	for i := 1; profile == 0 && i < 32; i++ {
		if compatible<<i>>31 == 1 {
			profile = i
		}
	}
	s.profile = hevcProfile(profile)
	b.skip(48 + 8)
	flags := b.read(2 * s.sublayer)
	if s.sublayer > 0 {
		b.skip(2 * (8 - s.sublayer))
	}
	for i := 2*s.sublayer - 2; i >= 0; i -= 2 {
		if flags>>i&2 != 0 {
			b.skip(88)
		}
		if flags>>i&1 != 0 {
			b.skip(8)
		}
	}
}

// readSize reads chroma format, size, conformance window and depth.
func (s *hevcSPS) readSize(b *bitReader) {
	s.chroma = b.golombUpTo(3)
	if s.chroma == chroma444 {
		b.skip(1)
	}
	s.width, s.height = b.golombUpTo(maxSide), b.golombUpTo(maxSide)
	if b.flag() {
		unitX, unitY := 1, 1
		if s.chroma == chroma420 || s.chroma == chroma422 {
			unitX = 2
		}
		if s.chroma == chroma420 {
			unitY = 2
		}
		s.crop((b.golomb()+b.golomb())*unitX, (b.golomb()+b.golomb())*unitY)
	}
	s.depth = 8 + b.golombUpTo(8)
	b.golombUpTo(8)
}

// crop takes the conformance window off, unless nothing would be left, where ffmpeg ignores it.
func (s *hevcSPS) crop(x, y int) {
	if x < s.width && y < s.height {
		s.width -= x
		s.height -= y
	}
}

// skipHEVCScaling follows scaling_list_data (ITU-T H.265, 7.3.4).
func skipHEVCScaling(b *bitReader) {
	for size := range 4 {
		step := 1
		if size == 3 {
			step = 3
		}
		for matrix := 0; matrix < 6 && b.ok(); matrix += step {
			if !b.flag() {
				b.golomb()
				continue
			}
			if size > 1 {
				b.golomb()
			}
			b.skipGolombs(min(64, 16<<(2*size)))
		}
	}
}

// skipReferences passes over the short-term reference picture sets (ITU-T H.265, 7.3.7). A set that is predicted from
// the one before has as many pictures as it keeps of those.
func skipReferences(b *bitReader) {
	pictures := 0
	for i := range b.golombUpTo(64) {
		if i > 0 && b.flag() {
			b.skip(1)
			b.golomb()
			pictures = keptReferences(b, pictures)
		} else {
			before, after := b.golombUpTo(16), b.golombUpTo(16)
			pictures = before + after
			for range pictures {
				b.golomb()
				b.skip(1)
			}
		}
		if !b.ok() {
			return
		}
	}
}

func keptReferences(b *bitReader, pictures int) int {
	kept := 0
	for range pictures + 1 {
		if used := b.flag(); used || b.flag() {
			kept++
		}
	}
	return kept
}

// readUsability follows vui_parameters (ITU-T H.265, E.2.1) as far as the frame rate.
func (s *hevcSPS) readUsability(b *bitReader) {
	s.readAspect(b)
	if b.flag() {
		b.skip(1)
	}
	s.readSignal(b)
	s.ranged = true
	if b.flag() {
		b.skipGolombs(2)
	}
	b.skip(3)
	if b.flag() {
		b.skipGolombs(4)
	}
	if b.flag() {
		ticks, scale := uint64(b.read(32)), uint64(b.read(32))
		s.frames = ratio{scale, ticks}
	}
}

func (s *hevcSPS) pixelFormat() string {
	switch {
	case s.chroma == chroma444 && s.matrix == 0:
		return planarRGB(s.depth)
	case s.chroma == chroma420 && s.depth == 8 && s.full:
		return fullRangeFormats[chroma420]
	}
	return planar(s.chroma, s.depth)
}
