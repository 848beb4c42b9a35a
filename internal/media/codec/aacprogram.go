package codec

// aacProgram counts the channels of a program config element. A negative count is of speakers that ffmpeg has no place
// for either.
type aacProgram struct{ front, side, back, low int }

// programSpeakers follows program_config_element (ISO/IEC 14496-3, 4.4.1.1) as far as its channels, and returns the set of
// speakers that they are for, or 0 where they fit none.
func programSpeakers(b *bitReader) uint64 {
	b.skip(4 + 2 + 4)
	front, side, back, low := b.number(4), b.number(4), b.number(4), b.number(2)
	data, coupled := b.number(3), b.number(4)
	for _, bits := range [...]int{4, 4, 3} { // mono, stereo and matrix mixdown
		if b.flag() {
			b.skip(bits)
		}
	}
	program := aacProgram{front: elements(b, front), side: elements(b, side), back: elements(b, back), low: low}
	b.skip(4*low + 4*data + 5*coupled)
	b.align()
	b.skip(8 * b.number(8))
	return program.speakers()
}

// elements counts the channels of so many elements, each a single one or a pair.
func elements(b *bitReader, n int) int {
	channels := n
	for range n {
		if b.flag() {
			channels++
		}
		b.skip(4)
	}
	return channels
}

// speakers places the channels as ffmpeg does: from the middle outwards in front, from the outside inwards at the back.
func (p aacProgram) speakers() uint64 {
	var mask uint64
	if p.front%2 == 1 {
		mask |= frontCenter
	}
	if p.front >= 4 {
		mask |= centerPair
	}
	if p.front >= 2 {
		mask |= stereo
	}
	if p.side >= 2 {
		mask |= sidePair
	}
	if p.back >= 2 {
		mask |= backPair
	}
	if p.back%2 == 1 {
		mask |= backCenter
	}
	if p.low > 0 {
		mask |= lowFrequency
	}
	if popcount(mask) != p.front+p.side+p.back+p.low {
		return 0
	}
	return mask
}
