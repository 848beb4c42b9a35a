// Package matroska reads the headers of Matroska and WebM files (RFC 9559, on EBML, RFC 8794).
//
// A file is a tree of elements: a header, and a segment in which the descriptions (information, tracks, chapters,
// attachments, tags) lie beside the clusters of frames. Descriptions that are written last lie behind the clusters,
// where seek heads point at them, so that a film is read at its beginning and at its end and nowhere between. Frames are
// looked at where a codec tells in them alone what it is: the first of a track, in the first clusters.
//
// What the elements mean is taken from the standards; how it is told (names of codecs, order of tracks, keys of tags) is
// ffprobe's way. Elements are read where they lie: a size is held against the parent and the file before it is believed,
// and nothing is kept in memory for being announced. Damage in what is needed to know the tracks is an error; damage in
// the rest is a warning.
package matroska

import (
	"bytes"
	"errors"
	"fmt"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

const (
	formatName = "matroska,webm" // ffprobe's, for both
	maxTracks  = 1000            // that are kept of one file, attachments among them; ffmpeg takes as many
	maxText    = 4096            // characters of a title or of the value of a tag
	maxKey     = 255             // characters of the key of a tag
	maxSeeks   = 64              // entries of seek heads that are followed
)

// Is tells whether a file begins like Matroska or WebM. head are its first bytes, some 100 of them at least.
func Is(head []byte) bool {
	if !bytes.HasPrefix(head, []byte{0x1A, 0x45, 0xDF, 0xA3}) {
		return false
	}
	size, n := number(head[4:])
	if n <= 0 {
		return false
	}
	header := head[4+n:]
	header = header[:min(uint64(len(header)), size)]
	return bytes.Contains(header, []byte("matroska")) || bytes.Contains(header, []byte("webm"))
}

// Read reads the headers of a Matroska or WebM file.
//
// The error is library.ErrIncomplete where the file ends before its tracks are known, library.ErrMalformed where it
// contradicts the format, or one of the source.
func Read(src *source.Source) (library.Media, error) {
	r := reader{doc: document{src: src, left: maxElements}, scale: defaultScale}
	r.media.ContainerFormat = formatName
	if err := r.read(); err != nil {
		return library.Media{}, err
	}
	return r.media, nil
}

// reader is the reading of one file.
type reader struct {
	doc   document
	media library.Media

	segment walker // through the segment; does not move
	walked  int64  // up to where the segment has been walked through
	cluster int64  // where the first one begins; 0 where there is none
	seeks   []seek
	seen    struct{ info, tracks, chapters, attachments bool }
	cutOff  bool // an element ends behind the file
	stray   bool // a seek head points where it should not

	scale    uint64   // nanoseconds of a tick
	info     infoTags // to be told before the tags of the file
	tags     []tag
	tracks   []track // those of media that have frames, in the same order
	attached []library.Track
}

// seek is an entry of a seek head.
type seek struct {
	id uint32
	at int64 // in the file
}

// read reads the file, and puts together what was found.
func (r *reader) read() error {
	if r.doc.src.Size() == 0 {
		return fmt.Errorf("%w: it is empty", library.ErrIncomplete)
	}
	if err := r.readHeader(); err != nil {
		return err
	}
	if err := r.readDescriptions(); err != nil {
		return err
	}
	if err := r.readFrames(); err != nil {
		return err
	}
	r.finish()
	return nil
}

// readHeader reads the EBML header (RFC 8794, 11.2.1) and finds the segment behind it.
func (r *reader) readHeader() error {
	w := walker{doc: &r.doc, end: endless}
	if !w.next() || w.id != idHeader {
		return wrong(w.err, "it does not begin with an EBML header")
	}
	if err := checkHeader(w.inside()); err != nil {
		return err
	}
	for w.next() {
		if w.id == idSegment {
			r.segment = w.inside()
			return nil
		}
	}
	if w.err != nil {
		return w.err
	}
	return fmt.Errorf("%w: it ends at %d, before its segment", library.ErrIncomplete, r.doc.src.Size())
}

// checkHeader finds out whether the document is one that this package reads.
func checkHeader(w walker) error {
	known := false
	for w.next() {
		switch w.id {
		case idDocType:
			kind := w.text(32)
			if known = kind == "matroska" || kind == "webm"; !known && w.err == nil {
				return fmt.Errorf("%w: its document type is %q, not matroska or webm", library.ErrMalformed, kind)
			}
		case idReadVersion, idMaxIDLength, idMaxSizeLength, idDocReadVersion:
			if v := w.uint(); w.err == nil && v > readable(w.id) {
				return fmt.Errorf("%w: element %X asks for %d, and this program reads up to %d",
					library.ErrMalformed, w.id, v, readable(w.id))
			}
		}
	}
	if w.err == nil && !known {
		return fmt.Errorf("%w: it does not tell its document type", library.ErrMalformed)
	}
	return w.err
}

// readable is the highest value of an element of the EBML header that this package can deal with.
func readable(id uint32) uint64 {
	switch id {
	case idReadVersion:
		return 1
	case idMaxIDLength, idDocReadVersion:
		return 4
	default:
		return 8
	}
}

// wrong is the error of a walk, else the one that says what is wrong.
func wrong(err error, what string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %s", library.ErrMalformed, what)
}

// warn keeps a warning.
func (r *reader) warn(format string, args ...any) {
	r.media.Warnings = append(r.media.Warnings, fmt.Sprintf(format, args...))
}

// tolerate takes the error of a part that a file can do without: damage becomes a warning. What remains are errors of
// the file system, the budget and the context.
func (r *reader) tolerate(what string, err error) error {
	switch {
	case errors.Is(err, library.ErrIncomplete):
		r.cutOff = true
		return nil
	case errors.Is(err, library.ErrMalformed):
		r.warn("%s: %v", what, err)
		return nil
	default:
		return err
	}
}
