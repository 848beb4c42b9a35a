package codec

import "vpo/internal/library"

// AVCConfig reads the AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1): the box avcC, Matroska's CodecPrivate. A
// record without a sequence parameter set tells the profile alone; one in the form of Annex B, which a few muxers
// write, is understood as well.
func AVCConfig(t *library.Track, record []byte) error {
	if len(record) >= 4 && record[0] == 0 {
		return AVC(t, record)
	}
	if len(record) < 6 || record[0] != 1 {
		return malformed("the H.264 configuration of %d bytes is none", len(record))
	}
	if record[5]&0x1f == 0 {
		t.Profile = avcProfile(int(record[1]), int(record[2]))
		return nil
	}
	unit, _ := listed(record[6:])
	return avcSequence(t, unit, library.ErrMalformed)
}

// AVC reads a stretch of an H.264 stream with start codes (ITU-T H.264, annex B) up to its first sequence parameter set.
func AVC(t *library.Track, stream []byte) error {
	return avcUnits(t, nalUnits{rest: stream})
}

// AVCSample reads a sample of MP4 or Matroska, where a length of lengthSize bytes (1 to 4, as the configuration record
// tells) precedes every NAL unit. It serves streams that repeat their parameter sets in the samples (avc3).
func AVCSample(t *library.Track, sample []byte, lengthSize int) error {
	return avcUnits(t, nalUnits{rest: sample, lengthSize: min(max(lengthSize, 1), 4)})
}

func avcUnits(t *library.Track, units nalUnits) error {
	const sequenceParameterSet = 7
	for unit := units.next(); unit != nil; unit = units.next() {
		if len(unit) > 0 && unit[0]&0x9f == sequenceParameterSet {
			return avcSequence(t, unit, library.ErrIncomplete)
		}
	}
	return incomplete("no H.264 sequence parameter set")
}

// avcSPS is a sequence parameter set of H.264 as it is read.
type avcSPS struct {
	picture
	cropped bool // at the left or at the top
}

func avcSequence(t *library.Track, unit []byte, missing error) error {
	const header = "H.264 sequence parameter set"
	b := unitBits(unit, 1, missing)
	var s avcSPS
	s.read(&b)
	if err := b.err(header); err != nil {
		return err
	}
	if err := s.check(header); err != nil {
		return err
	}
	s.keepContainerSize(t)
	s.fill(t)
	return nil
}

// read follows seq_parameter_set_data (ITU-T H.264, 7.3.2.1.1).
func (s *avcSPS) read(b *bitReader) {
	s.colours = unspecifiedColours
	profile, constraints := b.number(8), b.number(8)
	s.profile = avcProfile(profile, constraints)
	b.skip(8)
	b.golombUpTo(31)
	s.chroma, s.depth = chroma420, 8
	separate := false
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135, 144:
		separate = s.readFormat(b)
	}
	b.golombUpTo(12)
	skipPictureOrder(b)
	b.golomb()
	b.skip(1)
	s.readSize(b, separate)
	if b.flag() && b.ok() {
		s.readUsability(b)
	}
	s.format = s.pixelFormat()
}

// readFormat reads what only the High profiles tell. It reports whether the planes are coded one by one.
func (s *avcSPS) readFormat(b *bitReader) (separate bool) {
	s.chroma = b.golombUpTo(3)
	if s.chroma == chroma444 {
		separate = b.flag()
	}
	s.depth = 8 + b.golombUpTo(6)
	b.golombUpTo(6)
	b.skip(1)
	if !b.flag() {
		return separate
	}
	lists := 8
	if s.chroma == chroma444 {
		lists = 12
	}
	for i := range lists {
		if b.flag() {
			skipScalingList(b, i)
		}
	}
	return separate
}

// skipScalingList follows scaling_list (ITU-T H.264, 7.3.2.1.1.1): the list ends where the next scale becomes 0.
func skipScalingList(b *bitReader, list int) {
	size := 16
	if list >= 6 {
		size = 64
	}
	scale := 8
	for range size {
		if scale = (scale + signed(b.golomb()) + 256) % 256; scale == 0 || !b.ok() {
			return
		}
	}
}

