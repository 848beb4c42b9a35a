package isobmff

import (
	"encoding/binary"
	"fmt"

	"vpo/internal/library"
)

// maxDeltas is how many entries of a time table are read. Each stands for a run of samples that last equally long: a film
// with a constant rate has one or two, one with a variable rate hundreds of thousands.
const maxDeltas = 512

// tables reads what is needed of a sample table (ISO/IEC 14496-12, 8.5): the sample descriptions and the first entries of
// the time table. Both come first, usually; what follows them grows with the film, and is left alone.
func (r *reader) tables(s *stream) error {
	described, timed := false, false
	for boxes := r.inside(s.table); !described || !timed; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		switch {
		case b.is("stsd") && !described:
			described = true
			err = r.descriptions(s, b)
		case b.is("stts") && !timed:
			timed = true
			err = r.times(s, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// times reads the first entries of stts (ISO/IEC 14496-12, 8.6.1.2).
func (r *reader) times(s *stream, b box) error {
	data, err := r.leaf(b, 8+8*maxDeltas)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	c.take(4)
	count := c.u32()
	if c.short {
		return fmt.Errorf("%w: the time table at %d is too short", library.ErrMalformed, b.start)
	}
	n := min(int64(count), maxDeltas, int64(len(c.data)/8))
	for i := range n {
		samples, delta := c.u32(), c.u32()
		last := i > 0 && i == int64(count)-1 && samples == 1
		s.deltas.add(samples, delta, last)
	}
	s.deltas.complete = n == int64(count)
	return nil
}

// firstComposition reads how much later than decoded the first sample of the index is shown (ctts: ISO/IEC 14496-12, 8.6.1.3).
// It is of interest only where fragments follow the index.
func (r *reader) firstComposition(s *stream) error {
	for boxes := r.inside(s.table); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		if b.is("ctts") {
			data, err := r.leaf(b, 16)
			if len(data) == 16 {
				s.fragment.start = int64(int32(binary.BigEndian.Uint32(data[12:])))
			}
			return err
		}
	}
}

// firstSample finds where the first sample of a track lies: in the first fragment that has one, else by the sample table,
// which is walked once more for it.
func (r *reader) firstSample(s *stream) (sample, error) {
	if s.first.size > 0 || s.table.end == 0 {
		return s.first, nil
	}
	for boxes := r.inside(s.table); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return s.first, err
		}
		switch string(b.kind[:]) {
		case "stsz", "stz2", "stco", "co64":
			data, err := r.leaf(b, 16)
			if err != nil {
				return sample{}, err
			}
			s.first.locate(b, data)
		}
	}
}

// locate takes the first entry of a table of sizes or offsets (ISO/IEC 14496-12, 8.7.3 and 8.7.5).
func (f *sample) locate(b box, data []byte) {
	c := cursor{data: data}
	c.take(4)
	switch string(b.kind[:]) {
	case "stsz":
		f.size = c.u32()
		if count := c.u32(); f.size == 0 && count > 0 {
			f.size = c.u32()
		}
	case "stz2":
		f.size = maxFrame // the sizes are of less than 16 bits, which is little enough to read
	case "stco":
		if c.u32() > 0 {
			f.at = int64(c.u32())
		}
	case "co64":
		if c.u32() > 0 {
			f.at = int64(c.u64() &^ (1 << 63))
		}
	}
}

// numbers reads the first entries of a table, each of some numbers of 32 bits. skip is what stands before the entries, in
// bytes: version, flags and count, or more.
func (r *reader) numbers(b box, skip, each int) ([]uint32, error) {
	data, err := r.leaf(b, skip+4*each*maxChapters)
	if err != nil || len(data) < skip {
		return nil, err
	}
	count := int(min(binary.BigEndian.Uint32(data[skip-4:]), maxChapters))
	data = data[skip:]
	entries := make([]uint32, 0, min(count*each, len(data)/4))
	for len(entries) < cap(entries) {
		entries = append(entries, binary.BigEndian.Uint32(data))
		data = data[4:]
	}
	return entries, nil
}
