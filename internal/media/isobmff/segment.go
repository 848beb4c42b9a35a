package isobmff

import (
	"encoding/binary"
	"math"
)

// segmentIndex reads sidx (ISO/IEC 14496-12, 8.16.3), which tells how long a track is. Where it describes the file up to
// its end, the fragments themselves need not be walked.
func (r *reader) segmentIndex(b box) (int64, error) {
	s := (*stream)(nil)
	data, err := r.leaf(b, min(int(min(b.end-b.body, 1<<20)), 32+12*math.MaxUint16))
	if err != nil || len(data) < 12 {
		return b.end, err
	}
	id := binary.BigEndian.Uint32(data[4:])
	for i := range r.streams {
		if r.streams[i].id == id {
			s = &r.streams[i]
		}
	}
	time, at, timescale, ok := segments(data, b.end)
	if s == nil || !ok {
		return b.end, nil
	}
	s.duration = rescale(time, s.timescale, timescale)
	s.indexed = true
	tail := int64(0)
	if at != r.src.Size() {
		var err error
		if tail, err = r.tail(); err != nil {
			return 0, err
		}
	}
	if at == r.src.Size() || at == r.src.Size()-tail {
		r.frags.complete = true
		for i := range r.streams {
			if other := &r.streams[i]; !other.indexed && other.id != 0 {
				other.duration = rescale(s.duration, other.timescale, s.timescale)
			}
		}
	}
	return b.end, nil
}

// segments adds up a sidx: when its last segment ends, in units of timescale, and where in the file, which is counted
// from behind the box.
func segments(sidx []byte, behind int64) (time, at int64, timescale uint32, ok bool) {
	c := cursor{data: sidx}
	version := c.u8()
	c.take(7) // flags, track
	timescale = c.u32()
	start, skip := c.long(version), c.long(version)
	c.u16()
	count := c.u16()
	if c.short || timescale == 0 || start > math.MaxInt64/4 || skip > math.MaxInt64/4 || behind > math.MaxInt64/4 {
		return 0, 0, 0, false
	}
	time, at = int64(start), behind+int64(skip)
	for range min(count, len(c.data)/12) {
		at += int64(c.u32() &^ (1 << 31))
		time += int64(c.u32())
		c.u32()
	}
	return time, at, timescale, true
}

// tail gives the size of the index that may end a fragmented file (mfra), in bytes; 0 where there is none.
func (r *reader) tail() (int64, error) {
	const mfro = 16 // bytes of the box that ends mfra
	if r.frags.tail >= 0 || r.src.Size() < mfro {
		return max(0, r.frags.tail), nil
	}
	data, err := r.src.Bytes(r.src.Size()-mfro, mfro)
	if err != nil {
		return 0, err
	}
	r.frags.tail = 0
	if size := int64(binary.BigEndian.Uint32(data[12:])); string(data[4:8]) == "mfro" && size <= r.src.Size() {
		r.frags.tail = size
	}
	return r.frags.tail, nil
}

// lastFragments gives the offset of the earliest of those fragments that are the last ones of a track, by the index at the
// end of the file (mfra: ISO/IEC 14496-12, 8.8.9); 0 where nothing is known.
func (r *reader) lastFragments() (int64, error) {
	size, err := r.tail()
	if err != nil || size < boxHeader {
		return 0, err
	}
	first := int64(0)
	mfra := list{src: r.src, at: r.src.Size() - size + boxHeader, end: r.src.Size()}
	for {
		b, ok, err := mfra.next()
		if isMalformed(err) {
			return 0, nil
		}
		if err != nil || !ok {
			return first, err
		}
		if !b.is("tfra") {
			continue
		}
		last, err := r.lastOf(b)
		if err != nil {
			return 0, err
		}
		if last > 0 && (first == 0 || last < first) {
			first = last
		}
	}
}

// lastOf reads the last entry of tfra, and notes its time for the case that the fragment itself has none.
func (r *reader) lastOf(b box) (int64, error) {
	data, err := r.leaf(b, 16)
	if err != nil || len(data) < 16 {
		return 0, err
	}
	c := cursor{data: data}
	version := c.u8()
	c.take(3)
	id, lengths, count := c.u32(), c.u32(), int64(c.u32())
	each := int64(8 + 8*version + int(lengths>>4&3+lengths>>2&3+lengths&3) + 3)
	at := b.body + 16 + (count-1)*each
	if version > 1 || count == 0 || at+each > b.end {
		return 0, nil
	}
	if data, err = r.src.Bytes(at, int(each)); err != nil {
		return 0, err
	}
	c = cursor{data: data}
	time, offset := c.long(version), c.long(version)
	for i := range r.streams {
		if s := &r.streams[i]; s.id == id && time < math.MaxInt64/4 {
			s.fragment.end = int64(time)
		}
	}
	return int64(min(offset, math.MaxInt64)), nil
}
