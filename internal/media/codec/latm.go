package codec

import "vpo/internal/library"

// LATM reads the first configuration of an AAC stream in LOAS frames with LATM (ISO/IEC 14496-3, 1.7.2 and 1.7.3), as DVB
// carries it, and sets Codec to "aac_latm". Frames that refer to a configuration before them are passed over.
func LATM(t *library.Track, stream []byte) error {
	const header = "LATM configuration"
	for at := latmStart(stream, 0); at >= 0; at = latmStart(stream, at+1) {
		b := streamBits(stream[at:])
		b.skip(24)
		if b.flag() {
			continue // the same as before
		}
		c, ok := readLATM(&b)
		if err := b.err(header); err != nil {
			return err
		}
		if !ok {
			return malformed("the %s is of an unknown version", header)
		}
		if err := c.fill(t, header); err != nil {
			return err
		}
		t.Codec = "aac_latm"
		return nil
	}
	return incomplete("no %s", header)
}

// readLATM follows StreamMuxConfig (1.7.3.1) as far as the configuration of the first layer.
func readLATM(b *bitReader) (c aacConfig, ok bool) {
	version := b.flag()
	if version && b.flag() {
		return c, false
	}
	if version {
		latmValue(b)
	}
	b.skip(1 + 6 + 4 + 3)
	if version {
		latmValue(b)
	}
	c.read(b)
	return c, true
}

// latmValue passes over a number of one to four bytes.
func latmValue(b *bitReader) { b.skip(8 * (b.number(2) + 1)) }

// latmStart finds the next frame header, behind which the next one follows where it says, or which is the last one in
// the stretch.
func latmStart(stream []byte, from int) int {
	const size = 4 // the header and what the configuration begins with
	is := func(at int) bool { return stream[at] == 0x56 && stream[at+1]&0xe0 == 0xe0 }
	for at := from; at+size <= len(stream); at++ {
		if !is(at) {
			continue
		}
		next := at + 3 + int(stream[at+1]&0x1f)<<8 + int(stream[at+2])
		if next+2 > len(stream) || is(next) {
			return at
		}
	}
	return -1
}
