// Package mpegts reads MPEG transport streams (ISO/IEC 13818-1): broadcast recordings, camera files and Blu-ray streams, in
// packets of 188 bytes, of 192 (Blu-ray and AVCHD, each behind a time stamp) or of 204 (behind each 16 bytes of Reed-Solomon
// code).
//
// A transport stream has no header. What it holds is told again and again by its tables: the program association table
// names the programs, and the map of each program names its streams. What a stream is like, its codec tells at every point
// where decoding may begin. So the beginning of the file is read until each picture and each sound has told, and its end for
// the last time stamps, which tell how long it lasts. A file that was cut anywhere stays readable.
//
// What comes out is what ffprobe tells of the same file. Three things differ: a stream with several languages has the first
// of them, where ffprobe gives a list; the subtitles of teletext that are for the hard of hearing say so; and streams that
// appear later than at the beginning of the file are not looked for as long as ffprobe looks for them.
package mpegts

import (
	"fmt"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

// How much of a file is read.
const (
	maxBeginning = 2 << 20   // bytes in which everything has to be found
	enough       = 384 << 10 // bytes after which nothing but codecs is waited for
	firstPiece   = 64 << 10  // bytes that are read at once at the beginning: they are there already
	piece        = 256 << 10 // bytes that are read at once further on
)

// Read reads a transport stream.
//
// The error is library.ErrIncomplete where the file ends before the tables that tell what it holds, library.ErrMalformed
// where it is no transport stream or has no such tables in its first two megabytes, or one of source.Source.
func Read(src *source.Source) (library.Media, error) {
	r := reader{src: src, media: library.Media{ContainerFormat: "mpegts", Reader: library.ReaderNative}}
	if err := r.beginning(); err != nil {
		return library.Media{}, err
	}
	if r.lost > 0 {
		r.media.Warnings = append(r.media.Warnings, fmt.Sprintf("%d bytes at the beginning belong to no packet", r.lost))
	}
	r.rates()
	if err := r.end(); err != nil {
		return library.Media{}, fmt.Errorf("look for the last time stamps: %w", err)
	}
	r.durations()
	r.media.Tracks = make([]library.Track, len(r.streams))
	for i := range r.streams {
		r.media.Tracks[i] = r.streams[i].track
	}
	return r.media, nil
}

// reader is one reading of one file.
type reader struct {
	src      *source.Source
	media    library.Media
	framing  framing
	programs []program
	streams  []stream
	maps     int            // programs whose map has been read
	pids     [maxPID]uint16 // what a packet is for: an index into programs or streams, and of which of them
	table    section        // the program association table
	lost     int            // bytes that belong to no packet
}

// What the entries of reader.pids are.
const (
	forNobody  = 0
	forProgram = 1 << 14 // plus the index
	forStream  = 2 << 14 // plus the index
	indexMask  = 1<<14 - 1
)

// beginning reads the file from its beginning until all streams have told what they are. It looks for the tables before,
// since streams may begin before the tables that tell of them.
func (r *reader) beginning() error {
	if err := r.detect(); err != nil {
		return err
	}
	if err := r.forward(r.mapped, r.tables); err != nil {
		return err
	}
	r.lost = 0
	if err := r.forward(r.satisfied, r.first); err != nil {
		return err
	}
	for i := range r.streams {
		r.streams[i].ask() // what has not been seen to its end
	}
	if len(r.streams) > 0 {
		return nil
	}
	if r.src.Size() <= maxBeginning {
		return fmt.Errorf("%w: it ends at %d, before it tells what it holds", library.ErrIncomplete, r.src.Size())
	}
	return fmt.Errorf("%w: its first %d bytes do not tell what it holds", library.ErrMalformed, maxBeginning)
}

// forward reads the beginning of the file piece by piece, until enough of it has been read.
func (r *reader) forward(enough func(read int64) bool, take func(packet)) error {
	at, n := int64(r.framing.offset), firstPiece
	for at < min(maxBeginning, r.src.Size()) && !enough(at) {
		next, err := r.packets(at, n, take)
		if err != nil {
			return fmt.Errorf("read the packets at %d: %w", at, err)
		}
		if next <= at {
			break
		}
		at, n = next, piece
	}
	return nil
}

// mapped tells whether the maps of all programs have been read, as far as they are likely to come: a recording of one
// program may still have the table of all.
func (r *reader) mapped(read int64) bool {
	return len(r.streams) > 0 && (r.maps == len(r.programs) || read >= enough)
}

// satisfied tells whether nothing is left to be learned from the beginning, of which so many bytes have been read.
func (r *reader) satisfied(read int64) bool {
	for i := range r.streams {
		if r.streams[i].awaited(read) {
			return false
		}
	}
	return true
}

// tables takes one packet of the beginning for the tables.
func (r *reader) tables(p packet) {
	if p.pid == pidPAT {
		r.table.feed(p, r.association)
		return
	}
	if what := r.pids[p.pid]; what&^indexMask == forProgram {
		program := int(what & indexMask)
		r.programs[program].section.feed(p, func(table []byte) { r.programMap(program, table) })
	}
}

// first takes one packet of the beginning for its stream.
func (r *reader) first(p packet) {
	if what := r.pids[p.pid]; what&^indexMask == forStream {
		r.elementary(int(what&indexMask), p)
	} else {
		r.tables(p)
	}
}
