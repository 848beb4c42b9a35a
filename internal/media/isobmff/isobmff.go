// Package isobmff reads the headers of MP4, M4V, MOV and 3GP files: the ISO base media file format (ISO/IEC 14496-12) and
// its ancestor, the QuickTime File Format.
//
// A file is a row of boxes ("atoms" in QuickTime), each with a size and a name of four letters, and boxes hold boxes. All
// that is asked for lies in one of them, the index (moov), which stands before or behind the media data (mdat); in a
// fragmented file it is short, and each fragment (moof) goes on where the last one ended. The tables that locate
// every frame grow with the length of a film, up to megabytes: of these a few KiB are read, or nothing at all.
//
// The package follows ffprobe wherever the formats leave a choice, and goes beyond it in a few fields that ffprobe 5.1
// does not show: the title of a track, subtitles in WebVTT and TTML, what Apple's writers say about subtitles that are
// forced or for those who cannot hear, and colours that the container gives where the stream has none.
package isobmff

import (
	"errors"
	"fmt"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

// ContainerFormat is ffprobe's name of the format.
const ContainerFormat = "mov,mp4,m4a,3gp,3g2,mj2"

// ErrCompressed says that the index of a QuickTime file is compressed (a cmov box). Such files are rare and old, and left
// to others.
var ErrCompressed = errors.New("the index (moov) of the file is compressed")

// Limits on what one file may have; ffprobe has the first one too.
const (
	maxStreams  = 1000
	maxChapters = 2000
	maxTags     = 1000
	maxWarnings = 20
)

// Read reads the headers of an MP4 or QuickTime file.
//
// The error is library.ErrIncomplete where the file ends before its index does, library.ErrMalformed where the boxes
// contradict each other, ErrCompressed for a compressed index, source.ErrBudget where the headers are spread too
// widely, or an error of the file system or the context. Media data that end too early are a warning.
func Read(src *source.Source) (library.Media, error) {
	r := reader{src: src, frags: fragments{tail: -1}}
	r.media.ContainerFormat = ContainerFormat
	if err := r.file(); err != nil {
		return library.Media{}, err
	}
	if err := r.finish(); err != nil {
		return library.Media{}, err
	}
	return r.media, nil
}

// Is tells whether a file begins like one of this format: with a file type box, or, as old QuickTime files do, with one of
// the boxes that may come first. Pictures of the same family of formats are not meant.
func Is(head []byte) bool {
	c := cursor{data: head}
	size := c.u32()
	kind := string(c.take(4))
	switch kind {
	case "ftyp":
		switch string(c.take(4)) {
		case "jp2 ", "jpx ", "jxl ", "heic", "heix", "mif1", "avif", "crx ":
			return false
		}
		return size >= 8
	case "moov", "mdat", "wide", "free", "skip", "pnot", "moof", "styp", "sidx", "uuid", "junk", "pict", "udta":
		return size >= 8 || size == 1 || (size == 0 && kind == "mdat")
	}
	return false
}

// reader is the state of reading one file.
type reader struct {
	src   *source.Source
	media library.Media

	streams []stream // in the order in which ffprobe numbers them
	movie   movie
	frags   fragments

	quickTime bool // the brand is QuickTime's, or the file is older than brands
	oldSound  bool // sound descriptions may have the fields of QuickTime
	hasIndex  bool // moov was read
	hasData   bool // an mdat was seen
}

// warn keeps a remark about the file.
func (r *reader) warn(format string, args ...any) {
	if len(r.media.Warnings) < maxWarnings {
		r.media.Warnings = append(r.media.Warnings, fmt.Sprintf(format, args...))
	}
}

// file walks the boxes of the file itself.
func (r *reader) file() error {
	r.quickTime = true // until a brand says otherwise
	for at := int64(0); at <= r.src.Size()-boxHeader; {
		b, err := r.outermost(at)
		if err == nil && b.end <= at {
			break
		}
		next := at
		if err == nil {
			next, err = r.outer(b)
		}
		if r.hasIndex && errors.Is(err, source.ErrBudget) {
			r.estimate(at)
			break
		}
		if err != nil {
			return err
		}
		at = next
	}
	switch {
	case r.hasIndex:
		return nil
	case r.hasData:
		return fmt.Errorf("%w: the index (moov) that belongs at its end is not there (yet)", library.ErrIncomplete)
	}
	return fmt.Errorf("%w: it ends at %d, before its index (moov)", library.ErrIncomplete, r.src.Size())
}

// outermost reads the header of a box that lies in no other. A box without an end is one that cannot be believed, behind
// all that counts.
func (r *reader) outermost(at int64) (box, error) {
	data, err := r.src.Available(at, longHeader)
	if err != nil {
		return box{}, err
	}
	b, err := header(data, at, r.src.Size())
	if err == nil && !b.printable() {
		err = fmt.Errorf("%w: no box begins at %d", library.ErrMalformed, at)
	}
	if err == nil && b.end == at {
		b.end = r.src.Size() // size 0: up to the end of the file
	}
	if allZero(data) || (err != nil && r.hasIndex) {
		if r.hasIndex {
			r.warn("the last %d bytes belong to nothing", r.src.Size()-at)
		}
		return box{}, nil
	}
	return b, err
}

// outer reads a box that lies in no other, and tells where to go on: behind it, or at the end of the file.
func (r *reader) outer(b box) (int64, error) {
	size := r.src.Size()
	if missing := b.end - size; missing > 0 {
		if b.is("mdat") {
			r.hasData = true
		}
		switch {
		case r.hasIndex:
			r.warn("the file ends %d bytes before what its headers announce", missing)
			if !b.is("moof") {
				return size, nil
			}
			b.end = size
		case b.is("mdat"):
			return size, nil // there can be no index behind it, and file says so
		default:
			return 0, fmt.Errorf("%w: it ends %d bytes before its first headers do", library.ErrIncomplete, missing)
		}
	}
	switch string(b.kind[:]) {
	case "ftyp":
		return b.end, r.brands(b)
	case "moov":
		return b.end, r.index(b)
	case "mdat":
		r.hasData = true
	case "moof":
		return r.fragment(b)
	case "sidx":
		return r.segmentIndex(b)
	}
	return b.end, nil
}

// brands reads the file type box (ISO/IEC 14496-12, 4.3). A second one is none of the file's own.
func (r *reader) brands(b box) error {
	if _, ok := r.media.Tags["major_brand"]; ok || r.hasIndex {
		return nil
	}
	data, err := r.leaf(b, maxTagValue)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	major, minor, compatible := c.text(4), c.u32(), c.text(len(c.data))
	r.quickTime = major == "qt  "
	r.oldSound = r.quickTime || contains(compatible, "qt  ")
	r.tag("major_brand", major)
	r.tag("minor_version", decimal(int64(minor)))
	r.tag("compatible_brands", compatible)
	return nil
}
