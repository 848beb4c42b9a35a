package codec

import (
	"bytes"
	"fmt"
	"math/bits"

	"vpo/internal/library"
)

// bitReader reads a header bit by bit, the most significant bit first. Beyond the end it reads zeros and remembers that
// it did: callers read a whole header and ask for the error once.
type bitReader struct {
	data    []byte
	next    int    // the byte of data that is loaded next
	cache   uint64 // what is loaded; the unread bits are the lowest
	unread  int    // bits of cache
	zeros   int    // zero bytes in a row before next
	escaped bool   // the data hold emulation prevention bytes, which are left out
	bad     bool   // a number made no sense
	short   bool   // bits were asked for that are not there
	missing error  // what it means that they are not there
}

// recordBits reads a record that is there as a whole.
func recordBits(data []byte) bitReader {
	return bitReader{data: data, missing: library.ErrMalformed}
}

// streamBits reads a stretch of a stream that may have been cut anywhere.
func streamBits(data []byte) bitReader {
	return bitReader{data: data, missing: library.ErrIncomplete}
}

// read returns the next n bits, 32 at most.
func (b *bitReader) read(n int) uint32 {
	for b.unread < n {
		b.load()
	}
	b.unread -= n
	return uint32(b.cache >> b.unread & (1<<n - 1))
}

// load adds one byte to the cache. A byte 3 behind two zero bytes is there only to keep a start code from appearing
// within a NAL unit (ITU-T H.264, 7.4.1).
func (b *bitReader) load() {
	if b.escaped && b.zeros >= 2 && b.next < len(b.data) && b.data[b.next] == 3 {
		b.next, b.zeros = b.next+1, 0
	}
	b.cache, b.unread = b.cache<<8, b.unread+8
	if b.next >= len(b.data) {
		b.short = true
		return
	}
	value := b.data[b.next]
	b.next++
	b.cache |= uint64(value)
	if value == 0 {
		b.zeros++
	} else {
		b.zeros = 0
	}
}

// number returns the next n bits, 32 at most, as an int.
func (b *bitReader) number(n int) int { return int(b.read(n)) }

// flag returns the next bit.
func (b *bitReader) flag() bool { return b.read(1) == 1 }

// skip passes over n bits.
func (b *bitReader) skip(n int) {
	if n > b.unread+64 {
		n, b.unread = n-b.unread, 0
		b.skipBytes(n / 8)
		n %= 8
	}
	for ; n > 32; n -= 32 {
		b.read(32)
	}
	b.read(max(n, 0))
}

// skipBytes passes over n whole bytes, where nothing is loaded. Long messages of encoders make it worth while.
func (b *bitReader) skipBytes(n int) {
	for b.escaped {
		from, end := max(b.next-2, 0), min(b.next+n, len(b.data))
		at := bytes.Index(b.data[from:end], emulationPrevention)
		if at < 0 {
			break
		}
		at += from + len(emulationPrevention) - 1
		n -= at - b.next
		b.next = at + 1
	}
	if n > len(b.data)-b.next {
		n, b.short = len(b.data)-b.next, true
	}
	b.next += n
	for b.zeros = 0; b.zeros < min(2, b.next) && b.data[b.next-1-b.zeros] == 0; {
		b.zeros++
	}
}

// emulationPrevention is a prevention byte with the zeros that it comes behind.
var emulationPrevention = []byte{0, 0, 3}

// align goes on to the beginning of a byte.
func (b *bitReader) align() { b.unread -= b.unread % 8 }

// position is how many bits have been read. It counts right only where nothing is escaped.
func (b *bitReader) position() int { return b.next*8 - b.unread }

// golomb returns an unsigned Exp-Golomb code, ue(v) of ITU-T H.264, 9.1.
func (b *bitReader) golomb() int {
	zeros := 0
	for !b.flag() {
		if zeros++; zeros > 31 {
			b.bad = true
			return 0
		}
	}
	return 1<<zeros - 1 + b.number(zeros)
}

// golombUpTo returns an unsigned Exp-Golomb code that must not be above most.
func (b *bitReader) golombUpTo(most int) int {
	value := b.golomb()
	if value > most {
		b.bad = true
		return 0
	}
	return value
}

// skipGolombs passes over n Exp-Golomb codes, signed or not.
func (b *bitReader) skipGolombs(n int) {
	for ; n > 0 && !b.bad && !b.short; n-- {
		b.golomb()
	}
}

// leb128 returns a number of up to eight bytes with seven bits in each (AV1, 4.10.5).
func (b *bitReader) leb128() int {
	value := 0
	for shift := 0; shift < 56; shift += 7 {
		part := b.number(8)
		value |= part & 0x7f << shift
		if part < 0x80 {
			break
		}
	}
	return min(value, 1<<31)
}

// ok says whether everything so far was there and made sense.
func (b *bitReader) ok() bool { return !b.bad && !b.short }

// err is what was wrong with the header that has been read, if anything.
func (b *bitReader) err(header string) error {
	switch {
	case b.short:
		return fmt.Errorf("%w: the %s ends early", b.missing, header)
	case b.bad:
		return malformed("the %s holds a number that makes no sense", header)
	}
	return nil
}

// popcount is the number of channels in a mask.
func popcount(mask uint64) int { return bits.OnesCount64(mask) }
