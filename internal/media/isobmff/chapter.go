package isobmff

import (
	"math"

	"vpo/internal/library"
)

// maxReferences is how many chapter tracks a file may name.
const maxReferences = 8

// chapterReference reads the numbers of the tracks that hold the chapters of another (QuickTime File Format, "Chapter
// Lists").
func (r *reader) chapterReference(b box) error {
	data, err := r.leaf(b, 4*maxReferences)
	if err != nil {
		return err
	}
	r.movie.chapters = r.movie.chapters[:0] // as in ffprobe, the last track that names some decides
	for c := (cursor{data: data}); len(c.data) >= 4; {
		r.movie.chapters = append(r.movie.chapters, c.u32())
	}
	return nil
}

// neroChapters reads chpl, a list with times in units of 100 ns. It is not in any standard.
func (r *reader) neroChapters(b box) error {
	data, err := r.leaf(b, 9+255*(9+255))
	if err != nil {
		return err
	}
	c := cursor{data: data}
	if version := c.u8(); version > 0 {
		c.u32()
	}
	c.take(3)
	for range c.u8() {
		start, title := c.u64(), c.take(c.u8())
		if c.short || len(r.movie.marks) >= maxChapters {
			break
		}
		r.movie.marks = append(r.movie.marks, library.Chapter{
			StartSeconds: float64(min(start, math.MaxInt64)) / 1e7,
			Title:        plainText(title),
		})
	}
	return nil
}

// chapters reads the tracks of chapters. Such a track is data to ffprobe, or a row of pictures.
func (r *reader) chapters() error {
	for _, id := range r.movie.chapters {
		for i := range r.streams {
			s := &r.streams[i]
			if s.id != id || id == 0 || s.Type == library.TrackVideo {
				continue
			}
			s.Type, s.Codec = library.TrackOther, "bin_data"
			if err := r.tolerate("list of chapters", r.chapterTrack(s)); err != nil {
				return err
			}
		}
	}
	if len(r.media.Chapters) == 0 {
		r.media.Chapters = r.movie.marks
	}
	r.endChapters()
	return nil
}

// endChapters lets a chapter that has no end last until the next one, or the end of the film.
func (r *reader) endChapters() {
	chapters := r.media.Chapters
	for i := range chapters {
		if chapters[i].EndSeconds > 0 {
			continue
		}
		chapters[i].EndSeconds = max(chapters[i].StartSeconds, r.media.DurationSeconds)
		if i+1 < len(chapters) && chapters[i+1].StartSeconds > chapters[i].StartSeconds {
			chapters[i].EndSeconds = chapters[i+1].StartSeconds
		}
	}
}

// sampleTable is a whole sample table, which only tracks with few samples have read.
type sampleTable struct {
	times   []uint32 // pairs: samples, length
	sizes   []uint32
	size    uint32   // of all samples, where they are equal
	runs    []uint32 // triples: first chunk, samples in a chunk, description
	offsets []uint32 // of chunks
	wide    bool     // two numbers make an offset
}

// chapterTrack reads the samples of a text track as chapters.
func (r *reader) chapterTrack(s *stream) error {
	t, err := r.wholeTable(s)
	if err != nil {
		return err
	}
	shift := s.edits.start
	time, run := int64(0), 0
	chunk, inChunk, at := 0, uint32(0), int64(0)
	var lasting uint32
	for i := 0; len(r.media.Chapters) < maxChapters; i++ {
		for lasting == 0 && 2*run+1 < len(t.times) {
			lasting, run = t.times[2*run], run+1
		}
		size, known := t.sizeOf(i)
		if lasting == 0 || !known {
			break
		}
		if inChunk == 0 {
			if at, inChunk = t.chunk(chunk); inChunk == 0 {
				break
			}
			chunk++
		}
		length := int64(t.times[2*run-1])
		title, err := r.chapterTitle(at, size)
		if err != nil {
			return err
		}
		r.media.Chapters = append(r.media.Chapters, library.Chapter{
			StartSeconds: seconds(max(0, time-shift), s.timescale),
			EndSeconds:   seconds(max(0, time+length-shift), s.timescale),
			Title:        title,
		})
		time += length
		at += int64(size)
		inChunk--
		lasting--
	}
	return nil
}

// wholeTable reads a sample table, up to maxChapters entries of each of its parts.
func (r *reader) wholeTable(s *stream) (t sampleTable, err error) {
	for boxes := r.inside(s.table); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return t, err
		}
		switch string(b.kind[:]) {
		case "stts":
			t.times, err = r.numbers(b, 8, 2)
		case "stsc":
			t.runs, err = r.numbers(b, 8, 3)
		case "stco":
			t.offsets, err = r.numbers(b, 8, 1)
		case "co64":
			t.wide = true
			t.offsets, err = r.numbers(b, 8, 2)
		case "stsz":
			var head []byte
			if head, err = r.leaf(b, 8); err == nil && len(head) == 8 {
				c := cursor{data: head[4:]}
				t.size = c.u32()
				t.sizes, err = r.numbers(b, 12, 1)
			}
		}
		if err != nil {
			return t, err
		}
	}
}

// sizeOf gives the size of a sample in bytes, and false behind the last one.
func (t *sampleTable) sizeOf(i int) (uint32, bool) {
	switch {
	case t.size > 0:
		return t.size, true
	case i < len(t.sizes):
		return t.sizes[i], true
	}
	return 0, false
}

// chunk gives the offset of a chunk, and how many samples it has; none behind the last one.
func (t *sampleTable) chunk(i int) (at int64, samples uint32) {
	switch {
	case t.wide && 2*i+1 < len(t.offsets):
		at = int64(t.offsets[2*i]&math.MaxInt32)<<32 | int64(t.offsets[2*i+1])
	case !t.wide && i < len(t.offsets):
		at = int64(t.offsets[i])
	default:
		return 0, 0
	}
	for j := 0; j+2 < len(t.runs) && int64(t.runs[j]) <= int64(i)+1; j += 3 {
		samples = t.runs[j+1]
	}
	return at, samples
}

// chapterTitle reads a sample of text: its length in bytes, and the characters (QuickTime File Format, "Text Sample Data").
func (r *reader) chapterTitle(at int64, size uint32) (string, error) {
	data, err := r.src.Available(at, int(min(size, 4*maxTitle)))
	if err != nil || len(data) < 2 {
		return "", err
	}
	c := cursor{data: data}
	length := c.u16()
	return cut(markedText(c.take(min(length, len(c.data))))), nil
}
