package codec

import "vpo/internal/library"

// Start codes of MPEG-1 and MPEG-2 (ISO/IEC 13818-2, table 6-1).
const (
	mpegPicture   = 0x00
	mpegSequence  = 0xb3
	mpegExtension = 0xb5
	mpegGroup     = 0xb8
)

// MPEGVideo reads the first sequence header of MPEG-1 or MPEG-2 video with its extensions (ISO/IEC 11172-2, 2.4.2.3;
// ISO/IEC 13818-2, 6.2.2), and sets Codec to "mpeg1video" or "mpeg2video".
func MPEGVideo(t *library.Track, stream []byte) error {
	const header = "MPEG sequence header"
	units := nalUnits{rest: stream}
	var s mpegHeader
	found := false
	for unit := units.next(); ; unit = units.next() {
		if unit == nil {
			return incomplete("no %s that ends", header)
		}
		if len(unit) == 0 {
			continue
		}
		b := streamBits(unit[1:])
		switch code := unit[0]; {
		case code == mpegSequence && !found:
			s.readSequence(&b)
			found = true
		case code == mpegExtension && found:
			s.readExtension(&b)
		case found && (code == mpegGroup || code == mpegPicture || code == mpegSequence):
			return s.fill(t, header)
		}
		if err := b.err(header); err != nil {
			return err
		}
	}
}

// mpegHeader is a sequence header of MPEG-1 or MPEG-2 as it is read.
type mpegHeader struct {
	picture
	shape   int // aspect_ratio_information
	display ratio
	second  bool // it is MPEG-2
}

func (s *mpegHeader) readSequence(b *bitReader) {
	s.width, s.height = b.number(12), b.number(12)
	s.shape = b.number(4)
	if rate := b.number(4); rate < len(mpegRates) {
		s.frames = mpegRates[rate]
	}
	s.depth, s.chroma = 8, chroma420
	s.colours = unspecifiedColours
	s.ranged = true
}

// readExtension follows extension_data (ISO/IEC 13818-2, 6.2.2.2) of the two kinds that tell something.
func (s *mpegHeader) readExtension(b *bitReader) {
	const sequence, display = 1, 2
	switch b.number(4) {
	case sequence:
		s.second = true
		b.skip(1)
		s.profile = mpegProfiles[b.number(3)]
		b.skip(4 + 1)
		s.chroma = b.number(2)
		s.width |= b.number(2) << 12
		s.height |= b.number(2) << 12
		b.skip(12 + 1 + 8 + 1)
		s.frames.over *= uint64(b.number(2) + 1)
		s.frames.under *= uint64(b.number(5) + 1)
	case display:
		b.skip(3)
		if b.flag() {
			s.describe(b)
		}
		s.display.over = uint64(b.number(14))
		b.skip(1)
		s.display.under = uint64(b.number(14))
	}
}

func (s *mpegHeader) fill(t *library.Track, header string) error {
	if err := s.check(header); err != nil {
		return err
	}
	t.Codec = "mpeg1video"
	s.aspect = mpeg1Aspects[s.shape]
	if s.second {
		t.Codec = "mpeg2video"
		s.aspect = s.mpeg2Aspect()
	}
	s.format = planar(s.chroma, s.depth)
	s.picture.fill(t)
	return nil
}

// mpeg2Aspect derives the shape of a pixel from that of the picture (ISO/IEC 13818-2, 6.3.3). The display size, which the
// standard relates it to, is believed only where it leads to a usual picture, as in ffmpeg.
func (s *mpegHeader) mpeg2Aspect() ratio {
	if s.shape < 2 || s.shape >= len(mpeg2Shapes) {
		return ratio{1, 1}
	}
	shape := mpeg2Shapes[s.shape]
	size := ratio{uint64(s.width), uint64(s.height)}
	if s.display.over > 0 && s.display.under > 0 {
		whole := shape.divided(s.display).times(size)
		if whole.equals(ratio{4, 3}) || whole.equals(ratio{16, 9}) {
			size = s.display
		}
	}
	return shape.divided(size)
}

var (
	// mpegRates are the frame rates by frame_rate_code (ISO/IEC 13818-2, table 6-4).
	mpegRates = [...]ratio{
		{}, {24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {50, 1}, {60000, 1001}, {60, 1},
	}
	// mpeg1Aspects are the shapes of a pixel by pel_aspect_ratio (ISO/IEC 11172-2, 2.4.3.2), which gives decimals; these
	// are the nearest fractions up to 255, as ffmpeg shows them.
	mpeg1Aspects = [16]ratio{
		1: {1, 1}, 2: {49, 33}, 3: {64, 45}, 4: {239, 182}, 5: {36, 29}, 6: {32, 27}, 7: {169, 151}, 8: {178, 163},
		9: {54, 53}, 10: {196, 201}, 11: {187, 200}, 12: {200, 219}, 13: {127, 147}, 14: {134, 161},
	}
	// mpeg2Shapes are the shapes of a picture by aspect_ratio_information (ISO/IEC 13818-2, table 6-3).
	mpeg2Shapes = [...]ratio{2: {4, 3}, 3: {16, 9}, 4: {221, 100}}

	// mpegProfiles are ffmpeg's names by number of the profile (ISO/IEC 13818-2, table 8-2); 0 is the one of the
	// escaped numbers that is in use.
	mpegProfiles = [...]string{
		"4:2:2", "High", "Spatially Scalable", "SNR Scalable", "Main", "Simple", "6", "7",
	}
)
