package main

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"vpo/internal/library"
	"vpo/internal/scan"
)

// progressEvery is how often a stream of JSON lines tells how far the scan has come.
const progressEvery = time.Second

// eventStream writes what happens in a scan as one JSON object a line: "file" for each file that was stored, "progress"
// about once a second, and "summary" at the end.
type eventStream struct {
	mu  sync.Mutex
	out *json.Encoder
	err error // of the first line that could not be written; nothing is written after it
}

func newEventStream(w io.Writer) *eventStream { return &eventStream{out: newEncoder(w)} }

// newEncoder writes JSON for programs and for people: < and & are as they are.
func newEncoder(w io.Writer) *json.Encoder {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder
}

// start tells of the progress until stop is called.
func (s *eventStream) start(meter *scan.Meter) (stop func()) {
	began := time.Now()
	return every(progressEvery, func(now time.Time) { s.progress(meter.Progress(), now.Sub(began)) })
}

// file tells what became of a file.
func (s *eventStream) file(e scan.Event) {
	e.Path, e.From = library.ValidUTF8(e.Path), library.ValidUTF8(e.From)
	s.write(struct {
		Kind string `json:"event"`
		scan.Event
	}{"file", e})
}

func (s *eventStream) progress(p scan.Progress, elapsed time.Duration) {
	s.write(struct {
		Kind           string  `json:"event"`
		ElapsedSeconds float64 `json:"elapsed_seconds"`
		Expected       *int    `json:"files_expected"` // null where no scan has counted them before
		Folders        int     `json:"directories_scanned"`
		Found          int     `json:"files_found"`
		Done           int     `json:"files_done"`
		Read           int     `json:"files_read"`
		Failed         int     `json:"files_failed"`
		BytesRead      int64   `json:"bytes_read"`
		Walked         bool    `json:"walked"`
		Path           string  `json:"path,omitempty"`
	}{
		"progress", float64(elapsed.Milliseconds()) / 1000, known(p.Expected), p.Folders, p.Found, p.Done, p.Read, p.Failed,
		p.BytesRead, p.Walked, library.ValidUTF8(p.Path),
	})
}

// finish writes the summary as the last line, and returns the error of the first line that could not be written.
func (s *eventStream) finish(summary scan.Summary) error {
	s.write(struct {
		Kind string `json:"event"`
		scan.Summary
	}{"summary", summary})
	return s.err
}

func (s *eventStream) write(line any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = s.out.Encode(line)
	}
}

// known is nil for a number that is not known.
func known[T int | float64](n T) *T {
	if n == 0 {
		return nil
	}
	return &n
}
