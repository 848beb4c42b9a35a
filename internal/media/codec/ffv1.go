package codec

import (
	"strconv"

	"vpo/internal/library"
)

// FFV1Config reads the configuration record of FFV1 (RFC 9043, 4.3), which a container keeps of its third version and later.
func FFV1Config(t *library.Track, record []byte) error {
	c := newRangeCoder(record)
	return c.describe(t)
}

// FFV1 reads a key frame of the older versions of FFV1 (RFC 9043, 4.4), which has the parameters in front of it.
func FFV1(t *library.Track, frame []byte) error {
	c := newRangeCoder(frame)
	if keyFrame := byte(unsure); c.bit(&keyFrame) == 0 {
		return incomplete("no FFV1 key frame")
	}
	return c.describe(t)
}

// describe reads the parameters (RFC 9043, 4.2) and tells what they do.
func (c *rangeCoder) describe(t *library.Track) error {
	p := c.parameters()
	if p.version > 4 || p.depth < 8 || p.depth > 16 || c.at > len(c.data) {
		return malformed("the FFV1 parameters make no sense")
	}
	t.BitDepth = p.depth
	if p.rgb {
		t.PixelFormat = ffv1RGB(p.depth, p.alpha)
	} else {
		t.PixelFormat = ffv1Planes(p)
	}
	return nil
}

// ffv1Parameters are the first of the parameters, which tell of the pixel format.
type ffv1Parameters struct {
	version, depth     int
	rgb, chroma, alpha bool
	across, down       int // binary orders of luma samples that a chroma sample stands for
}

// parameters reads the first parameters.
func (c *rangeCoder) parameters() (p ffv1Parameters) {
	var states symbolStates
	for i := range states {
		states[i] = unsure
	}
	if p.version = c.number(&states, false); p.version > 2 {
		c.number(&states, false) // micro_version
	}
	if coder := c.number(&states, false); coder > 1 { // with transitions of its own
		for range 255 {
			c.number(&states, true)
		}
	}
	p.rgb = c.number(&states, false) != 0
	if p.version > 0 {
		p.depth = c.number(&states, false)
	}
	if p.depth == 0 {
		p.depth = 8
	}
	p.chroma = c.bit(&states[0]) == 1
	p.across, p.down = c.number(&states, false), c.number(&states, false)
	p.alpha = c.bit(&states[0]) == 1
	return p
}

// ffv1Planes names the pixel format of planes of luma, chroma and alpha.
func ffv1Planes(p ffv1Parameters) string {
	suffix := ""
	if p.depth > 8 {
		suffix = strconv.Itoa(p.depth) + "le"
	}
	switch {
	case !p.chroma && p.alpha:
		return "ya8"
	case !p.chroma:
		return "gray" + suffix
	}
	if p.across > 2 || p.down > 2 {
		return ""
	}
	name := subsampled(1<<p.across, 1<<p.down)
	switch {
	case name == "":
		return ""
	case p.alpha:
		return "yuva" + name[len("yuv"):] + suffix
	}
	return name + suffix
}

// ffv1RGB names the pixel format of red, green and blue.
func ffv1RGB(depth int, alpha bool) string {
	switch {
	case depth == 8 && alpha:
		return "bgra"
	case depth == 8:
		return "bgr0"
	case depth == 16 && !alpha:
		return "rgb48le"
	case depth == 16:
		return "rgba64le"
	case alpha:
		return "gbrap" + strconv.Itoa(depth) + "le"
	}
	return "gbrp" + strconv.Itoa(depth) + "le"
}

// unsure is the state of a bit of which nothing is known yet.
const unsure = 128

// symbolStates are the states that the bits of a number have.
type symbolStates [32]byte

// rangeCoder reads bits that were written with the probability of each (RFC 9043, 3.8.1). Behind its bytes it goes on with
// zeros.
type rangeCoder struct {
	data       []byte
	at         int
	low, width uint32
}

func newRangeCoder(data []byte) rangeCoder {
	c := rangeCoder{data: data, width: 0xFF00}
	c.low = c.next()<<8 | c.next()
	return c
}

func (c *rangeCoder) next() uint32 {
	c.at++
	if c.at > len(c.data) {
		return 0
	}
	return uint32(c.data[c.at-1])
}

// bit reads a bit, and notes in its state which it was.
func (c *rangeCoder) bit(state *byte) int {
	one := c.width * uint32(*state) >> 8
	bit := 0
	if c.width -= one; c.low >= c.width {
		c.low -= c.width
		c.width, bit = one, 1
		*state = stateTransition[*state]
	} else {
		*state = byte(-int(stateTransition[byte(-int(*state))]))
	}
	if c.width < 0x100 {
		c.width <<= 8
		c.low = c.low<<8 | c.next()
	}
	return bit
}

// number reads a number: whether it is 0, how many bits it has, then those bits, and its sign where it has one.
func (c *rangeCoder) number(states *symbolStates, signed bool) int {
	if c.bit(&states[0]) == 1 {
		return 0
	}
	const mostBits = 31
	bits := 0
	for bits < mostBits && c.bit(&states[1+min(bits, 9)]) == 1 {
		bits++
	}
	value := 1
	for i := bits - 1; i >= 0; i-- {
		value = value<<1 | c.bit(&states[22+min(i, 9)])
	}
	if signed && c.bit(&states[11+min(bits, 10)]) == 1 {
		return -value
	}
	return value
}

// stateTransition is the state that follows each where the bit was 1: each time, what is missing to certainty gets a
// twentieth smaller (RFC 9043, 3.8.1.3, figure 5).
var stateTransition = func() (next [256]byte) {
	const (
		certain = 1 << 32
		factor  = certain / 20
		highest = 248
	)
	approach := func(p uint64) uint64 { return p + ((certain-p)*factor+certain/2)>>32 }
	round := func(p uint64) int { return int((256*p + certain/2) >> 32) }
	last, p := 0, uint64(certain/2)
	for range 128 {
		state := max(round(p), last+1)
		if last > 0 && state <= highest {
			next[last] = byte(state)
		}
		p, last = approach(p), state
	}
	for state := 256 - highest; state <= highest; state++ {
		if next[state] == 0 {
			next[state] = byte(min(max(round(approach((uint64(state)*certain+128)>>8)), state+1), highest))
		}
	}
	return next
}()
