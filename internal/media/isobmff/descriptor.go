package isobmff

import "vpo/internal/media/codec"

// Tags of descriptors (ISO/IEC 14496-1, 7.2.2.1).
const (
	elementaryTag = 3
	decoderTag    = 4
	specificTag   = 5
)

// elementary reads esds (ISO/IEC 14496-14, 6.7.2): which codec it is, and the codec's configuration.
func (s *stream) elementary(esds []byte) {
	c := cursor{data: esds}
	c.take(4) // version, flags
	tag, body := c.descriptor()
	if tag == elementaryTag {
		e := cursor{data: body}
		e.u16() // number of the stream
		e.optional(e.u8())
		tag, body = e.descriptor()
	}
	if tag != decoderTag {
		s.needFrame = true
		return
	}
	d := cursor{data: body}
	object := d.u8()
	d.take(12) // kind of the stream, buffer size, bit rates
	if d.short {
		s.needFrame = true
		return
	}
	if name := objectCodec(object); name != "" {
		s.Codec = name
	}
	tag, specific := d.descriptor()
	if tag != specificTag {
		specific = nil
	}
	s.specific(specific)
}

// optional skips the fields of an elementary stream descriptor that its flags announce.
func (c *cursor) optional(flags int) {
	if flags&0x80 != 0 {
		c.u16() // the stream it depends on
	}
	if flags&0x40 != 0 {
		c.take(c.u8()) // an address
	}
	if flags&0x20 != 0 {
		c.u16() // the clock
	}
}

// descriptor takes a descriptor: a tag, a size of up to four bytes with seven bits each, and its body. A body that would
// be too long is cut.
func (c *cursor) descriptor() (tag int, body []byte) {
	tag = c.u8()
	size := 0
	for range 4 {
		b := c.u8()
		size = size<<7 | b&0x7f
		if b&0x80 == 0 {
			break
		}
	}
	if c.short {
		return 0, nil
	}
	return tag, c.take(min(size, len(c.data)))
}

// specific hands the configuration of a codec in an esds box to the codec.
func (s *stream) specific(config []byte) {
	var err error
	t := &s.Track
	switch s.Codec {
	case "aac":
		err = codec.AACConfig(t, config)
	case "mpeg4":
		err = codec.MPEG4Video(t, config)
	case "mpeg1video", "mpeg2video":
		if len(config) > 0 {
			err = codec.MPEGVideo(t, config)
		}
	case "vorbis":
		err = codec.Vorbis(t, xiph(config))
	case "vc1":
		err = codec.VC1(t, config)
	}
	if err != nil {
		s.needFrame = true
	}
}

// xiph gives the first packet of a configuration that holds three, each behind its length in two bytes.
func xiph(config []byte) []byte {
	c := cursor{data: config}
	if first := c.take(c.u16()); first != nil {
		return first
	}
	return config
}
