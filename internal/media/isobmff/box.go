package isobmff

import (
	"encoding/binary"
	"fmt"
	"math"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

// Sizes of the header of a box in bytes: size and name, and with a size of 64 bits.
const (
	boxHeader  = 8
	longHeader = 16
)

// box is where a box lies in the file. Offsets are from its beginning, in bytes.
type box struct {
	kind  [4]byte
	start int64
	body  int64 // behind the header
	end   int64
}

func (b box) is(kind string) bool { return string(b.kind[:]) == kind }

// printable tells whether the name could be one: letters, digits, and the few signs that are used besides.
func (b box) printable() bool {
	for _, c := range b.kind {
		if c != 0xa9 && (c < ' ' || c > '~') {
			return false
		}
	}
	return true
}

// header reads the header of a box from its first bytes, which lie at an offset, before the end of what holds the box.
// It does not check the end of the box against that. A box without a size of its own ends where it begins.
func header(data []byte, at, end int64) (box, error) {
	if len(data) < boxHeader {
		return box{}, fmt.Errorf("%w: it ends at %d, in the middle of a header", library.ErrIncomplete, end)
	}
	b := box{kind: [4]byte(data[4:8]), start: at, body: at + boxHeader, end: at}
	switch size := binary.BigEndian.Uint32(data); {
	case size == 0:
	case size == 1:
		if len(data) < longHeader {
			return box{}, fmt.Errorf("%w: it ends at %d, in the middle of a header", library.ErrIncomplete, end)
		}
		long := binary.BigEndian.Uint64(data[8:])
		if long < longHeader || long > math.MaxInt64-uint64(at) {
			return box{}, fmt.Errorf("%w: a box of %d bytes at %d", library.ErrMalformed, long, at)
		}
		b.body, b.end = at+longHeader, at+int64(long)
	case size < boxHeader:
		return box{}, fmt.Errorf("%w: a box of %d bytes at %d", library.ErrMalformed, size, at)
	default:
		b.end = at + int64(size)
	}
	return b, nil
}

// list is a row of boxes within another one.
type list struct {
	src     *source.Source
	at, end int64
}

func (r *reader) inside(b box) list { return list{src: r.src, at: b.body, end: b.end} }

// next gives the next box, and false behind the last one. Up to seven odd bytes at the end are nobody's, and so is what
// follows the zero that ends a list in QuickTime files.
func (l *list) next() (box, bool, error) {
	if l.end-l.at < boxHeader {
		return box{}, false, nil
	}
	data, err := l.src.Bytes(l.at, int(min(longHeader, l.end-l.at)))
	if err != nil {
		return box{}, false, err
	}
	b, err := header(data, l.at, l.end)
	switch {
	case err != nil:
		return box{}, false, fmt.Errorf("%w: the header of a box at %d makes no sense", library.ErrMalformed, l.at)
	case b.end == l.at:
		return box{}, false, nil
	case b.end > l.end:
		return box{}, false, overlong(b, l.end)
	}
	l.at = b.end
	return b, true, nil
}

// overlong says that a box is longer than what holds it.
func overlong(b box, end int64) error {
	return fmt.Errorf("%w: the box %q at %d claims %d bytes where %d are left",
		library.ErrMalformed, b.kind[:], b.start, b.end-b.start, end-b.start)
}

// leaf gives what a box holds, up to a limit in bytes.
func (r *reader) leaf(b box, limit int) ([]byte, error) {
	return r.src.Bytes(b.body, int(min(b.end-b.body, int64(limit))))
}

// cursor takes numbers off the front of some bytes. Beyond their end everything is zero, and short is set.
type cursor struct {
	data  []byte
	short bool
}

func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.data) {
		c.data, c.short = nil, true
		return nil
	}
	taken := c.data[:n]
	c.data = c.data[n:]
	return taken
}

func (c *cursor) u8() int {
	if b := c.take(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (c *cursor) u16() int {
	if b := c.take(2); b != nil {
		return int(binary.BigEndian.Uint16(b))
	}
	return 0
}

func (c *cursor) u24() int { return c.u8()<<16 | c.u16() }

func (c *cursor) u32() uint32 {
	if b := c.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) u64() uint64 {
	if b := c.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

// long takes a number that has 64 bits in version 1 of a box and 32 in version 0.
func (c *cursor) long(version int) uint64 {
	if version == 1 {
		return c.u64()
	}
	return uint64(c.u32())
}

// text takes text of a fixed size, which ends at its first zero.
func (c *cursor) text(n int) string { return string(untilZero(c.take(n))) }

// box takes a box. It is lenient: a row of boxes ends at the first one that does not fit.
func (c *cursor) box() (kind, body []byte, ok bool) {
	rest := c.data
	size := int64(c.u32())
	name := c.take(4)
	if size == 1 {
		size = int64(min(c.u64(), math.MaxInt32))
	}
	used := int64(len(rest) - len(c.data))
	if c.short || size < used || size > int64(len(rest)) {
		return nil, nil, false
	}
	return name, c.take(int(size - used)), true
}
