package isobmff

import (
	"fmt"
	"math"

	"vpo/internal/library"
)

// Limits on walking from fragment to fragment. Each costs a read.
const (
	fewFragments = 16   // so many are walked in any case
	maxFragments = 3000 // so many are walked where nothing else tells how long the film is
	maxTracks    = 1000 // so many tracks are looked for in one
)

// fragments is the state of reading a fragmented file.
type fragments struct {
	announced bool
	duration  int64 // of mehd, in units of the movie; 0 where unknown
	defaults  []defaults
	walked    int
	complete  bool  // an index at the beginning has told how long the tracks are
	jumped    bool  // from the first fragments to the last ones
	unread    bool  // there are more fragments than were walked
	tail      int64 // size of the index at the end of the file in bytes, 0 where there is none, -1 where nobody has looked
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
	early int64 // how much earlier than decoded a sample is shown at most; such times are moved by it
	end   int64 // when the last one ends
}

// traf is what holds for the runs of samples of one track within a fragment.
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
	if r.frags.walked == 1 {
		if err := r.beginnings(); err != nil {
			return 0, err
		}
	}
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

// beginnings notes when those tracks begin whose first samples are in the index, and not in a fragment.
func (r *reader) beginnings() error {
	for i := range r.streams {
		s := &r.streams[i]
		if !s.inIndex {
			continue
		}
		s.fragment.seen = true
		if err := r.firstComposition(s); err != nil {
			return err
		}
	}
	return nil
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
	if r.src.Size() <= read || read <= 0 || r.frags.walked == 0 {
		return
	}
	factor := float64(r.src.Size()) / float64(read)
	for i := range r.streams {
		s := &r.streams[i]
		s.duration = int64(min(float64(s.duration)*factor, math.MaxInt64/2))
	}
	r.warn("the duration is an estimate: the file has too many fragments, and no index of them")
}

func (r *reader) trackFragments(moof box) error {
	next, tracks := moof.start, 0
	for boxes := r.inside(moof); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		if b.is("traf") && tracks < maxTracks {
			tracks++
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
