package codec

import "vpo/internal/library"

// HEVCConfig reads the HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1): the box hvcC, Matroska's CodecPrivate,
// with the HDR10 messages that it may hold. A record without a sequence parameter set tells profile and depth; one in
// the form of Annex B is understood as well.
func HEVCConfig(t *library.Track, record []byte) error {
	const arrays = 22
	if len(record) >= 4 && record[0] == 0 && record[1] == 0 && record[2] <= 1 {
		return HEVC(t, record)
	}
	if len(record) <= arrays {
		return malformed("the H.265 configuration of %d bytes is too short", len(record))
	}
	r := hevcReader{picture: picture{colours: unspecifiedColours}, missing: library.ErrMalformed}
	rest := record[arrays+1:]
	for range record[arrays] {
		if len(rest) < 3 {
			return malformed("the H.265 configuration ends early")
		}
		count := int(rest[1])<<8 | int(rest[2])
		rest = rest[3:]
		for range count {
			var unit []byte
			if unit, rest = listed(rest); rest == nil {
				return malformed("the H.265 configuration ends early")
			}
			if err := r.unit(unit); err != nil {
				return err
			}
		}
	}
	if !r.found {
		r.picture = hevcSummary(record)
	}
	r.fill(t)
	return nil
}

// hevcSummary is what the configuration record itself tells of the stream.
func hevcSummary(record []byte) picture {
	p := picture{chroma: int(record[16] & 3), depth: 8 + int(record[17]&7), colours: unspecifiedColours}
	p.profile = hevcProfile(int(record[1] & 0x1f))
	p.format = planar(p.chroma, p.depth)
	return p
}

// HEVC reads a stretch of an H.265 stream with start codes (ITU-T H.265, annex B): the first sequence parameter set and
// the HDR10 messages before the first picture.
func HEVC(t *library.Track, stream []byte) error {
	return hevcUnits(t, nalUnits{rest: stream})
}

// HEVCSample reads a sample of MP4 or Matroska, where a length of lengthSize bytes (1 to 4, as the configuration record
// tells) precedes every NAL unit. It serves streams that keep their parameter sets or HDR10 messages in the samples
// (hev1).
func HEVCSample(t *library.Track, sample []byte, lengthSize int) error {
	return hevcUnits(t, nalUnits{rest: sample, lengthSize: min(max(lengthSize, 1), 4)})
}

func hevcUnits(t *library.Track, units nalUnits) error {
	r := hevcReader{picture: picture{colours: unspecifiedColours}, missing: library.ErrIncomplete}
	for unit := units.next(); unit != nil; unit = units.next() {
		if r.found && hevcSlice(unit) {
			break
		}
		if err := r.unit(unit); err != nil {
			return err
		}
	}
	if !r.found && r.hdr10 == (hdr10{}) {
		return incomplete("no H.265 sequence parameter set")
	}
	r.fill(t)
	return nil
}

// hevcReader gathers what the NAL units of a stream tell.
type hevcReader struct {
	picture
	hdr10
	preferred int // transfer characteristics that a message prefers; 0 where none does
	found     bool
	missing   error // what it means where a unit is too short
}

// NAL unit types of ITU-T H.265, table 7-1.
const (
	hevcFirstNonSlice = 32
	hevcSPSUnit       = 33
	hevcPrefixSEI     = 39
)

func hevcType(unit []byte) int    { return int(unit[0]) >> 1 & 0x3f }
func hevcSlice(unit []byte) bool  { return len(unit) > 0 && hevcType(unit) < hevcFirstNonSlice }
func hevcLayer0(unit []byte) bool { return unit[0]&1 == 0 && unit[1]>>3 == 0 }

// unit takes what one NAL unit tells. Units of enhancement layers are passed over; a message that makes no sense is as
// good as none.
func (r *hevcReader) unit(unit []byte) error {
	if len(unit) < 2 || !hevcLayer0(unit) {
		return nil
	}
	switch hevcType(unit) {
	case hevcSPSUnit:
		if !r.found {
			return r.sequence(unit)
		}
	case hevcPrefixSEI:
		r.messages(unit)
	}
	return nil
}

func (r *hevcReader) fill(t *library.Track) {
	if r.width == 0 {
		r.width, r.height = t.Width, t.Height
	}
	if Transfer(r.preferred) != "" {
		r.transfer = r.preferred
	}
	r.picture.fill(t)
	r.hdr10.fill(t)
}

// messages reads supplemental enhancement information (ITU-T H.265, 7.3.5 and annex D).
func (r *hevcReader) messages(unit []byte) {
	const mastering, contentLight, alternativeTransfer = 137, 144, 147
	b := unitBits(unit, 2, r.missing)
	for {
		kind, size := messageNumber(&b), messageNumber(&b)
		if !b.ok() || size > len(unit) {
			return
		}
		switch {
		case kind == mastering && size == 24:
			r.readMastering(&b)
		case kind == contentLight && size == 4:
			r.readContentLight(&b)
		case kind == alternativeTransfer && size == 1:
			r.preferred = b.number(8)
		default:
			b.skip(8 * size)
		}
	}
}

// messageNumber reads the type or the size of a message: 255 as often as it fits, and the rest.
func messageNumber(b *bitReader) int {
	sum := 0
	for b.ok() {
		part := b.number(8)
		if sum += part; part != 255 {
			break
		}
	}
	return sum
}

// hevcProfile names a general_profile_idc (ITU-T H.265, annex A).
func hevcProfile(profile int) string {
	if profile == 0 {
		return ""
	}
	return numbered(named(hevcProfiles[:], profile), profile)
}

var hevcProfiles = [...]string{1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Rext"}
