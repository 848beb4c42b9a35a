package matroska

import (
	"fmt"

	"vpo/internal/library"
)

// How several frames lie in one block (RFC 9559, 10.3), as its flags tell.
const (
	lacingNone  = 0
	lacingXiph  = 1
	lacingFixed = 2
	lacingEBML  = 3
)

// maxLaceHead is the longest head of a laced block that is looked at: the sizes of 255 frames, most of two bytes.
const maxLaceHead = 1024

// firstFrame gives the first frame of a block, up to limit bytes of it. The head of the block, which ends with its flags,
// has so many bytes.
func firstFrame(w *walker, head, limit int) ([]byte, error) {
	lacing := w.data(head)[head-1] >> 1 & 3
	size := w.size - int64(head)
	at := w.at + int64(head)
	if lacing != lacingNone {
		sizes, err := w.doc.src.Bytes(at, int(min(size, maxLaceHead)))
		if err != nil {
			return nil, err
		}
		skip, first := firstOfLace(sizes, size, lacing)
		if skip <= 0 || first > size-int64(skip) {
			return nil, fmt.Errorf("%w: block at %d holds more than fits into it", library.ErrMalformed, w.start)
		}
		at, size = at+int64(skip), first
	}
	return w.doc.src.Bytes(at, int(min(size, int64(limit))))
}

// firstOfLace reads the sizes in front of the laced frames: how many bytes they take, and the size of the first frame.
// skip is 0 where they make no sense. size is what there is of the block.
func firstOfLace(head []byte, size int64, lacing byte) (skip int, first int64) {
	if len(head) == 0 {
		return 0, 0
	}
	frames := int(head[0]) + 1
	switch {
	case lacing == lacingFixed || frames == 1:
		return 1, (size - 1) / int64(frames)
	case lacing == lacingXiph:
		return xiphLace(head, frames)
	default:
		return ebmlLace(head, frames)
	}
}

// xiphLace reads the sizes of all frames but the last.
func xiphLace(head []byte, frames int) (skip int, first int64) {
	skip = 1
	for i := range frames - 1 {
		size, n := xiphSize(head[skip:])
		if n == 0 {
			return 0, 0
		}
		if i == 0 {
			first = int64(size)
		}
		skip += n
	}
	return skip, first
}

// ebmlLace reads the size of the first frame, and passes over how much each but the last differs from the one before.
func ebmlLace(head []byte, frames int) (skip int, first int64) {
	skip = 1
	for i := range frames - 1 {
		value, n := number(head[skip:])
		if n <= 0 {
			return 0, 0
		}
		if i == 0 {
			first = int64(value)
		}
		skip += n
	}
	return skip, first
}
