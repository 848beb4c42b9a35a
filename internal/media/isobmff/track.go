package isobmff

import (
	"fmt"
	"math"

	"vpo/internal/library"
	"vpo/internal/media/language"
)

// stream is a track while it is read, and what it needs to be finished.
type stream struct {
	library.Track

	id        uint32 // 0 for a cover picture
	handler   [4]byte
	entry     [4]byte // name of the sample entry
	timescale uint32  // units a second
	duration  int64   // units; of the media, then corrected as ffprobe does
	edits     edits

	displayWidth, displayHeight int  // of the track header, pixels
	codedWidth, codedHeight     int  // of the sample entry, pixels
	hasShape                    bool // the container gives the shape of a pixel

	speakers  string // the layout that the container gives, for codecs that say nothing of it
	lengths   int    // bytes of the length in front of each part of a frame (NAL unit)
	deltas    deltas
	table     box  // stbl, for those whose samples have to be looked at
	inIndex   bool // the index has samples of it, and not the fragments alone
	indexed   bool // a sidx tells how long it is
	needFrame bool // the headers do not tell everything, the first frame does
	first     sample
	fragment  progress
}

// sample is where a sample lies in the file.
type sample struct {
	at   int64
	size uint32 // bytes
}

// track reads a trak box (ISO/IEC 14496-12, 8.3.1).
func (r *reader) track(trak box) error {
	if len(r.streams) >= maxStreams {
		return fmt.Errorf("%w: it claims more than %d tracks", library.ErrMalformed, maxStreams)
	}
	r.streams = append(r.streams, stream{Track: library.Track{Type: library.TrackOther, Language: language.Undetermined}})
	s := &r.streams[len(r.streams)-1]
	for boxes := r.inside(trak); ; {
		b, ok, err := boxes.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := r.trackPart(s, b); err != nil {
			return err
		}
	}
	r.settle(s)
	return nil
}

func (r *reader) trackPart(s *stream, b box) error {
	switch string(b.kind[:]) {
	case "tkhd":
		return r.trackHeader(s, b)
	case "mdia", "minf", "edts", "tref":
		for boxes := r.inside(b); ; {
			inner, ok, err := boxes.next()
			if err != nil || !ok {
				return err
			}
			if err := r.trackLeaf(s, inner); err != nil {
				return err
			}
		}
	case "udta":
		return r.tolerate("user data of a track", r.trackUserData(s, b))
	}
	return nil
}

// trackLeaf reads a box that lies somewhere in a trak, below its outermost boxes.
func (r *reader) trackLeaf(s *stream, b box) error {
	switch string(b.kind[:]) {
	case "mdhd":
		return r.mediaHeader(s, b)
	case "hdlr":
		return r.handler(s, b)
	case "elng":
		return r.extendedLanguage(s, b)
	case "minf":
		return r.trackPart(s, b)
	case "stbl":
		s.table = b
		return r.tables(s)
	case "elst":
		return r.editList(s, b)
	case "chap":
		return r.chapterReference(b)
	}
	return nil
}

// trackHeader reads tkhd (ISO/IEC 14496-12, 8.3.2).
func (r *reader) trackHeader(s *stream, b box) error {
	data, err := r.leaf(b, 96)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	version := c.u8()
	const enabled = 1
	s.Default = c.u24()&enabled != 0
	c.long(version) // created
	c.long(version) // changed
	s.id = c.u32()
	c.u32()
	c.long(version) // duration with all edits, in units of the movie
	if c.short {
		return fmt.Errorf("%w: the track header at %d is too short", library.ErrMalformed, b.start)
	}
	c.take(8 + 2 + 2 + 2 + 2 + 36) // layer, alternate group, volume, matrix
	s.displayWidth, s.displayHeight = int(c.u32()>>16), int(c.u32()>>16)
	return nil
}

// mediaHeader reads mdhd (ISO/IEC 14496-12, 8.4.2; QuickTime File Format, "Media Header Atoms").
func (r *reader) mediaHeader(s *stream, b box) error {
	data, err := r.leaf(b, 36)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	version := c.u8()
	c.take(3)
	c.long(version) // created
	c.long(version) // changed
	s.timescale = c.u32()
	s.duration = known(c.long(version), version)
	if c.short {
		return fmt.Errorf("%w: the media header at %d is too short", library.ErrMalformed, b.start)
	}
	if s.timescale == 0 || s.timescale > math.MaxInt32 {
		s.timescale = 1
	}
	if s.LanguageTag == "" {
		code := languageOf(c.u16())
		s.Language, s.LanguageTag = language.Bibliographic(code), language.Tag(code)
	}
	return nil
}

// handler reads hdlr, which tells the kind of the media. The one within minf tells where the data are, and is not meant.
func (r *reader) handler(s *stream, b box) error {
	data, err := r.leaf(b, 12)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	c.take(8)
	kind := c.take(4)
	if c.short {
		return fmt.Errorf("%w: the handler at %d is too short", library.ErrMalformed, b.start)
	}
	if s.handler == [4]byte{} {
		s.handler = [4]byte(kind)
	}
	return nil
}
