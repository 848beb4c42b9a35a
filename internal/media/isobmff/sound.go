package isobmff

import (
	"math"
	"strings"

	"vpo/internal/media/codec"
)

// sound reads an audio sample entry behind its first eight bytes: AudioSampleEntry (ISO/IEC 14496-12, 12.2.3), or the
// sound descriptions of QuickTime, whose versions 1 and 2 have more fields before the boxes (QuickTime File Format, "Sound
// Sample Descriptions"). tableVersion is that of stsd: in version 1 the standard's own version 1 is meant.
func (s *stream) sound(c cursor, tableVersion int, quickTime bool) {
	version := c.u16()
	c.take(6) // revision, vendor
	s.Channels = c.u16()
	bits := c.u16()
	c.take(4) // compression, packet size
	s.SampleRate = int(c.u32() >> 16)
	if c.short {
		return
	}
	if quickTime || (tableVersion == 0 && version > 0) {
		switch version {
		case 1:
			c.take(16)
		case 2:
			bits = s.secondVersion(&c)
		}
	}
	s.plain(bits)
	s.soundBoxes(c, 0)
	s.finishSound()
}

// secondVersion reads what version 2 of a sound description adds, and gives the bits of a sample.
func (s *stream) secondVersion(c *cursor) (bits int) {
	c.u32() // size of the description
	rate := math.Float64frombits(c.u64())
	channels := c.u32()
	c.u32() // always 0x7F000000
	bits = int(c.u32())
	flags := c.u32()
	c.take(8) // bytes and frames in a packet
	if c.short || !(rate >= 0 && rate <= math.MaxInt32) || channels > math.MaxUint16 {
		s.SampleRate, s.Channels = 0, 0
		return 0
	}
	s.SampleRate, s.Channels = int(rate), int(channels)
	if string(s.entry[:]) == "lpcm" {
		s.Codec = linear(bits, flags)
	}
	return bits
}

// linear names uncompressed sound by its bits and the flags of Core Audio (CoreAudioBaseTypes.h, kAudioFormatFlag...).
func linear(bits int, flags uint32) string {
	const float, bigEndian, signed = 1, 2, 4
	order := "le"
	if flags&bigEndian != 0 {
		order = "be"
	}
	switch {
	case flags&float != 0 && bits == 32:
		return "pcm_f32" + order
	case flags&float != 0 && bits == 64:
		return "pcm_f64" + order
	case flags&float != 0 || bits < 1 || bits > 64:
		return ""
	}
	sign := "u"
	if flags&signed != 0 {
		sign = "s"
	}
	switch whole := (bits + 7) / 8; whole {
	case 1:
		return "pcm_" + sign + "8"
	case 2:
		return "pcm_" + sign + "16" + order
	case 3:
		return "pcm_" + sign + "24" + order
	case 4:
		return "pcm_" + sign + "32" + order
	case 8:
		if flags&signed != 0 {
			return "pcm_s64" + order
		}
	}
	return ""
}

// plain corrects the name of uncompressed sound by the bits of a sample, which the name of the entry leaves open.
func (s *stream) plain(bits int) {
	if s.entry == [4]byte{} { // so were the first QuickTime files
		switch bits {
		case 8:
			s.Codec = "pcm_u8"
		case 16:
			s.Codec = "pcm_s16be"
		}
	}
	switch s.Codec {
	case "pcm_u8", "pcm_s8":
		if bits == 16 {
			s.Codec = "pcm_s16be"
		}
	case "pcm_s16be", "pcm_s16le":
		order := s.Codec[len(s.Codec)-2:]
		switch bits {
		case 8:
			s.Codec = "pcm_s8"
		case 24:
			s.Codec = "pcm_s24" + order
		case 32:
			s.Codec = "pcm_s32" + order
		}
	case "pcm_f32be":
		if bits == 64 && string(s.entry[:]) == "fpcm" {
			s.Codec = "pcm_f64be"
		}
	}
}

