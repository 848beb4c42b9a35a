package scan

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"time"

	"vpo/internal/library"
)

// Summary is what came of a scan; as JSON it is what `vpo scan --json` prints.
type Summary struct {
	FilesFound         int         `json:"files_found"`     // new, updated, moved, skipped and failed together
	FilesNew           int         `json:"files_new"`       // not in the catalogue before
	FilesUpdated       int         `json:"files_updated"`   // read again: changed, back again, or asked for
	FilesMoved         int         `json:"files_moved"`     // catalogued under another path before
	FilesSkipped       int         `json:"files_skipped"`   // unchanged
	FilesMissing       int         `json:"files_missing"`   // catalogued, and found gone by this scan
	FilesFailed        int         `json:"files_failed"`    // could not be read
	FilesPending       int         `json:"files_pending"`   // of the new and updated ones: tracks not read for want of a prober
	FilesIgnored       int         `json:"files_ignored"`   // not found: samples, and what .vpoignore and .nomedia name
	FilesRead          int         `json:"files_read"`      // contents looked into
	SecondOpinions     int         `json:"second_opinions"` // of these, asked of ffprobe, too
	BytesRead          int64       `json:"bytes_read"`      // by this program itself
	ElapsedSeconds     float64     `json:"elapsed_seconds"`
	DirectoriesScanned int         `json:"directories_scanned"`
	DryRun             bool        `json:"dry_run"`
	Interrupted        bool        `json:"interrupted"`
	Breakdown          Breakdown   `json:"breakdown"` // of the files that were read
	Errors             []FileError `json:"errors"`    // by path; never null
	Notes              []Note      `json:"notes"`     // what is worth knowing and no error; by path; never null
}

// Note is something about a path that a person may want to know.
type Note struct {
	Path string `json:"path"` // bytes that are no UTF-8 as \xff
	Note string `json:"note"`
}

// FileError is why a file or folder could not be read.
type FileError struct {
	Path  string `json:"path"` // bytes that are no UTF-8 as \xff
	Error string `json:"error"`
}

// Outcome is what became of a file.
type Outcome string

// What can become of a file.
const (
	OutcomeNew     Outcome = "new"
	OutcomeUpdated Outcome = "updated"
	OutcomeMoved   Outcome = "moved"
	OutcomeSkipped Outcome = "skipped"
	OutcomeFailed  Outcome = "failed"
	OutcomeMissing Outcome = "missing"
	OutcomePending Outcome = "pending"
)

// Event is what became of one file, as it is stored. An unchanged file is none. A file that turns out to have been moved
// was new in an earlier event.
type Event struct {
	Path    string  `json:"path"`
	Outcome Outcome `json:"outcome"`
	From    string  `json:"from,omitempty"`  // where a moved file was
	Error   string  `json:"error,omitempty"` // why a file failed
}

// report counts, for several goroutines.
type report struct {
	meter *Meter

	mu      sync.Mutex
	summary Summary
}

func newReport(meter *Meter, dryRun bool) *report {
	return &report{meter: meter, summary: NoSummary(Options{DryRun: dryRun})}
}

// NoSummary is that of a scan which has not begun.
func NoSummary(opts Options) Summary {
	return Summary{DryRun: opts.DryRun, Errors: []FileError{}, Notes: []Note{}, Breakdown: newBreakdown()}
}

// found counts files that the walk has met.
func (r *report) found(n int) { r.meter.found.Add(int64(n)) }

// vanished takes back a file that was gone when it was to be read.
func (r *report) vanished() { r.meter.found.Add(-1) }

// reading says which file is being read.
func (r *report) reading(path *string) { r.meter.path.Store(path) }

// read counts a file that was looked into, and how many of its bytes were read.
func (r *report) read(bytes int64) {
	r.meter.read.Add(1)
	r.meter.bytes.Add(bytes)
}

// settled counts what became of files.
func (r *report) settled(what Outcome, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch what {
	case OutcomeNew:
		r.summary.FilesNew += n
	case OutcomeUpdated:
		r.summary.FilesUpdated += n
	case OutcomeSkipped:
		r.summary.FilesSkipped += n
	case OutcomeFailed:
		r.summary.FilesFailed += n
		r.meter.failed.Add(int64(n))
	}
	r.meter.done.Add(int64(n))
}

// contents counts what a file holds.
func (r *report) contents(media *library.Media) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.Breakdown.add(media)
	if media.Reader == library.ReaderFFprobe {
		r.summary.SecondOpinions++
	}
}

func (r *report) pending() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.FilesPending++
}

func (r *report) ignored(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.FilesIgnored += n
}

func (r *report) folder() { r.meter.folders.Add(1) }

func (r *report) missing(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.FilesMissing += n
}

// moved makes new files moved ones.
func (r *report) moved(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.FilesMoved += n
	fresh := min(n, r.summary.FilesNew)
	r.summary.FilesNew -= fresh
	r.summary.FilesSkipped = max(0, r.summary.FilesSkipped-(n-fresh)) // left over from a scan that was interrupted
}

// nothingNew tells whether no new file was read.
func (r *report) nothingNew() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.summary.FilesNew == 0
}

// problem tells of a file or folder. It is no count: a file's failure is counted by settled.
func (r *report) problem(path, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.Errors = append(r.summary.Errors, FileError{Path: library.ValidUTF8(path), Error: why})
}

// note tells of what is no problem.
func (r *report) note(path, what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.summary.Notes = append(r.summary.Notes, Note{Path: library.ValidUTF8(path), Note: what})
}

// finish returns the summary, with its errors in order.
func (r *report) finish(took time.Duration) Summary {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, p := r.summary, r.meter.Progress()
	s.FilesFound = s.FilesNew + s.FilesUpdated + s.FilesMoved + s.FilesSkipped + s.FilesFailed
	s.FilesRead, s.BytesRead, s.DirectoriesScanned = p.Read, p.BytesRead, p.Folders
	s.ElapsedSeconds = math.Round(took.Seconds()*1000) / 1000
	s.Errors, s.Notes = slices.Clone(s.Errors), slices.Clone(s.Notes)
	slices.SortFunc(s.Errors, func(a, b FileError) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Error, b.Error))
	})
	slices.SortFunc(s.Notes, func(a, b Note) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Note, b.Note)) })
	return s
}
