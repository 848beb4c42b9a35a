package matroska

import (
	"math"

	"vpo/internal/library"
)

const maxChapters = 2000 // of one file

// readChapters reads the chapters of the edition that is played unless the viewer chooses (RFC 9559, 5.1.7): the one
// that says so, else the first.
func (r *reader) readChapters(w walker) error {
	var chosen walker
	for w.next() {
		if w.id != idEdition {
			continue
		}
		preferred := false
		edition := w.inside()
		for edition.next() {
			if edition.id == idEditionDefault {
				preferred = edition.flag()
			}
		}
		if w.err = edition.err; w.err == nil && (preferred || chosen.doc == nil) {
			chosen = w.inside()
		}
		if preferred {
			break
		}
	}
	if chosen.doc != nil {
		if err := r.readEdition(chosen); err != nil {
			return err
		}
	}
	return w.err
}

// readEdition reads the chapters of an edition. Like ffprobe it leaves out those that lie in others, and those that do
// not begin behind the one before.
func (r *reader) readEdition(w walker) error {
	last := 0.0
	for w.next() && len(r.media.Chapters) < maxChapters {
		if w.id != idChapterAtom {
			continue
		}
		c, err := readChapter(w.inside())
		if w.err = err; err == nil && (last == 0 || c.StartSeconds > last) {
			r.media.Chapters = append(r.media.Chapters, c)
			last = c.StartSeconds
		}
	}
	return w.err
}

// readChapter reads one chapter. Of several titles, in several languages, ffprobe takes the last.
func readChapter(w walker) (library.Chapter, error) {
	var c library.Chapter
	for w.next() {
		switch w.id {
		case idChapterStart:
			c.StartSeconds = chapterTime(w.uint())
		case idChapterEnd:
			c.EndSeconds = chapterTime(w.uint())
		case idChapterDisplay:
			display := w.inside()
			for display.next() {
				if display.id == idChapterString {
					c.Title = display.text(maxText)
				}
			}
			w.err = display.err
		}
	}
	return c, w.err
}

// chapterTime makes seconds of nanoseconds; those of chapters do not depend on the scale of the segment. They are
// rounded to the microsecond, which is how ffprobe writes them.
func chapterTime(nanoseconds uint64) float64 {
	s := math.Round(float64(nanoseconds)/1000) / 1e6
	if s > math.MaxInt32 {
		return 0
	}
	return s
}

// endChapters ends every chapter that does not tell its end where the next one begins, the last one with the film.
func (r *reader) endChapters() {
	chapters := r.media.Chapters
	for i := range chapters {
		if c := &chapters[i]; c.EndSeconds <= c.StartSeconds {
			c.EndSeconds = 0
			if i+1 < len(chapters) {
				c.EndSeconds = chapters[i+1].StartSeconds
			} else if r.media.DurationSeconds > c.StartSeconds {
				c.EndSeconds = r.media.DurationSeconds
			}
		}
	}
}
