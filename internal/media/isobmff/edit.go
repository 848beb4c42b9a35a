package isobmff

import "math"

// edits sums up an edit list.
type edits struct {
	count    int
	duration int64 // of all edits, in units of the movie
	empty    int64 // of the empty ones at the beginning, in units of the movie
	start    int64 // where the first edit begins in the media, in units of the track
}

// maxEdits is how many edits are summed up. Films have one or two.
const maxEdits = 1000

// editList reads elst (ISO/IEC 14496-12, 8.6.6).
func (r *reader) editList(s *stream, b box) error {
	data, err := r.leaf(b, 8+20*maxEdits)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	version := c.u8()
	c.take(3)
	count := int64(c.u32())
	for range min(count, maxEdits) {
		duration := int64(c.long(version))
		start := int64(int32(c.u32()))
		if version == 1 {
			start = start<<32 | int64(c.u32())
		}
		c.u32() // rate
		if c.short {
			break
		}
		s.edits.add(duration, start)
	}
	return nil
}

func (e *edits) add(duration, start int64) {
	if duration < 0 || e.duration > math.MaxInt64-duration {
		return
	}
	e.count++
	e.duration += duration
	switch {
	case start < 0 && e.empty == e.duration-duration:
		e.empty += duration
	case e.start == 0:
		e.start = max(0, start)
	}
}