// maxNesting is how deep the boxes of a sample entry may lie in each other: "wave" holds boxes once more.
const maxNesting = 3

// soundBoxes reads the boxes of an audio sample entry.
func (s *stream) soundBoxes(c cursor, depth int) {
	for kind, body, ok := c.box(); ok; kind, body, ok = c.box() {
		switch string(kind) {
		case "wave":
			if depth < maxNesting {
				s.soundBoxes(cursor{data: body}, depth+1)
			}
		case "sinf":
			s.original(body)
		default:
			if s.soundBox(string(kind), body) != nil {
				s.needFrame = true
			}
		}
	}
}

// soundBox reads what a codec has to say. Errors are the codec's.
func (s *stream) soundBox(kind string, body []byte) error {
	t := &s.Track
	switch {
	case kind == "esds":
		s.elementary(body)
	case kind == "dac3":
		return codec.AC3Config(t, body)
	case kind == "dec3":
		return codec.EAC3Config(t, body)
	case kind == "dOps":
		return codec.Opus(t, body)
	case kind == "dfLa" && len(body) > 4:
		return codec.FLAC(t, body[4:])
	case kind == "alac" && s.Codec == "alac" && len(body) > 4:
		return codec.ALAC(t, body[4:])
	case kind == "ddts":
		s.dts(cursor{data: body})
	case kind == "chan" && len(body) >= 16:
		s.speakers = s.layout(cursor{data: body[4:]})
	case kind == "chnl" && len(body) >= 5:
		s.speakers = standardLayout(cursor{data: body})
	case kind == "srat" && len(body) >= 8:
		c := cursor{data: body[4:]}
		s.SampleRate = int(c.u32() & math.MaxInt32)
	case kind == "enda" && len(body) >= 2 && body[1] == 1, kind == "pcmC" && len(body) >= 6 && body[4]&1 == 1:
		s.littleEndian()
	}
	return nil
}

// littleEndian turns the order of the bytes around.
func (s *stream) littleEndian() {
	if base, ok := strings.CutSuffix(s.Codec, "be"); ok && strings.HasPrefix(base, "pcm_") {
		s.Codec = base + "le"
	}
}

// dts reads ddts (ETSI TS 102 114, E.2.2.3.1): rate, bits and speakers.
func (s *stream) dts(c cursor) {
	if rate := c.u32(); rate > 0 && rate <= math.MaxInt32 {
		s.SampleRate = int(rate)
	}
	c.take(8) // bit rates
	depth := c.u8()
	c.take(4) // of the core and the stream
	speakers := c.u16()
	if c.short {
		return
	}
	s.BitDepth = depth
	// Speaker groups of DTS against the bits of WAVE: centre, front, side, low frequency.
	var mask uint32
	for bit, wave := range [4]uint32{1 << 2, 1<<0 | 1<<1, 1<<9 | 1<<10, 1 << 3} {
		if speakers>>bit&1 != 0 {
			mask |= wave
		}
	}
	if speakers <= 0xff {
		s.speakers = s.maskLayout(mask)
	}
}

// finishSound fills what is the same for all files with a codec, and notes where a frame has to tell the rest.
func (s *stream) finishSound() {
	switch s.Codec {
	case "amr_nb":
		s.SampleRate, s.Channels, s.ChannelLayout = 8000, 1, "mono"
	case "amr_wb":
		s.SampleRate, s.Channels, s.ChannelLayout = 16000, 1, "mono"
	case "qcelp":
		s.Channels, s.ChannelLayout = 1, "mono"
	case "mp1", "mp2", "mp3", "dts", "truehd", "mlp":
		s.needFrame = true
	case "ac3", "eac3":
		s.needFrame = s.needFrame || s.ChannelLayout == ""
	default:
		if strings.HasPrefix(s.Codec, "pcm_") {
			codec.PCM(&s.Track)
		}
	}
	if s.SampleRate == 0 && s.timescale > 1 {
		s.SampleRate = int(s.timescale)
	}
}
