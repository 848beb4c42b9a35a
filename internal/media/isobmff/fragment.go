package isobmff

import (
	"encoding/binary"
	"fmt"
	"math"

	"vpo/internal/library"
)

// Limits on walking from fragment to fragment. Each costs a read.
const (
	fewFragments = 64   // so many are walked in any case
	maxFragments = 3000 // so many are walked where nothing else tells how long the film is
)

// fragments is the state of reading a fragmented file.
type fragments struct {
	announced bool
	duration  int64 // of mehd, in units of the movie; 0 where unknown
	defaults  []defaults
	walked    int
	complete  bool // an index at the beginning has told how long the tracks are
	jumped    bool // from the first fragments to the last ones
	unread    bool // there are more fragments than were walked
}

// defaults are what holds for the samples of a track where a fragment says nothing else.
type defaults struct {
	track          uint32
	duration, size uint32
}

// progress is how far a track has come through the fragments, in units of the track.
type progress struct {
	seen  bool
	start int64 // when the first sample is shown
	end   int64 // when the last one ends
}

// run of samples within a fragment, of one track.
type traf struct {
	stream   *stream
	moof     box
	defaults defaults
	base     int64 // where offsets count from; -1 where unknown
	time     int64 // of the next sample, in units of the track
}

// fragment reads a movie fragment (ISO/IEC 14496-12, 8.8.4), and tells where to go on.
func (r *reader) fragment(moof box) (int64, error) {
	if !r.hasIndex {
		return moof.end, nil
	}
	r.frags.walked++
	if err := r.tolerate("fragment", r.trackFragments(moof)); err != nil {
		return 0, err
	}
	switch {
	case r.frags.complete && r.frags.walked >= len(r.streams):
		return r.src.Size(), nil
	case r.frags.jumped || r.frags.walked < fewFragments:
		return moof.end, nil
	case r.frags.walked == fewFragments:
		return r.ahead(moof)
	case r.frags.walked >= maxFragments:
		r.estimate(moof.end)
		return r.src.Size(), nil
	}
	return moof.end, r.src.Check()
}

// ahead tells where to go on after the first fragments of many: to the last ones, where the index at the end of the file
// knows them, to nowhere, where the header of the movie has told its duration, and one after another else.
func (r *reader) ahead(moof box) (int64, error) {
	last, err := r.lastFragments()
	if err != nil {
		return 0, err
	}
	switch {
	case last > moof.start:
		r.frags.jumped = true
		return last, nil
	case r.frags.duration > 0:
		r.frags.unread = true
		return r.src.Size(), nil
	}
	return moof.end, nil
}

// estimate takes the rest of the file to go on like the part that was read.
func (r *reader) estimate(read int64) {
	if r.src.Size() <= read {
		return
	}
	factor := float64(r.src.Size()) / float64(read)
	for i := range r.streams {
		s := &r.streams[i]
		s.duration = int64(min(float64(s.duration)*factor, math.MaxInt64/2))
	}
	r.warn("the duration is an estimate: the file has more than %d fragments and no index of them", maxFragments)
}

func (r *reader) trackFragments(moof box) error {
	next := moof.start
	for boxes := r.inside(moof); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		if b.is("traf") {
			if next, err = r.trackFragment(b, moof, next); err != nil {
				return err
			}
		}
	}
}

// trackFragment reads a traf. next is where the data of the one before end, -1 where unknown; so is what it gives.
func (r *reader) trackFragment(b, moof box, next int64) (int64, error) {
	f := traf{moof: moof, base: next}
	for boxes := r.inside(b); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return f.base, err
		}
		switch {
		case b.is("tfhd"):
			err = r.fragmentHeader(&f, b)
		case f.stream == nil:
		case b.is("tfdt"):
			err = r.decodeTime(&f, b)
		case b.is("trun"):
			err = r.samples(&f, b)
		}
		if err != nil {
			return f.base, err
		}
	}
}

// fragmentHeader reads tfhd (ISO/IEC 14496-12, 8.8.7).
func (r *reader) fragmentHeader(f *traf, b box) error {
	data, err := r.leaf(b, 40)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	c.u8()
	flags := c.u24()
	id := c.u32()
	for i := range r.streams {
		if r.streams[i].id == id && id != 0 {
			f.stream = &r.streams[i]
			f.time = f.stream.fragment.end
		}
	}
	for _, usual := range r.frags.defaults {
		if usual.track == id {
			f.defaults = usual
		}
	}
	if flags&0x020000 != 0 {
		f.base = f.moof.start
	}
	if flags&1 != 0 {
		f.base = int64(c.u64() &^ (1 << 63))
	}
	if flags&2 != 0 {
		c.u32() // the sample description
	}
	if flags&8 != 0 {
		f.defaults.duration = c.u32()
	}
	if flags&16 != 0 {
		f.defaults.size = c.u32()
	}
	if c.short {
		return fmt.Errorf("%w: the header of a fragment at %d is too short", library.ErrMalformed, b.start)
	}
	return nil
}

// decodeTime reads tfdt (ISO/IEC 14496-12, 8.8.12).
func (r *reader) decodeTime(f *traf, b box) error {
	data, err := r.leaf(b, 12)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	version := c.u8()
	c.take(3)
	if time := c.long(version); !c.short && time <= math.MaxInt64/4 {
		f.time = int64(time)
	}
	return nil
}

// Flags of trun.
const (
	hasOffset      = 1
	hasFirstFlags  = 4
	hasDurations   = 0x100
	hasSizes       = 0x200
	hasFlags       = 0x400
	hasComposition = 0x800
)

// samples reads trun, a run of samples (ISO/IEC 14496-12, 8.8.8). Where all samples last equally long, only the first one
// is looked at.
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
	total := int64(duration) * int64(t.count)
	if t.flags&hasDurations == 0 {
		f.stream.deltas.add(t.count, duration, false)
		f.base = -1
	} else if total, f.base, err = r.sum(f, t, offset); err != nil {
		return err
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

// sum adds up the samples of a list: how long they last, and where their data end.
func (r *reader) sum(f *traf, t table, offset int64) (duration, end int64, err error) {
	const piece = 1 << 12 // entries that are read at once
	each := t.each()
	for left := int64(t.count); left > 0; {
		n := min(left, piece)
		data, err := r.src.Bytes(t.at, int(n*each))
		if err != nil {
			return 0, 0, err
		}
		for c := (cursor{data: data}); len(c.data) > 0; {
			length, size, _ := t.entry(&c, f.defaults)
			duration += int64(length)
			if offset >= 0 {
				offset += int64(size)
			}
			if f.stream.deltas.samples < maxDeltas {
				f.stream.deltas.add(1, length, false)
			}
		}
		left -= n
		t.at += n * each
	}
	return duration, offset, nil
}

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
	tail, err := r.tail()
	if err != nil {
		return 0, err
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
	if r.src.Size() < mfro {
		return 0, nil
	}
	data, err := r.src.Bytes(r.src.Size()-mfro, mfro)
	if err != nil || string(data[4:8]) != "mfro" {
		return 0, err
	}
	size := int64(binary.BigEndian.Uint32(data[12:]))
	if size > r.src.Size() {
		return 0, nil
	}
	return size, nil
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
