package isobmff

import (
	"strings"

	"vpo/internal/media/codec"
)

// configuration is a box that the codec of a track understands.
type configuration struct {
	kind [4]byte
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
		switch string(kind) {
		case "pasp":
			p := cursor{data: body}
			aspect = ratio(uint64(p.u32()), uint64(p.u32()))
		case "sinf":
			s.original(body)
		case "esds", "avcC", "hvcC", "av1C", "vpcC", "dvc1", "glbl":
			if config.body == nil {
				config = configuration{[4]byte(kind), body}
			}
		default:
			s.colourBox(string(kind), body)
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
		if string(kind) == "frma" && len(body) >= 4 {
			s.entry = [4]byte(body[:4])
			s.identify(string(body[:4]))
		}
	}
}

// configure hands the configuration of a codec to the codec. Damage in there leaves a field or two empty.
func (s *stream) configure(config configuration, depth int) {
	var err error
	t := &s.Track
	switch string(config.kind[:]) {
	case "avcC":
		err = codec.AVCConfig(t, config.body)
		s.lengths = lengthSize(config.body, 4)
	case "hvcC":
		s.Codec = "hevc" // also where the name is one of Dolby Vision's, or of DV's
		err = codec.HEVCConfig(t, config.body)
		s.lengths = lengthSize(config.body, 21)
	case "av1C":
		err = codec.AV1Config(t, config.body)
	case "glbl":
		if s.Codec == "ffv1" {
			err = codec.FFV1Config(t, config.body)
		}
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
		s.Profile = codec.ProResProfile(string(s.entry[:]))
		s.needFrame = true
	case "mpeg1video", "mpeg2video", "mpeg4", "h264", "hevc", "av1", "vp9":
		s.needFrame = s.PixelFormat == ""
	case "dvvideo", "vp8", "mjpeg", "png", "dnxhd":
		s.needFrame = true
	case "ffv1":
		s.needFrame = s.PixelFormat == ""
	default:
		if s.PixelFormat == "" {
			s.PixelFormat = rawFormat(s.Codec, string(s.entry[:]), depth)
			if strings.Contains(s.PixelFormat, "p10") {
				s.BitDepth = 10
			}
		}
	}
}

// lengthSize gives how many bytes the length of a part of a frame has, from its place in a configuration (ISO/IEC 14496-15,
// 5.3.3.1 and 8.3.3.1).
func lengthSize(config []byte, at int) int {
	if len(config) <= at {
		return 0
	}
	return int(config[at]&3) + 1
}
