package matroska

import (
	"math"
	"strconv"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// video is the element Video of a track.
type video struct {
	width, height               int
	displayWidth, displayHeight uint64
	displayUnit                 int // -1 where there is none
	stereo                      int
	frameRate                   float64
	fourCC                      [4]byte
	colour                      colour
}

const unitUnknown = 4 // of the display: width and height do not give its shape

// read reads a Video (RFC 9559, 5.1.4.1.28). Cropping is for players: ffprobe tells the size without it.
func (v *video) read(w walker) error {
	for w.next() {
		switch w.id {
		case idPixelWidth:
			v.width = w.count()
		case idPixelHeight:
			v.height = w.count()
		case idDisplayWidth:
			v.displayWidth = w.uint()
		case idDisplayHeight:
			v.displayHeight = w.uint()
		case idDisplayUnit:
			v.displayUnit = w.count()
		case idStereoMode:
			v.stereo = w.count()
		case idFrameRate:
			v.frameRate = w.float()
		case idFourCC:
			copy(v.fourCC[:], w.data(4))
		case idColour:
			w.err = v.colour.read(w.inside())
		}
	}
	return w.err
}

// describe sets what the container tells.
func (v *video) describe(t *library.Track) {
	t.Width, t.Height = v.width, v.height
	t.SampleAspect = v.sampleAspect()
	if t.Codec == "rawvideo" {
		if t.PixelFormat = codec.RawFormat(string(v.fourCC[:])); t.PixelFormat != "" {
			t.BitDepth = 8
		}
	}
	v.describeColour(t)
}

func (v *video) describeColour(t *library.Track) {
	c := &v.colour
	t.ColorSpace = codec.Matrix(c.matrix)
	t.ColorPrimaries = codec.Primaries(c.primaries)
	t.ColorTransfer = codec.Transfer(c.transfer)
	switch c.span {
	case rangeBroadcast:
		t.ColorRange = codec.Range(false)
	case rangeFull:
		t.ColorRange = codec.Range(true)
	}
	if c.bits > 0 {
		t.BitDepth = c.bits
	}
	if c.light.Max > 0 && c.light.Average > 0 {
		light := c.light
		t.ContentLight = &light
	}
	if c.mastered() {
		mastering := c.mastering
		t.Mastering = &mastering
	}
}

// sampleAspect is the shape of a pixel: that of the display, seen through the picture.
func (v *video) sampleAspect() string {
	if v.displayUnit >= unitUnknown || v.width <= 0 || v.height <= 0 {
		return ""
	}
	displayWidth, displayHeight := v.displayWidth, v.displayHeight
	if displayWidth == 0 {
		displayWidth = uint64(v.width)
	}
	if displayHeight == 0 {
		displayHeight = uint64(v.height)
	}
	const most = 1 << 24
	if max(displayWidth, displayHeight, uint64(v.width), uint64(v.height)) > most {
		return ""
	}
	across, down := views(v.stereo)
	return aspect(int64(v.height)*int64(displayWidth)*across, int64(v.width)*int64(displayHeight)*down)
}

// aspect writes the shape of a pixel as a ratio; empty where it is none.
func aspect(wide, high int64) string {
	if wide, high = reduce(wide, high, math.MaxInt32); wide <= 0 || high <= 0 {
		return ""
	}
	return strconv.FormatInt(wide, 10) + ":" + strconv.FormatInt(high, 10)
}

// views tells how many pictures a stereo mode puts beside and above each other (RFC 9559, 5.1.4.1.28.3).
func views(stereo int) (across, down int64) {
	switch stereo {
	case 1, 8, 9, 11:
		return 2, 1
	case 2, 3, 6, 7:
		return 1, 2
	default:
		return 1, 1
	}
}

// Values of the element Range.
const (
	rangeBroadcast = 1
	rangeFull      = 2
)

// colour is the element Colour of a video track.
type colour struct {
	matrix, primaries, transfer int // ITU-T H.273
	span                        int
	bits                        int
	light                       library.ContentLight
	mastering                   library.Mastering
}

// unspecified are the colours of a track that tells none (ITU-T H.273).
var unspecified = colour{matrix: 2, primaries: 2, transfer: 2}

// read reads a Colour (RFC 9559, 5.1.4.1.28.16).
func (c *colour) read(w walker) error {
	for w.next() {
		switch w.id {
		case idMatrix:
			c.matrix = w.count()
		case idPrimaries:
			c.primaries = w.count()
		case idTransfer:
			c.transfer = w.count()
		case idRange:
			c.span = w.count()
		case idBitsPerChannel:
			c.bits = w.count()
		case idMaxCLL:
			c.light.Max = w.count()
		case idMaxFALL:
			c.light.Average = w.count()
		case idMastering:
			w.err = c.readMastering(w.inside())
		}
	}
	return w.err
}

// readMastering reads a MasteringMetadata (RFC 9559, 5.1.4.1.28.30).
func (c *colour) readMastering(w walker) error {
	m := &c.mastering
	coordinates := [...]*float64{
		&m.Red.X, &m.Red.Y, &m.Green.X, &m.Green.Y, &m.Blue.X, &m.Blue.Y, &m.White.X, &m.White.Y,
	}
	for w.next() {
		switch {
		case w.id >= idRedX && w.id <= idWhiteY:
			*coordinates[w.id-idRedX] = within(w.float(), 1, 50_000)
		case w.id == idLuminanceMax:
			m.MaxLuminance = within(w.float(), 1e6, 10_000)
		case w.id == idLuminanceMin:
			m.MinLuminance = within(w.float(), 1e6, 10_000)
		}
	}
	return w.err
}

// within gives a value between 0 and most, in the steps of SMPTE ST 2086 (a fraction with this denominator), which
// takes the noise of single precision away. What lies outside is 0.
func within(value, most, denominator float64) float64 {
	if !(value > 0 && value <= most) {
		return 0
	}
	return math.Round(value*denominator) / denominator
}

// mastered tells whether there is a mastering display: all its colours, or its brightness.
func (c *colour) mastered() bool {
	m := &c.mastering
	coloured := min(m.Red.X, m.Red.Y, m.Green.X, m.Green.Y, m.Blue.X, m.Blue.Y, m.White.X, m.White.Y) > 0
	return coloured || m.MaxLuminance > 0
}