// signed turns an unsigned Exp-Golomb code into a signed one (ITU-T H.264, 9.1.1).
func signed(code int) int {
	if code%2 == 1 {
		return (code + 1) / 2
	}
	return -code / 2
}

func skipPictureOrder(b *bitReader) {
	switch b.golombUpTo(2) {
	case 0:
		b.golombUpTo(12)
	case 1:
		b.skip(1)
		b.skipGolombs(2)
		b.skipGolombs(b.golombUpTo(255))
	}
}

// readSize reads the size of the picture and its cropping (ITU-T H.264, 7.4.2.1.1, equations 7-13 to 7-22).
func (s *avcSPS) readSize(b *bitReader, separate bool) {
	width := 16 * (b.golombUpTo(maxSide/16) + 1)
	height := 16 * (b.golombUpTo(maxSide/16) + 1)
	fields := 1
	if !b.flag() {
		fields = 2
		b.skip(1)
	}
	b.skip(1)
	s.width, s.height = width, height*fields
	if !b.flag() {
		return
	}
	unitX, unitY := 1, fields
	if !separate && (s.chroma == chroma420 || s.chroma == chroma422) {
		unitX = 2
	}
	if !separate && s.chroma == chroma420 {
		unitY *= 2
	}
	left, right, top, bottom := b.golomb(), b.golomb(), b.golomb(), b.golomb()
	s.cropped = left > 0 || top > 0
	// ffmpeg leaves a picture whole where nothing would be left of it.
	if (left+right)*unitX < s.width && (top+bottom)*unitY < s.height {
		s.width -= (left + right) * unitX
		s.height -= (top + bottom) * unitY
	}
}

// readUsability follows vui_parameters (ITU-T H.264, E.1.1) as far as the frame rate.
func (s *avcSPS) readUsability(b *bitReader) {
	s.readAspect(b)
	if b.flag() {
		b.skip(1)
	}
	s.readSignal(b)
	if b.flag() {
		b.skipGolombs(2)
	}
	if b.flag() {
		ticks, scale := uint64(b.read(32)), uint64(b.read(32))
		s.frames = ratio{scale, 2 * ticks} // a tick is a field
	}
}

func (s *avcSPS) pixelFormat() string {
	chroma := max(s.chroma, chroma420) // ffmpeg decodes grey pictures as 4:2:0
	if chroma == chroma444 && s.matrix == 0 {
		return planarRGB(s.depth)
	}
	if s.depth == 8 && s.full {
		return fullRangeFormats[chroma]
	}
	return planar(chroma, s.depth)
}

// keepContainerSize lets a smaller picture of the container stand where it only cuts into the last macroblocks, as ffmpeg
// does: H.264 before 2005 could not crop, and many a 1080 line film is coded as 1088 lines.
func (s *avcSPS) keepContainerSize(t *library.Track) {
	sameBlocks := func(smaller, size int) bool { return smaller > 0 && smaller <= size && (smaller+15)/16 == (size+15)/16 }
	if !s.cropped && sameBlocks(t.Width, s.width) && sameBlocks(t.Height, s.height) {
		s.width, s.height = t.Width, t.Height
	}
}

// avcProfile names a profile_idc with its constraint flags, set0 in the highest bit (ITU-T H.264, annex A).
func avcProfile(profile, constraints int) string {
	const set1, set3 = 0x40, 0x10
	switch {
	case profile == 66 && constraints&set1 != 0:
		return "Constrained Baseline"
	case profile == 110 && constraints&set3 != 0:
		return "High 10 Intra"
	case profile == 122 && constraints&set3 != 0:
		return "High 4:2:2 Intra"
	case profile == 244 && constraints&set3 != 0:
		return "High 4:4:4 Intra"
	}
	return numbered(named(avcProfiles[:], profile), profile)
}

var avcProfiles = [...]string{
	44: "CAVLC 4:4:4", 66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 118: "Multiview High",
	122: "High 4:2:2", 128: "Stereo High", 144: "High 4:4:4", 244: "High 4:4:4 Predictive",
}
