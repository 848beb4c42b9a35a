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
	progress func(Progress)

	mu      sync.Mutex
	summary Summary
	now     Progress
}

func newReport(progress func(Progress), dryRun bool) *report {
	if progress == nil {
		progress = func(Progress) {}
	}
	return &report{progress: progress, summary: Summary{DryRun: dryRun, Errors: []FileError{}}}
}

// found counts a file that the walk has met.
func (r *report) found(path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now.Found++
	r.now.Path = path
	r.progress(r.now)
}

// vanished takes back a file that was gone when it was to be read.
func (r *report) vanished() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now.Found--
	r.progress(r.now)
}

// settled counts what became of a file.
func (r *report) settled(path string, what outcome, pending bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch what {
	case fileNew:
		r.summary.FilesNew++
	case fileUpdated:
		r.summary.FilesUpdated++
	case fileSkipped:
		r.summary.FilesSkipped++
	case fileFailed:
		r.summary.FilesFailed++
	}
	if pending {
		r.summary.FilesPending++
	}
	r.now.Done++
	r.now.Path = path
	r.progress(r.now)
}

func (r *report) folder() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.DirectoriesScanned++
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
