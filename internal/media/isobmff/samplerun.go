package isobmff

import (
	"fmt"
	"math"

	"vpo/internal/library"
)

// Flags of trun.
const (
	hasOffset      = 1
	hasFirstFlags  = 4
	hasDurations   = 0x100
	hasSizes       = 0x200
	hasFlags       = 0x400
	hasComposition = 0x800
)

// samples reads trun, a run of samples (ISO/IEC 14496-12, 8.8.8).
func (r *reader) samples(f *traf, b box) error {
	data, err := r.leaf(b, 16)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	c.u8()
	flags, count := c.u24(), c.u32()
	at := b.body + 8
	offset := f.base
	if flags&hasOffset != 0 {
		if offset >= 0 {
			offset += int64(int32(c.u32()))
		}
		at += 4
	}
	if flags&hasFirstFlags != 0 {
		at += 4
	}
	if c.short {
		return fmt.Errorf("%w: a run of samples at %d is too short", library.ErrMalformed, b.start)
	}
	t := table{at: at, end: b.end, flags: flags, count: count}
	return r.runOf(f, t, offset)
}

// table is the list of samples of a trun.
type table struct {
	at, end int64
	flags   int
	count   uint32
}

// each is the size of an entry in bytes.
func (t table) each() int64 {
	size := int64(0)
	for _, field := range []int{hasDurations, hasSizes, hasFlags, hasComposition} {
		if t.flags&field != 0 {
			size += 4
		}
	}
	return size
}

// entry takes an entry off a list of samples.
func (t table) entry(c *cursor, usual defaults) (duration, size uint32, composition int32) {
	duration, size = usual.duration, usual.size
	if t.flags&hasDurations != 0 {
		duration = c.u32()
	}
	if t.flags&hasSizes != 0 {
		size = c.u32()
	}
	if t.flags&hasFlags != 0 {
		c.u32()
	}
	if t.flags&hasComposition != 0 {
		composition = int32(c.u32())
	}
	return duration, size, composition
}

// runOf goes through a list of samples, which begins at an offset of the file.
func (r *reader) runOf(f *traf, t table, offset int64) error {
	each := t.each()
	if each > 0 {
		t.count = uint32(min(int64(t.count), (t.end-t.at)/each))
	}
	if t.count == 0 {
		return nil
	}
	data, err := r.src.Bytes(t.at, int(each))
	if err != nil {
		return err
	}
	duration, size, composition := t.entry(&cursor{data: data}, f.defaults)
	f.begin(sample{at: offset, size: size}, composition)
	total, next, err := r.sum(f, t, offset)
	if err != nil {
		return err
	}
	if f.base = next; t.flags&hasDurations == 0 {
		total = int64(duration) * int64(t.count)
		f.stream.deltas.add(t.count, duration, false)
	}
	if f.time > math.MaxInt64/2-total {
		return fmt.Errorf("%w: the times of a fragment at %d make no sense", library.ErrMalformed, f.moof.start)
	}
	f.time += total
	f.stream.fragment.end = f.time
	f.stream.duration = max(f.stream.duration, f.time)
	return nil
}

// begin notes the first sample of a track.
func (f *traf) begin(first sample, composition int32) {
	s := f.stream
	if s.first.size == 0 && first.at > 0 {
		s.first = first
	}
	if !s.fragment.seen {
		s.fragment.seen = true
		s.fragment.start = f.time + int64(composition)
	}
}

// piece is how many entries of a list of samples are read at once. Of a list that does not say how long each sample
// lasts, no more is read.
const piece = 1 << 10

// sum adds up the samples of a list: how long they last, and where their data end, -1 where that is unknown.
func (r *reader) sum(f *traf, t table, offset int64) (duration, end int64, err error) {
	each := t.each()
	if each == 0 {
		return 0, offset + int64(t.count)*int64(f.defaults.size), nil
	}
	for left := int64(t.count); left > 0; {
		n := min(left, piece)
		data, err := r.src.Bytes(t.at, int(n*each))
		if err != nil {
			return 0, 0, err
		}
		for c := (cursor{data: data}); len(c.data) > 0; {
			length, size, composition := t.entry(&c, f.defaults)
			duration += int64(length)
			if offset >= 0 {
				offset += int64(size)
			}
			f.stream.fragment.early = max(f.stream.fragment.early, -int64(composition))
			if t.flags&hasDurations != 0 && f.stream.deltas.samples < maxDeltas {
				f.stream.deltas.add(1, length, false)
			}
		}
		left -= n
		t.at += n * each
		if t.flags&hasDurations == 0 && left > 0 {
			return 0, -1, nil
		}
	}
	return duration, offset, nil
}
