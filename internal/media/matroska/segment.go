package matroska

import (
	"errors"
	"fmt"
	"slices"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// readDescriptions reads everything that lies in the segment but its frames: up to the first cluster, and then where
// seek heads point at.
func (r *reader) readDescriptions() error {
	err := r.walkSegment()
	if err != nil && !damage(err) {
		return err
	}
	if err := r.followSeeks(); err != nil {
		return err
	}
	switch {
	case r.seen.tracks:
		return r.tolerate("segment", err)
	case err != nil:
		return err
	case r.cutOff || r.segment.end > r.doc.src.Size():
		return fmt.Errorf("%w: it ends at %d, before its tracks are described", library.ErrIncomplete, r.doc.src.Size())
	default:
		return fmt.Errorf("%w: it does not describe its tracks", library.ErrMalformed)
	}
}

// damage tells whether an error lies in the file, and not in the reading of it.
func damage(err error) bool {
	return errors.Is(err, library.ErrIncomplete) || errors.Is(err, library.ErrMalformed)
}

// walkSegment reads the elements up to the first cluster.
func (r *reader) walkSegment() error {
	w := r.segment
	for w.next() {
		switch w.id {
		case idCluster:
			r.cluster, r.walked = w.start, w.start
			return nil
		case idHeader, idSegment: // of a second document, behind a segment without end
			r.segment.end = w.start
			r.walked = w.start
			return nil
		}
		if err := r.description(&w); err != nil {
			return err
		}
	}
	r.walked = w.pos
	return w.err
}

// followSeeks reads what lies behind the clusters. Seek heads that are found there are followed too.
func (r *reader) followSeeks() error {
	followed := 0
	for followed < len(r.seeks) {
		s := r.seeks[followed]
		known := s.at < r.walked || slices.Contains(r.seeks[:followed], s)
		followed++
		if known || !wanted(s.id) {
			continue
		}
		if err := r.follow(s); err != nil {
			return err
		}
	}
	return nil
}

// follow reads an element that a seek head points at, if it is there.
func (r *reader) follow(s seek) error {
	if s.at >= r.doc.src.Size() || s.at >= r.segment.end {
		r.cutOff = true
		return nil
	}
	w := walker{doc: &r.doc, pos: s.at, end: r.segment.end}
	if !w.next() || w.id != s.id {
		r.stray = true
		if w.err != nil && !damage(w.err) {
			return w.err
		}
		return nil
	}
	return r.description(&w)
}

// wanted tells whether an element is worth a jump. Cues, the index for seeking, are not.
func wanted(id uint32) bool {
	switch id {
	case idSeekHead, idInfo, idTracks, idChapters, idAttachments, idTags:
		return true
	default:
		return false
	}
}

// description reads an element of the segment. Information and tracks have to be sound; a second one of them is a copy
// for files that are damaged (RFC 9559, 5.1.2 and 5.1.4).
func (r *reader) description(w *walker) error {
	switch w.id {
	case idSeekHead:
		return r.tolerate("seek head", r.readSeekHead(w.inside()))
	case idInfo:
		return once(&r.seen.info, w, r.readInfo)
	case idTracks:
		return once(&r.seen.tracks, w, r.readTracks)
	case idChapters:
		return r.tolerate("chapters", once(&r.seen.chapters, w, r.readChapters))
	case idAttachments:
		return r.tolerate("attachments", once(&r.seen.attachments, w, r.readAttachments))
	case idTags:
		return r.tolerate("tags", r.readTags(w.inside()))
	default:
		return nil
	}
}

// once reads an element the first time that there is one.
func once(seen *bool, w *walker, read func(walker) error) error {
	if *seen {
		return nil
	}
	err := read(w.inside())
	*seen = err == nil
	return err
}

// readSeekHead keeps where the segment says that its elements are (RFC 9559, 5.1.1).
func (r *reader) readSeekHead(w walker) error {
	for w.next() {
		if w.id != idSeek || len(r.seeks) >= maxSeeks {
			continue
		}
		var s seek
		entry := w.inside()
		for entry.next() {
			switch entry.id {
			case idSeekID:
				s.id, _ = identifier(entry.data(4))
			case idSeekPosition:
				if at := entry.uint(); at < endless/2 {
					s.at = r.segment.pos + int64(at)
				}
			}
		}
		w.err = entry.err
		if s.at > 0 {
			r.seeks = append(r.seeks, s)
		}
	}
	return w.err
}

// finish puts the parts together, in the order of ffprobe.
func (r *reader) finish() {
	for i := range r.attached {
		r.attached[i].Index = len(r.media.Tracks)
		r.media.Tracks = append(r.media.Tracks, r.attached[i])
	}
	for i := range r.media.Tracks {
		t := &r.media.Tracks[i]
		t.DurationSeconds = r.media.DurationSeconds
		if t.Type == library.TrackAudio && t.ChannelLayout == "" {
			t.ChannelLayout = codec.Layout(t.Channels)
		}
	}
	r.endChapters()
	r.tellTags()
	if len(r.media.Tracks) == 0 {
		r.warn("the container holds no tracks")
	}
	if r.media.DurationSeconds == 0 {
		r.warn("the file does not tell how long it lasts, as if it was never finished")
	}
	if r.stray {
		r.warn("a seek head points at something else than it says")
	}
	size := r.doc.src.Size()
	switch {
	case r.segment.end != endless && r.segment.end > size:
		r.warn("the file ends %d bytes before what its header announces", r.segment.end-size)
	case r.cutOff:
		r.warn("the file ends before what its headers announce")
	}
}
