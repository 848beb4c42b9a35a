package isobmff

import (
	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// colourBox reads a box that tells of colours.
func (s *stream) colourBox(kind string, body []byte) {
	switch kind {
	case "colr":
		s.colours(cursor{data: body})
	case "mdcv":
		s.mastering(cursor{data: body})
	case "SmDm":
		s.oldMastering(cursor{data: body})
	case "clli":
		s.light(cursor{data: body})
	case "CoLL":
		if len(body) > 4 {
			s.light(cursor{data: body[4:]})
		}
	case "ACLR": // Avid's: its name and version, and then the range in four bytes
		if len(body) >= 12 && (body[11] == 1 || body[11] == 2) {
			s.ColorRange = codec.Range(body[11] == 2)
		}
	case "dvcC", "dvvC", "dvwC":
		if s.Codec == "dvvideo" {
			s.Codec = "hevc" // "dvh1" is a name of DV too
		}
		if codec.DolbyVision(&s.Track, body) != nil {
			s.DolbyVision = nil
		}
	}
}

// colours reads colr (ISO/IEC 14496-12, 12.1.5): numbers of ITU-T H.273, or a colour profile, which is not asked for.
func (s *stream) colours(c cursor) {
	kind := string(c.take(4))
	if kind != "nclx" && kind != "nclc" {
		return
	}
	primaries, transfer, matrix := c.u16(), c.u16(), c.u16()
	if c.short {
		return
	}
	s.ColorPrimaries, s.ColorTransfer = codec.Primaries(primaries), codec.Transfer(transfer)
	s.ColorSpace = codec.Matrix(matrix)
	if kind == "nclx" && len(c.data) > 0 {
		s.ColorRange = codec.Range(c.u8()&0x80 != 0)
	}
}

// mastering reads mdcv (ISO/IEC 14496-12, 12.1.7), whose units are 1/50000 and 1/10000 cd/m², in the order green, blue,
// red.
func (s *stream) mastering(c cursor) {
	point := func() library.Chromaticity {
		return library.Chromaticity{X: float64(c.u16()) / 50000, Y: float64(c.u16()) / 50000}
	}
	var m library.Mastering
	m.Green, m.Blue, m.Red, m.White = point(), point(), point(), point()
	m.MaxLuminance, m.MinLuminance = float64(c.u32())/10000, float64(c.u32())/10000
	if !c.short {
		s.Mastering = &m
	}
}

// oldMastering reads SmDm, which came before mdcv (VP Codec ISO Media File Format Binding, "SMPTE-2086 Mastering Display
// Metadata Box"): fixed point numbers, in the order red, green, blue.
func (s *stream) oldMastering(c cursor) {
	c.take(4)
	point := func() library.Chromaticity {
		return library.Chromaticity{X: float64(c.u16()) / (1 << 16), Y: float64(c.u16()) / (1 << 16)}
	}
	var m library.Mastering
	m.Red, m.Green, m.Blue, m.White = point(), point(), point(), point()
	m.MaxLuminance, m.MinLuminance = float64(c.u32())/(1<<8), float64(c.u32())/(1<<14)
	if !c.short && s.Mastering == nil {
		s.Mastering = &m
	}
}

// light reads clli, or CoLL behind version and flags (ISO/IEC 14496-12, 12.1.6).
func (s *stream) light(c cursor) {
	l := library.ContentLight{Max: c.u16(), Average: c.u16()}
	if !c.short {
		s.ContentLight = &l
	}
}
