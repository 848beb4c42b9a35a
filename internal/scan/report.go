package scan

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"vpo/internal/library"
)

// Summary is what came of a scan; as JSON it is what `vpo scan --json` prints.
type Summary struct {
	FilesFound         int         `json:"files_found"`   // new, updated, skipped and failed together
	FilesNew           int         `json:"files_new"`     // not in the catalogue before
	FilesUpdated       int         `json:"files_updated"` // read again: changed, back again, or asked for
	FilesSkipped       int         `json:"files_skipped"` // unchanged
	FilesMissing       int         `json:"files_missing"` // catalogued, and found gone by this scan
	FilesFailed        int         `json:"files_failed"`  // could not be read
	FilesPending       int         `json:"files_pending"` // of the new and updated ones: tracks not read for want of a prober
	ElapsedSeconds     float64     `json:"elapsed_seconds"`
	DirectoriesScanned int         `json:"directories_scanned"`
	DryRun             bool        `json:"dry_run"`
	Interrupted        bool        `json:"interrupted"`
	Errors             []FileError `json:"errors"` // by path; never null

	FilesMoved     int       `json:"files_moved"`     // of the updated ones: catalogued under another name before
	FilesIgnored   int       `json:"files_ignored"`   // samples, and what .vpoignore and .nomedia name
	FilesRead      int       `json:"files_read"`      // looked into
	SecondOpinions int       `json:"second_opinions"` // of the read ones: ffprobe was needed
	BytesRead      int64     `json:"bytes_read"`      // of the files' contents
	Breakdown      Breakdown `json:"breakdown"`       // of the read ones
}

// FileError is why a file or folder could not be read.
type FileError struct {
	Path  string `json:"path"` // bytes that are no UTF-8 as \xff
	Error string `json:"error"`
}

// outcome is what became of one file.
type outcome int

const (
	fileNew outcome = iota
	fileUpdated
	fileSkipped
	fileFailed
)

// report counts, for several goroutines.
type report struct {
	meter *Meter

	mu       sync.Mutex
	summary  Summary
	outcomes map[string]Outcome // of the files that are on their way to the catalogue
}

func newReport(meter *Meter, dryRun bool) *report {
	summary := Summary{DryRun: dryRun, Errors: []FileError{}, Breakdown: Breakdown{
		Containers: map[string]int{}, VideoCodecs: map[string]int{}, Resolutions: map[string]int{},
		DynamicRanges: map[string]int{}, AudioCodecs: map[string]int{}, AudioLanguages: map[string]int{},
		SubtitleLanguages: map[string]int{},
	}}
	return &report{meter: meter, summary: summary, outcomes: map[string]Outcome{}}
}

// found counts a file that the walk has met.
func (r *report) found(string) {
	r.meter.change(func(p *Progress) { p.Found++ })
}

// reading tells that a file is looked into, and how much of it is hashed.
func (r *report) reading(path string, size int64) {
	size = min(size, 2*hashBlock)
	r.meter.change(func(p *Progress) {
		p.Path, p.Read, p.BytesRead = path, p.Read+1, p.BytesRead+size
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.FilesRead++
	r.summary.BytesRead += size
}

// held counts what a file holds.
func (r *report) held(media library.Media) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if media.Reader != library.ReaderNative {
		r.summary.SecondOpinions++
	}
	b := r.summary.Breakdown
	b.Containers[media.ContainerFormat]++
	for _, t := range media.Tracks {
		switch t.Type {
		case library.TrackVideo:
			b.VideoCodecs[t.Codec]++
			b.Resolutions[fmt.Sprintf("%dp", t.Height)]++
			if t.ColorTransfer == "smpte2084" {
				b.DynamicRanges["HDR10"]++
			} else {
				b.DynamicRanges["SDR"]++
			}
		case library.TrackAudio:
			b.AudioCodecs[t.Codec]++
			b.AudioLanguages[t.Language]++
		case library.TrackSubtitle:
			b.SubtitleLanguages[t.Language]++
		}
	}
}

// vanished takes back a file that was gone when it was to be read.
func (r *report) vanished() {
	r.meter.change(func(p *Progress) { p.Found-- })
}

// settled counts what became of a file.
func (r *report) settled(path string, what outcome, pending bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch what {
	case fileNew:
		r.summary.FilesNew++
		r.outcomes[path] = OutcomeNew
	case fileUpdated:
		r.summary.FilesUpdated++
		r.outcomes[path] = OutcomeUpdated
	case fileSkipped:
		r.summary.FilesSkipped++
	case fileFailed:
		r.summary.FilesFailed++
		r.outcomes[path] = OutcomeFailed
	}
	if pending {
		r.summary.FilesPending++
		r.outcomes[path] = OutcomePending
	}
	r.meter.change(func(p *Progress) {
		p.Done++
		if what == fileFailed {
			p.Failed++
		}
	})
}

// outcome is what became of a file that was settled.
func (r *report) outcome(path string) Outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.outcomes[path]
}

func (r *report) folder() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.DirectoriesScanned++
	r.meter.change(func(p *Progress) { p.Folders++ })
}

func (r *report) missing(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.FilesMissing += n
}

// problem tells of a file or folder. It is no count: a file's failure is counted by settled.
func (r *report) problem(path, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.Errors = append(r.summary.Errors, FileError{Path: printable(path), Error: why})
}

// finish returns the summary, with its errors in order.
func (r *report) finish(took time.Duration) Summary {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.summary
	s.FilesFound = s.FilesNew + s.FilesUpdated + s.FilesSkipped + s.FilesFailed
	s.ElapsedSeconds = math.Round(took.Seconds()*1000) / 1000
	s.Errors = slices.Clone(s.Errors)
	slices.SortFunc(s.Errors, func(a, b FileError) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Error, b.Error))
	})
	return s
}

// printable writes the bytes of a path that are no UTF-8 as \xff.
func printable(path string) string {
	if utf8.ValidString(path) {
		return path
	}
	var b strings.Builder
	for len(path) > 0 {
		r, size := utf8.DecodeRuneInString(path)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, path[0])
		} else {
			b.WriteRune(r)
		}
		path = path[size:]
	}
	return b.String()
}
