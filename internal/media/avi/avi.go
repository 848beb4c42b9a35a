// Package avi reads the headers of AVI files: RIFF AVI (Microsoft, AVI RIFF File Reference) and its extension to large files
// (OpenDML AVI M-JPEG File Format Subcommittee, OpenDML AVI File Format Extensions, version 1.02).
//
// A file is a RIFF chunk that holds the list hdrl, which describes the streams, perhaps a list INFO with texts, and the list
// movi with the frames. Large files go on with further RIFF chunks, of which the headers tell everything already. So what is
// read are hdrl and INFO, and of movi the first frame of those streams whose codec says more than hdrl does. Indices are
// never read.
//
// What comes out is what ffprobe tells of the same file, with one exception: a file all of whose streams count bytes and not
// frames (a sound file without a picture) lasts as long as its headers say, where ffprobe guesses from the size of the file.
package avi

import (
	"encoding/binary"
	"fmt"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

// Limits on what is believed of one file.
const (
	maxTracks = 100     // what AVI can number: a frame names its stream with two digits
	maxChunks = 4096    // that are looked at between the beginning of the file and its frames
	maxText   = 1 << 16 // bytes of a name or of a text in INFO; a longer one is left out
)

const (
	riffHeader  = 12 // bytes: "RIFF", a size, and what the file is
	chunkHeader = 8  // bytes: a name and a size
	listHeader  = 12 // bytes: "LIST", a size, and what it lists
)

// Is tells whether a file begins like an AVI file.
func Is(head []byte) bool {
	return len(head) >= riffHeader && string(head[:4]) == "RIFF" && string(head[8:12]) == "AVI "
}

// Read reads the headers of an AVI file.
//
// The error is library.ErrIncomplete where the file ends before its frames begin, library.ErrMalformed where the headers
// contradict themselves, or one of source.Source. A file whose frames end early is read, with a warning.
func Read(src *source.Source) (library.Media, error) {
	r := reader{src: src, media: library.Media{ContainerFormat: "avi", Reader: library.ReaderNative}}
	if err := r.headers(); err != nil {
		return library.Media{}, err
	}
	if err := r.firstFrames(); err != nil {
		return library.Media{}, err
	}
	if err := r.paces(); err != nil {
		return library.Media{}, err
	}
	if err := r.followTheFile(); err != nil {
		return library.Media{}, err
	}
	r.durations()
	for i := range r.streams {
		if t := &r.media.Tracks[i]; t.Type == library.TrackVideo {
			r.streams[i].complete(t)
		}
	}
	return r.media, nil
}

// reader is one reading of one file.
type reader struct {
	src     *source.Source
	media   library.Media
	streams []stream // one of each of media.Tracks
	chunks  int      // looked at so far

	framePeriod uint32 // microseconds of a frame, from avih
	riffEnd     int64  // of the first RIFF chunk, as it announces
	movi        span   // the frames of the first RIFF chunk
}

// span is a stretch of the file.
type span struct{ from, to int64 }

// chunk is one named piece of a RIFF file.
type chunk struct {
	name [4]byte
	span
}

// next is where the chunk behind this one begins: chunks begin at even offsets.
func (c chunk) next() int64 { return c.to + (c.to-c.from)&1 }

func (r *reader) warn(format string, args ...any) {
	r.media.Warnings = append(r.media.Warnings, fmt.Sprintf(format, args...))
}

// headers reads all that comes before the frames.
func (r *reader) headers() error {
	if err := r.riff(); err != nil {
		return err
	}
	for at := int64(riffHeader); r.movi.from == 0; {
		c, err := r.chunk(at)
		if err != nil {
			return fmt.Errorf("look for the frames: %w", err)
		}
		if string(c.name[:]) == "LIST" {
			err = r.list(c)
		}
		if err != nil {
			return err
		}
		at = c.next()
	}
	if len(r.streams) == 0 {
		return fmt.Errorf("%w: no stream is described before the frames at %d", library.ErrMalformed, r.movi.from)
	}
	return nil
}

// riff reads how long the file says that it is.
func (r *reader) riff() error {
	b, err := r.src.Available(0, riffHeader)
	switch {
	case err != nil:
		return err
	case len(b) < riffHeader:
		return fmt.Errorf("%w: it ends at %d, within its first header", library.ErrIncomplete, len(b))
	case !Is(b):
		return fmt.Errorf("%w: it does not begin like an AVI file", library.ErrMalformed)
	}
	r.riffEnd = chunkHeader + int64(binary.LittleEndian.Uint32(b[4:]))
	return nil
}

// chunk reads the header of the chunk at an offset. Where the chunk ends is not checked.
func (r *reader) chunk(at int64) (chunk, error) {
	if r.chunks++; r.chunks > maxChunks {
		return chunk{}, fmt.Errorf("%w: more than %d chunks before %d", library.ErrMalformed, maxChunks, at)
	}
	b, err := r.src.Bytes(at, chunkHeader)
	if err != nil {
		return chunk{}, err
	}
	from := at + chunkHeader
	return chunk{name: [4]byte(b), span: span{from, from + int64(binary.LittleEndian.Uint32(b[4:]))}}, nil
}

// list reads a list of the file itself.
func (r *reader) list(c chunk) error {
	kind, err := r.src.Bytes(c.from, 4)
	if err != nil {
		return fmt.Errorf("look for the frames: %w", err)
	}
	inside := span{c.from + 4, c.to}
	switch string(kind) {
	case "hdrl":
		return r.each(inside, "the headers", r.header)
	case "INFO":
		return r.each(inside, "the texts", r.info)
	case "movi":
		if r.movi = inside; inside.to <= inside.from { // never filled in: the frames go on to the end of the file
			r.movi.to = r.src.Size()
		}
	}
	return nil
}

// each calls read with every chunk of a list. All of them have to lie in it, and it in the file.
func (r *reader) each(list span, what string, read func(chunk) error) error {
	switch {
	case list.to < list.from:
		return fmt.Errorf("%w: %s at %d have no room for their name", library.ErrMalformed, what, list.from)
	case list.to > r.src.Size():
		return fmt.Errorf("%w: it ends at %d, within %s, which go on to %d", library.ErrIncomplete, r.src.Size(), what, list.to)
	}
	for at := list.from; at+chunkHeader <= list.to; {
		c, err := r.chunk(at)
		if err != nil {
			return fmt.Errorf("read %s: %w", what, err)
		}
		if c.to > list.to {
			return fmt.Errorf("%w: the chunk at %d is longer than the list that it is in", library.ErrMalformed, at)
		}
		if err := read(c); err != nil {
			return err
		}
		at = c.next()
	}
	return nil
}

// bytes gives the first bytes of a chunk, at most limit, which is not more than source.MaxPiece.
func (r *reader) bytes(c chunk, limit int) ([]byte, error) {
	return r.src.Bytes(c.from, int(min(c.to-c.from, int64(limit))))
}

// unfinished tells whether the file still has the size in its header that programs write while they do not know it.
func (r *reader) unfinished() bool {
	return r.riffEnd == chunkHeader || r.riffEnd == chunkHeader+unknownSize
}

const unknownSize = 1<<32 - 1

// followTheFile warns where the file ends before its RIFF chunks do.
func (r *reader) followTheFile() error {
	end := r.riffEnd
	if r.unfinished() {
		r.warn("the sizes in its header were never filled in: it is still being written, or its writing was cut short")
		return nil
	}
	for range maxTracks { // so many RIFF chunks of a gigabyte are enough
		b, err := r.src.Available(end, riffHeader)
		if err != nil {
			return fmt.Errorf("look for the end of the file: %w", err)
		}
		if len(b) < riffHeader || string(b[:4]) != "RIFF" || string(b[8:12]) != "AVIX" {
			break
		}
		end += chunkHeader + int64(binary.LittleEndian.Uint32(b[4:]))
	}
	if missing := end - r.src.Size(); missing > 0 {
		r.warn("the file ends %d bytes before what its header announces", missing)
	}
	return nil
}
