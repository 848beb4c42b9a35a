package matroska

import (
	"errors"
	"fmt"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// Limits on the search for first frames.
const (
	maxClusters = 32
	maxBlocks   = 400
	maxFrame    = 64 << 10 // bytes of a frame that are looked at; sound, whose extensions lie behind its core
	maxPicture  = 16 << 10 // of a picture, whose headers come first
	maxTries    = 8        // frames of one track that are tried
	maxStamps   = 64       // frames of one track whose times are looked at
)

// track is what is needed of a track while its frames are looked at.
type track struct {
	number   uint64
	encoding encoding
	frame    describer // waits for a frame; nil where everything is known
	units    int       // bytes of the length in front of a NAL unit; 0 for start codes
	optional bool      // the frame may tell something, and need not
	tries    int
	timed    bool    // waits for the times of its frames
	stamps   []int64 // nanoseconds
}

// waits tells whether the track needs more blocks.
func (t *track) waits() bool { return t.frame != nil || t.timed && len(t.stamps) < maxStamps }

var errEnough = errors.New("all tracks are known")

// readFrames looks at the first frames of the tracks that are not fully known yet.
func (r *reader) readFrames() error {
	err := r.walkClusters()
	if errors.Is(err, errEnough) {
		err = nil
	}
	if err = r.tolerate("clusters", err); err != nil {
		return err
	}
	for i := range r.tracks {
		if stamps := r.tracks[i].stamps; len(stamps) > 1 {
			if rate := commonest(stamps, int64(r.scale)); rate != "" {
				r.media.Tracks[i].FrameRate = rate
			}
		}
	}
	return nil
}

// walkClusters goes through clusters until no track waits, or enough of them have been seen.
func (r *reader) walkClusters() error {
	if r.cluster == 0 || !r.waiting() {
		return nil
	}
	blocks := maxBlocks
	w := walker{doc: &r.doc, pos: r.cluster, end: r.segment.end}
	for range maxClusters {
		if !w.next() {
			return w.err
		}
		switch w.id {
		case idHeader, idSegment:
			return nil
		case idCluster:
			end, err := r.readCluster(w.inside(), w.size == endless, &blocks)
			if err != nil {
				return err
			}
			w.pos = end
		}
	}
	return nil
}

func (r *reader) waiting() bool {
	for i := range r.tracks {
		if r.tracks[i].waits() {
			return true
		}
	}
	return false
}

// readCluster looks at the blocks of a cluster (RFC 9559, 5.1.3), and tells where it ends: one whose size is unknown
// ends where something begins that does not belong into it.
func (r *reader) readCluster(w walker, open bool, blocks *int) (end int64, err error) {
	time := int64(0)
	for w.next() {
		switch {
		case open && topLevel(w.id):
			return w.start, nil
		case w.id == idTimestamp:
			time = int64(min(w.uint(), 1<<48))
		case w.id == idSimpleBlock:
			w.err = r.readBlock(&w, time)
			*blocks--
		case w.id == idBlockGroup:
			w.err = r.readGroup(w.inside(), time)
			*blocks--
		}
		if w.err == nil && *blocks <= 0 {
			return 0, errEnough
		}
	}
	return w.pos, w.err
}

// readGroup looks at the block of a group (RFC 9559, 5.1.3.5).
func (r *reader) readGroup(w walker, time int64) error {
	for w.next() {
		if w.id == idBlock {
			if err := r.readBlock(&w, time); err != nil {
				return err
			}
		}
	}
	return w.err
}

// readBlock looks at a block (RFC 9559, 10.1): the number of the track, the time since that of the cluster, flags, and
// the frames.
func (r *reader) readBlock(w *walker, time int64) error {
	head := w.data(8 + 3)
	if w.err != nil {
		return w.err
	}
	id, n := number(head)
	if n <= 0 || len(head) < n+3 {
		return fmt.Errorf("%w: block at %d has no head", library.ErrMalformed, w.start)
	}
	own := r.find(id)
	if own < 0 || !r.tracks[own].waits() {
		return nil
	}
	t := &r.tracks[own]
	if t.timed && len(t.stamps) < maxStamps {
		ticks := time + int64(int16(uint16(head[n])<<8|uint16(head[n+1])))
		t.stamps = append(t.stamps, ticks*int64(r.scale))
	}
	if t.frame != nil {
		most := maxFrame
		if r.media.Tracks[own].Type == library.TrackVideo {
			most = maxPicture
		}
		frame, err := firstFrame(w, n+3, most)
		if err != nil {
			return err
		}
		r.show(own, frame)
	}
	if !r.waiting() {
		return errEnough
	}
	return nil
}

// find gives the place of the track with a number, and -1 where there is none.
func (r *reader) find(number uint64) int {
	for i := range r.tracks {
		if r.tracks[i].number == number {
			return i
		}
	}
	return -1
}

// show gives a frame to the codec of a track.
func (r *reader) show(place int, frame []byte) {
	t, own := &r.media.Tracks[place], &r.tracks[place]
	frame, err := own.encoding.undo(scopeFrames, frame, maxFrame)
	if err == nil {
		switch {
		case own.units > 0 && t.Codec == "hevc":
			err = codec.HEVCSample(t, frame, own.units)
		case own.units > 0:
			err = codec.AVCSample(t, frame, own.units)
		default:
			err = own.frame(t, frame)
		}
	}
	switch own.tries++; {
	case err == nil || own.optional:
		own.frame = nil
	case own.tries >= maxTries:
		own.frame = nil
		r.warn("track %d: frame: %v", t.Index, err)
	}
}
