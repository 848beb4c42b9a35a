package avi

import (
	"strconv"

	"vpo/internal/library"
)

// ffv1 reads the parameters of FFV1 (RFC 9043, 4.2), which are the extradata of its third version, and stand in front of each
// key frame of the versions before that.
func ffv1(t *library.Track, b []byte, isFrame bool) error {
	const half = 128 // the state that says nothing yet
	c := newRangeCoder(b)
	var states symbolStates
	for i := range states {
		states[i] = half
	}
	if isFrame {
		keyFrame := byte(half)
		if c.bit(&keyFrame) == 0 {
			return errNoFrame
		}
	}
	version := c.number(&states, false)
	if version > 2 {
		c.number(&states, false) // micro_version
	}
	if coder := c.number(&states, false); coder > 1 { // with transitions of its own
		for range 255 {
			c.number(&states, true)
		}
	}
	colors, depth := c.number(&states, false), 8
	if version > 0 {
		if told := c.number(&states, false); told != 0 {
			depth = told
		}
	}
	chroma := c.bit(&states[0]) == 1
	across, down := c.number(&states, false), c.number(&states, false)
	alpha := c.bit(&states[0]) == 1
	if version > 4 || depth < 8 || depth > 16 || c.at > len(b) {
		return errNoFrame
	}
	t.BitDepth = depth
	if colors == 0 {
		t.PixelFormat = planarFormat(depth, chroma, alpha, [2]int{across, down})
	} else {
		t.PixelFormat = ffv1RGB(depth, alpha)
	}
	return nil
}

// planarFormat names the pixel format of planes of luma and chroma, of which each chroma sample stands for so many binary
// orders of luma samples across and down.
func planarFormat(depth int, chroma, alpha bool, order [2]int) string {
	suffix := ""
	if depth > 8 {
		suffix = strconv.Itoa(depth) + "le"
	}
	if !chroma {
		if alpha {
			return "ya8"
		}
		return "gray" + suffix
	}
	name := map[[2]int]string{{0, 0}: "444p", {1, 0}: "422p", {1, 1}: "420p", {0, 1}: "440p", {2, 0}: "411p", {2, 2}: "410p"}[order]
	switch {
	case name == "":
		return ""
	case alpha:
		return "yuva" + name + suffix
	}
	return "yuv" + name + suffix
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

// symbolStates are the states that the bits of a number have.
type symbolStates [32]byte

// rangeCoder reads bits that were written with the probability of each (RFC 9043, 3.8.1). Behind its bytes it goes on with
// zeros.
type rangeCoder struct {
	data       []byte
	at         int
	low, width uint32
}

func newRangeCoder(data []byte) *rangeCoder {
	c := &rangeCoder{data: data, width: 0xFF00}
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
