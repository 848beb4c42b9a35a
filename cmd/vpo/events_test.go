package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vpo/internal/scan"
)

// parsedLines reads a stream line by line, as a consumer does.
func parsedLines(t *testing.T, text string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for line := range strings.Lines(text) {
		var parsed map[string]any
		if err := json.Unmarshal([]byte(line), &parsed); err != nil || !strings.HasSuffix(line, "}\n") {
			t.Fatalf("%q is no line of JSON: %v", line, err)
		}
		lines = append(lines, parsed)
	}
	return lines
}

func TestEventStream(t *testing.T) {
	t.Run("EachLineIsOneObject", func(t *testing.T) {
		var out bytes.Buffer
		s := newEventStream(&out)
		s.file(scan.Event{Path: "/a\n<b>&\xff.mkv", Outcome: scan.OutcomeFailed, Error: "line one\nline two"})
		s.progress(scan.Progress{Expected: 9, Found: 3, Path: "/\xff"}, 1500*time.Millisecond)
		if err := s.finish(scan.Summary{FilesFound: 3, Errors: []scan.FileError{}}); err != nil {
			t.Fatal(err)
		}
		lines := parsedLines(t, out.String())
		var kinds []string
		for _, line := range lines {
			kinds = append(kinds, line["event"].(string))
		}
		if !slices.Equal(kinds, []string{"file", "progress", "summary"}) {
			t.Fatalf("got %q", kinds)
		}
		if lines[0]["path"] != "/a\n<b>&"+`\xff.mkv` || lines[0]["outcome"] != "failed" || lines[0]["error"] != "line one\nline two" {
			t.Errorf("the file is %v", lines[0])
		}
		if lines[1]["path"] != `/\xff` || lines[1]["files_expected"] != 9.0 || lines[1]["elapsed_seconds"] != 1.5 {
			t.Errorf("the progress is %v", lines[1])
		}
		if lines[2]["files_found"] != 3.0 {
			t.Errorf("the summary is %v", lines[2])
		}
		if !strings.Contains(out.String(), "<b>&") {
			t.Errorf("what HTML would escape is escaped in %s", out.String())
		}
	})
	t.Run("ExpectedIsNullWhereNobodyHasCounted", func(t *testing.T) {
		var out bytes.Buffer
		newEventStream(&out).progress(scan.Progress{}, 0)
		if line := parsedLines(t, out.String())[0]; line["files_expected"] != nil {
			t.Errorf("got %v", line)
		}
	})
	t.Run("TellsTheProgressOnceASecond", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			stop := newEventStream(&out).start(new(scan.Meter))
			time.Sleep(3*time.Second + time.Millisecond)
			stop()
			if lines := parsedLines(t, out.String()); len(lines) != 3 || lines[2]["elapsed_seconds"] != 3.0 {
				t.Errorf("got %v", lines)
			}
		})
	})
	t.Run("AShortScanTellsNoProgress", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			stop := newEventStream(&out).start(new(scan.Meter))
			time.Sleep(progressEvery / 2)
			stop()
			if out.Len() > 0 {
				t.Errorf("got %s", out.String())
			}
		})
	})
	t.Run("LinesOfSeveralGoroutinesStayWhole", func(t *testing.T) {
		var out bytes.Buffer
		s := newEventStream(&out)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 50 {
					s.file(scan.Event{Path: "/a.mkv", Outcome: scan.OutcomeNew})
					s.progress(scan.Progress{}, 0)
				}
			})
		}
		group.Wait()
		if n := len(parsedLines(t, out.String())); n != 400 {
			t.Errorf("%d lines", n)
		}
	})
	t.Run("TheFirstFailureToWriteIsTheError", func(t *testing.T) {
		full := errors.New("disk is full")
		s := newEventStream(failingWriter{full})
		s.file(scan.Event{Path: "/a.mkv"})
		if err := s.finish(scan.Summary{}); !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
	})
}
