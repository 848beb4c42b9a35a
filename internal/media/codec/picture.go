package codec

import (
	"strconv"

	"vpo/internal/library"
)

// picture is what the sequence headers of most video codecs tell, whatever their form.
type picture struct {
	width, height int // pixels, after cropping
	chroma, depth int
	aspect        ratio // of a pixel; 0 where it is not told
	frames        ratio // a second; 0 where it is not told
	profile       string
	format        string // ffmpeg's pixel format
	colours
}

// maxSide is more than any codec allows for the side of a picture, in pixels.
const maxSide = 1 << 16

// check says what keeps a picture from being one.
func (p *picture) check(header string) error {
	if p.width <= 0 || p.height <= 0 || p.width > maxSide || p.height > maxSide {
		return malformed("the %s tells a picture of %d by %d pixels", header, p.width, p.height)
	}
	return nil
}

// fill sets all that the picture tells.
func (p *picture) fill(t *library.Track) {
	t.Width, t.Height = p.width, p.height
	if p.depth != 0 {
		t.BitDepth = p.depth
	}
	setText(&t.Profile, p.profile)
	setText(&t.PixelFormat, p.format)
	if t.SampleAspect == "" {
		t.SampleAspect = p.aspect.text(':')
	}
	if t.FrameRate == "" {
		t.FrameRate = p.frames.text('/')
	}
	p.colours.fill(t)
}

// pixelAspects are the shapes of a pixel by aspect_ratio_idc (ITU-T H.264, table E-1; H.265 has the same).
var pixelAspects = [...]ratio{
	{}, {1, 1}, {12, 11}, {10, 11}, {16, 11}, {40, 33}, {24, 11}, {20, 11}, {32, 11},
	{80, 33}, {18, 11}, {15, 11}, {64, 33}, {160, 99}, {4, 3}, {3, 2}, {2, 1},
}

// extendedAspect is the aspect_ratio_idc that two numbers follow.
const extendedAspect = 255

// readAspect reads aspect_ratio_info of a VUI, flag included.
func (p *picture) readAspect(b *bitReader) {
	if !b.flag() {
		return
	}
	switch id := b.number(8); {
	case id == extendedAspect:
		p.aspect = ratio{uint64(b.read(16)), uint64(b.read(16))}
	case id < len(pixelAspects):
		p.aspect = pixelAspects[id]
	}
}

// readSignal reads video_signal_type of a VUI, flag included.
func (p *picture) readSignal(b *bitReader) {
	if !b.flag() {
		return
	}
	b.skip(3)
	p.ranged, p.full = true, b.flag()
	if b.flag() {
		p.describe(b)
	}
}

// numbered names a profile by its number where it has no name, as ffprobe does.
func numbered(name string, number int) string {
	if name == "" {
		return strconv.Itoa(number)
	}
	return name
}
