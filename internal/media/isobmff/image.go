package isobmff

// jpeg reads the headers of a JPEG picture (ITU-T T.81, annex B; JFIF 1.02) up to the one that tells its size.
func (s *stream) jpeg(c cursor) {
	c.take(2) // start of image
	for {
		mark, kind := c.u8(), c.u8()
		for kind == 0xff {
			kind = c.u8() // fill bytes
		}
		body := cursor{data: c.take(c.u16() - 2)}
		switch {
		case c.short || mark != 0xff:
			return
		case kind == 0xe0 && string(body.take(5)) == "JFIF\x00":
			body.take(3) // version, units
			s.pixel(ratio(uint64(body.u16()), uint64(body.u16())))
		case kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 && kind != 0xc8 && kind != 0xcc:
			s.jpegFrame(kind, body)
			return
		}
	}
}

// pixel notes the shape of a pixel, where the container has not given one.
func (s *stream) pixel(aspect string) {
	if aspect != "" && s.SampleAspect == "" {
		s.SampleAspect = aspect
	}
}

// jpegFrame reads the header of a frame. ffmpeg's names of profile and colours are those of its decoder.
func (s *stream) jpegFrame(kind int, c cursor) {
	depth, height, width, components := c.u8(), c.u16(), c.u16(), c.u8()
	if c.short || width == 0 || height == 0 {
		return
	}
	var sampling [4]int
	for i := range min(components, len(sampling)) {
		c.u8()
		sampling[i] = c.u8()
		c.u8()
	}
	s.Width, s.Height, s.BitDepth = width, height, depth
	switch kind {
	case 0xc0:
		s.Profile = "Baseline"
	case 0xc1:
		s.Profile = "Sequential"
	case 0xc2:
		s.Profile = "Progressive"
	case 0xc3:
		s.Profile = "Lossless"
	}
	s.PixelFormat = jpegFormat(components, sampling)
	s.ColorRange = "pc"
	if s.ColorSpace == "" {
		s.ColorSpace = "bt470bg"
	}
}

// jpegFormat tells the pixel format by the sampling of the components, relative to the first one: horizontal in the upper
// four bits, vertical in the lower ones.
func jpegFormat(components int, sampling [4]int) string {
	if components == 1 {
		return "gray"
	}
	if components != 3 || sampling[1] == 0 || sampling[1]>>4 == 0 || sampling[1]&15 == 0 {
		return ""
	}
	across, down := sampling[0]>>4/(sampling[1]>>4), sampling[0]&15/(sampling[1]&15)
	switch {
	case across == 2 && down == 2:
		return "yuvj420p"
	case across == 2 && down == 1:
		return "yuvj422p"
	case across == 1 && down == 1:
		return "yuvj444p"
	case across == 1 && down == 2:
		return "yuvj440p"
	case across == 4 && down == 1:
		return "yuvj411p"
	}
	return ""
}

// png reads the headers of a PNG picture (ISO/IEC 15948, 11.2.2 and 11.3.5.3) up to its data.
func (s *stream) png(c cursor) {
	if string(c.take(8)) != pngMagic {
		return
	}
	for {
		size := c.u32()
		kind := string(c.take(4))
		if c.short || kind == "IDAT" || size > maxFrame {
			return
		}
		body := cursor{data: c.take(int(size))}
		c.u32() // check sum
		switch kind {
		case "IHDR":
			s.Width, s.Height = int(body.u32()&(1<<31-1)), int(body.u32()&(1<<31-1))
			depth := body.u8()
			s.BitDepth, s.ColorRange = depth, "pc"
			s.PixelFormat = pngFormat(depth, body.u8())
		case "pHYs":
			s.pixel(ratio(uint64(body.u32()), uint64(body.u32())))
		}
	}
}

// pngFormat tells the pixel format by depth and colour type.
func pngFormat(depth, colours int) string {
	const grey, rgb, palette, greyAlpha, rgbAlpha = 0, 2, 3, 4, 6
	deep := depth == 16
	switch colours {
	case grey:
		switch {
		case depth == 1:
			return "monob"
		case deep:
			return "gray16be"
		}
		return "gray"
	case rgb:
		if deep {
			return "rgb48be"
		}
		return "rgb24"
	case palette:
		return "pal8"
	case greyAlpha:
		if deep {
			return "ya16be"
		}
		return "ya8"
	case rgbAlpha:
		if deep {
			return "rgba64be"
		}
		return "rgba"
	}
	return ""
}
