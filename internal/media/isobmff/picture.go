package isobmff

import (
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// configuration is a box that the codec of a track understands.
type configuration struct {
	kind string
	body []byte
}

// picture reads a visual sample entry behind its first eight bytes (ISO/IEC 14496-12, 12.1.3; QuickTime File Format,
// "Video Sample Description"). What the boxes of the container say of colours comes first: where the stream itself says
// something else, that is what a decoder goes by.
func (s *stream) picture(c cursor) {
	c.take(16) // version, revision, vendor, qualities
	s.Width, s.Height = c.u16(), c.u16()
	s.codedWidth, s.codedHeight = s.Width, s.Height
	c.take(14) // resolutions, data size, frames in a sample
	name := c.take(32)
	depth := c.u16()
	c.u16() // colour table
	if c.short {
		return
	}
	var config configuration
	aspect := ""
	for kind, body, ok := c.box(); ok; kind, body, ok = c.box() {
		switch kind {
		case "pasp":
			p := cursor{data: body}
			aspect = ratio(uint64(p.u32()), uint64(p.u32()))
		case "sinf":
			s.original(body)
		case "esds", "avcC", "hvcC", "av1C", "vpcC", "dvc1", "glbl":
			if config.kind == "" {
				config = configuration{kind, body}
			}
		default:
			s.colourBox(kind, body)
		}
	}
	if len(name) > 13 && strings.HasPrefix(string(name[1:]), "Sorenson H263") && s.entry == [4]byte{'H', '2', '6', '3'} {
		s.Codec = "flv1"
	}
	s.configure(config, depth)
	if aspect != "" {
		s.SampleAspect, s.hasShape = aspect, true
	}
}

// original takes the name that an encrypted entry had before (ISO/IEC 14496-12, 8.12.2).
func (s *stream) original(sinf []byte) {
	c := cursor{data: sinf}
	for kind, body, ok := c.box(); ok; kind, body, ok = c.box() {
		if kind == "frma" && len(body) >= 4 {
			s.entry = [4]byte(body[:4])
			s.identify(string(body[:4]))
		}
	}
}

// configure hands the configuration of a codec to the codec. Damage in there leaves a field or two empty.
func (s *stream) configure(config configuration, depth int) {
	var err error
	t := &s.Track
	switch config.kind {
	case "avcC":
		err = codec.AVCConfig(t, config.body)
	case "hvcC":
		s.Codec = "hevc" // also where the name is one of Dolby Vision's, or of DV's
		err = codec.HEVCConfig(t, config.body)
	case "av1C":
		err = codec.AV1Config(t, config.body)
	case "vpcC":
		if len(config.body) > 4 {
			err = codec.VP9Config(t, config.body[4:])
		}
	case "esds":
		s.elementary(config.body)
	case "dvc1":
		if len(config.body) > 7 {
			err = codec.VC1(t, config.body[7:])
		}
	}
	if err != nil {
		s.needFrame = true
	}
	switch s.Codec {
	case "prores":
		s.Profile = proresProfile(string(s.entry[:]))
		s.needFrame = true
	case "mpeg1video", "mpeg2video", "mpeg4":
		s.needFrame = s.PixelFormat == ""
	case "vp8", "mjpeg", "png":
		s.needFrame = true
	default:
		if s.PixelFormat == "" {
			s.PixelFormat = rawFormat(s.Codec, string(s.entry[:]), depth)
		}
	}
}

// proresProfile gives ffmpeg's name of a ProRes profile. It stands in the name of the entry alone.
func proresProfile(entry string) string {
	switch entry {
	case "apco":
		return "Proxy"
	case "apcs":
		return "LT"
	case "apcn":
		return "Standard"
	case "apch":
		return "HQ"
	case "ap4h":
		return "4444"
	case "ap4x":
		return "XQ"
	}
	return ""
}

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

// rawFormat gives the pixel format of codecs that have one only, or one for each depth.
func rawFormat(codec, entry string, depth int) string {
	switch codec {
	case "h263", "flv1", "dvvideo":
		if codec == "dvvideo" && entry != "dvc " && entry != "dvcp" {
			return ""
		}
		return "yuv420p"
	case "v210":
		return "yuv422p10le"
	case "v410":
		return "yuv444p10le"
	case "svq1":
		return "yuv410p"
	case "svq3":
		return "yuvj420p"
	case "rpza":
		return "rgb555le"
	case "qtrle":
		return map[int]string{16: "rgb555be", 24: "rgb24", 32: "argb"}[depth]
	case "rawvideo":
		return map[string]string{
			"2vuy": "uyvy422", "yuvs": "yuyv422", "yuv2": "yuyv422", "BGRA": "bgra", "RGBA": "rgba", "ABGR": "abgr",
			"b48r": "rgb48be", "b64a": "rgba64be", "b16g": "gray16be", "24BG": "bgr24",
		}[entry]
	}
	return ""
}
