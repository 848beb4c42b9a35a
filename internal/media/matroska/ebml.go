package matroska

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

const (
	endless     = math.MaxInt64 // the end of an element whose size is unknown
	maxHeader   = 4 + 8         // bytes of an identifier and a size
	maxElements = 200_000       // in one file: a film with every conceivable header has some thousand
)

// document is a file that is being read, with what may still be spent on it.
type document struct {
	src  *source.Source
	left int // elements
}

// walker goes through the elements that lie in another one. It reads where they begin and how long they are; their
// data only where somebody asks for them. The first error ends the walk and stays in err.
type walker struct {
	doc *document
	pos int64 // of the next element
	end int64 // of what is walked through; endless where nobody knows

	id    uint32
	start int64 // where the current element begins
	at    int64 // where its data begin
	size  int64 // of its data; endless where it does not tell
	err   error
}

// next goes to the next element. The walk ends without an error at the end of the parent, or of the file where the
// parent tells none.
func (w *walker) next() bool {
	if w.err != nil || w.pos >= w.end {
		return false
	}
	if w.doc.left--; w.doc.left < 0 {
		w.err = fmt.Errorf("%w: it has more than %d elements", library.ErrMalformed, maxElements)
		return false
	}
	head, err := w.doc.src.Available(w.pos, int(min(maxHeader, w.end-w.pos)))
	if err != nil || len(head) == 0 && w.end == endless {
		w.err = err
		return false
	}
	id, n := identifier(head)
	size, m := uint64(0), n
	if n > 0 {
		size, m = number(head[n:])
	}
	if m <= 0 {
		w.err = w.badHeader(m < 0)
		return false
	}
	w.id, w.start, w.at, w.size = id, w.pos, w.pos+int64(n+m), int64(size)
	if size == 1<<(7*m)-1 {
		w.size = endless
	}
	return w.fits()
}

// fits checks the size of the current element, and goes behind it. Only segments and clusters may leave their end open.
func (w *walker) fits() bool {
	switch {
	case w.size == endless && (w.id == idSegment || w.id == idCluster):
		w.pos = w.end
	case w.size == endless:
		w.err = fmt.Errorf("%w: element %X at %d does not tell its size", library.ErrMalformed, w.id, w.start)
	case w.size > w.end-w.at:
		w.err = fmt.Errorf("%w: element %X at %d is larger than what it lies in", library.ErrMalformed, w.id, w.start)
	default:
		w.pos = w.at + w.size
	}
	return w.err == nil
}

// badHeader tells why there is no element at the current position.
func (w *walker) badHeader(invalid bool) error {
	switch {
	case invalid:
		return fmt.Errorf("%w: there is no element at %d", library.ErrMalformed, w.pos)
	case w.end <= w.doc.src.Size():
		return fmt.Errorf("%w: the element at %d is larger than what it lies in", library.ErrMalformed, w.pos)
	default:
		return fmt.Errorf("%w: it ends at %d, in the middle of a header", library.ErrIncomplete, w.doc.src.Size())
	}
}

// inside is the walk through the current element.
func (w *walker) inside() walker {
	end := int64(endless)
	if w.size != endless {
		end = w.at + w.size
	}
	return walker{doc: w.doc, pos: w.at, end: min(end, w.end)}
}

// data gives the first bytes of the current element, up to a limit. They are valid until the next call of anything.
func (w *walker) data(limit int) []byte {
	data, err := w.doc.src.Bytes(w.at, int(min(w.size, int64(limit))))
	if err != nil && w.err == nil {
		w.err = err
	}
	return data
}

// uint reads an unsigned number (RFC 8794, 7.2).
func (w *walker) uint() uint64 {
	if w.size > 8 {
		w.err = fmt.Errorf("%w: number %X at %d has %d bytes", library.ErrMalformed, w.id, w.start, w.size)
		return 0
	}
	var n uint64
	for _, b := range w.data(8) {
		n = n<<8 | uint64(b)
	}
	return n
}

// count reads a number of things, and 0 where there cannot be so many.
func (w *walker) count() int {
	if n := w.uint(); n <= math.MaxInt32 {
		return int(n)
	}
	return 0
}

// flag reads a number that is yes or no.
func (w *walker) flag() bool { return w.uint() != 0 }

// float reads a floating point number (RFC 8794, 7.3). What is none (NaN, infinite) is 0.
func (w *walker) float() float64 {
	var f float64
	switch data := w.data(8); {
	case w.size == 4 && len(data) == 4:
		f = float64(math.Float32frombits(binary.BigEndian.Uint32(data)))
	case w.size == 8 && len(data) == 8:
		f = math.Float64frombits(binary.BigEndian.Uint64(data))
	case w.size != 0 && w.err == nil:
		w.err = fmt.Errorf("%w: number %X at %d has %d bytes", library.ErrMalformed, w.id, w.start, w.size)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// text reads a text (RFC 8794, 7.4 and 7.5) of up to limit characters; the rest is cut off. A zero byte ends it.
func (w *walker) text(limit int) string {
	data := w.data(limit * 4)
	if end := bytes.IndexByte(data, 0); end >= 0 {
		data = data[:end]
	}
	text := strings.ToValidUTF8(string(data), "\uFFFD")
	if len(text) > limit {
		text = cut(text, limit)
	}
	return text
}

// cut gives the first limit characters of a text.
func cut(text string, limit int) string {
	for i := range text {
		if limit--; limit < 0 {
			return text[:i]
		}
	}
	return text
}

// identifier reads an element's identifier, at most four bytes long, and how many bytes it has: 0 where data end before
// it does, -1 where there is none.
func identifier(data []byte) (id uint32, n int) {
	if len(data) == 0 {
		return 0, 0
	}
	n = bits.LeadingZeros8(data[0]) + 1
	switch {
	case n > 4:
		return 0, -1
	case n > len(data):
		return 0, 0
	}
	for _, b := range data[:n] {
		id = id<<8 | uint32(b)
	}
	return id, n
}

// number reads a number of variable length (RFC 8794, 4), as sizes and the tracks of blocks are written, and how many
// bytes it has: 0 where data end before it does, -1 where there is none. A size of nothing but ones is unknown.
func number(data []byte) (value uint64, n int) {
	if len(data) == 0 {
		return 0, 0
	}
	n = bits.LeadingZeros8(data[0]) + 1
	switch {
	case n > 8:
		return 0, -1
	case n > len(data):
		return 0, 0
	}
	value = uint64(data[0]) & (1<<(8-n) - 1)
	for _, b := range data[1:n] {
		value = value<<8 | uint64(b)
	}
	return value, n
}
