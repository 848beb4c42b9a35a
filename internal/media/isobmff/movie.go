package isobmff

import (
	"errors"
	"fmt"
	"math"
	"time"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

// movie is what the index says of the file as a whole.
type movie struct {
	timescale uint32            // units a second
	duration  int64             // units; 0 where unknown
	keys      []string          // names of the items of mdta meta data
	chapters  []uint32          // numbers of the tracks that hold chapters
	marks     []library.Chapter // chapters as Nero writes them
}

// index reads the movie box. A second one is not the file's own.
func (r *reader) index(moov box) error {
	if r.hasIndex {
		return nil
	}
	for boxes := r.inside(moov); ; {
		b, ok, err := boxes.next()
		if err == nil && ok {
			err = r.indexPart(b)
		}
		switch {
		case err != nil:
			return fmt.Errorf("read the index: %w", err)
		case !ok:
			r.hasIndex = true
			return nil
		}
	}
}

func (r *reader) indexPart(b box) error {
	switch string(b.kind[:]) {
	case "cmov":
		return ErrCompressed
	case "mvhd":
		return r.movieHeader(b)
	case "trak":
		return r.track(b)
	case "mvex":
		return r.extension(b)
	case "udta":
		return r.tolerate("user data", r.userData(b))
	case "meta":
		return r.tolerate("meta data", r.meta(b))
	}
	return nil
}

// tolerate makes a warning of damage in boxes that one can do without, and of their being too far apart.
func (r *reader) tolerate(what string, err error) error {
	if isMalformed(err) || errors.Is(err, source.ErrBudget) {
		r.warn("the %s cannot be read: %v", what, err)
		return nil
	}
	return err
}

// movieHeader reads mvhd (ISO/IEC 14496-12, 8.2.2).
func (r *reader) movieHeader(b box) error {
	data, err := r.leaf(b, 32)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	version := c.u8()
	c.take(3)
	created := c.long(version)
	c.long(version)
	r.movie.timescale = max(1, c.u32())
	r.movie.duration = known(c.long(version), version)
	if c.short {
		return fmt.Errorf("%w: the movie header at %d is too short", library.ErrMalformed, b.start)
	}
	r.creationTime(created)
	return nil
}

// known gives a duration, and 0 where all bits are set: that says that it is unknown.
func known(duration uint64, version int) int64 {
	if (version != 1 && duration == math.MaxUint32) || duration > math.MaxInt64 {
		return 0
	}
	return int64(duration)
}

// creationTime notes when the movie was made. The format counts seconds since 1904; some writers count since 1970, which
// gives itself away by being before.
func (r *reader) creationTime(created uint64) {
	const since1904 = 2_082_844_800
	if created >= since1904 {
		created -= since1904
	}
	const year10000 = 253_402_300_800
	if created == 0 || created >= year10000 {
		return
	}
	r.tag("creation_time", time.Unix(int64(created), 0).UTC().Format("2006-01-02T15:04:05.000000Z"))
}

// extension reads mvex, which announces fragments (ISO/IEC 14496-12, 8.8.1).
func (r *reader) extension(mvex box) error {
	r.frags.announced = true
	for boxes := r.inside(mvex); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		if b.is("mehd") || b.is("trex") {
			data, err := r.leaf(b, 24)
			if err != nil {
				return err
			}
			r.extensionPart(b, cursor{data: data})
		}
	}
}

func (r *reader) extensionPart(b box, c cursor) {
	version := c.u8()
	c.take(3)
	if b.is("mehd") {
		r.frags.duration = known(c.long(version), version)
		return
	}
	usual := defaults{track: c.u32()}
	c.u32() // the sample description
	usual.duration, usual.size = c.u32(), c.u32()
	if len(r.frags.defaults) < maxStreams {
		r.frags.defaults = append(r.frags.defaults, usual)
	}
}
