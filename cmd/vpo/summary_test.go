package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"vpo/internal/scan"
)

func TestDescribeScan(t *testing.T) {
	t.Run("OfNothingNewIsThreeLines", func(t *testing.T) {
		s := scan.Summary{FilesFound: 312, FilesSkipped: 312, DirectoriesScanned: 41, ElapsedSeconds: 0.3}
		want := "Scanned 312 video files in 41 folders, 0.3 s\n  0 new, 0 updated, 312 unchanged, 0 missing, 0 failed\nLibrary: /l.db\n"
		if got := describeScan(s, nil, "/l.db", 80); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	})
	t.Run("TellsWhatWasReadAndHowFast", func(t *testing.T) {
		s := scan.Summary{FilesRead: 400, BytesRead: 52e6, SecondOpinions: 3, ElapsedSeconds: 2}
		if got := describeScan(s, nil, "", 80); !strings.Contains(got, "  400 files read, 52.0 MB, 200/s; 3 needed ffprobe (0.8 %)\n") {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("SaysInWordsWhatIsNotTheRule", func(t *testing.T) {
		s := scan.Summary{FilesMoved: 2, FilesIgnored: 5, FilesPending: 7, Interrupted: true}
		got := describeScan(s, nil, "", 80)
		for _, want := range []string{"Interrupted after 0 video files", "  0 new, 0 updated, 2 moved, 0 unchanged,", "  5 passed over: samples", "  7 without their tracks: install ffprobe"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is missing in\n%s", want, got)
			}
		}
	})
	t.Run("ADryRunSaysThatNothingWasWritten", func(t *testing.T) {
		got := describeScan(scan.Summary{DryRun: true}, nil, "/l.db", 80)
		if !strings.Contains(got, "Nothing was written") || strings.Contains(got, "/l.db") {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("SaysThatNotAllWasStored", func(t *testing.T) {
		got := describeScan(scan.Summary{FilesNew: 3, FilesFound: 3}, errors.New("disk is full"), "/l.db", 80)
		if !strings.Contains(got, "Stopped after 3 video files") || !strings.Contains(got, "/l.db, where the last of these are not stored") {
			t.Errorf("got\n%s", got)
		}
		if got := describeScan(scan.Summary{}, scan.ErrRoot, "/l.db", 80); strings.Contains(got, "Stopped") {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("IsAPageHoweverMuchThereIs", func(t *testing.T) {
		s := scan.Summary{FilesMoved: 1, FilesIgnored: 1, FilesPending: 1, FilesRead: 1, Breakdown: scan.Breakdown{
			Containers: many(30), VideoCodecs: many(30), Resolutions: many(30), DynamicRanges: many(30),
			AudioCodecs: many(30), AudioLanguages: many(30), SubtitleLanguages: many(30),
		}}
		for i := range 1000 {
			s.Errors = append(s.Errors, scan.FileError{Path: "/x", Error: fmt.Sprintf("reason %d of a rather long kind, longer than any line is wide enough for", i)})
		}
		got := describeScan(s, nil, "/l.db", 80)
		if n := strings.Count(got, "\n"); n > 40 {
			t.Errorf("%d lines:\n%s", n, got)
		}
		wantNarrow(t, got, 80)
	})
}

// many are counts of many names.
func many(n int) map[string]int {
	counts := map[string]int{}
	for i := range n {
		counts[fmt.Sprintf("name %02d that is too long by far", i)] = 1000 - i
	}
	return counts
}

// wantNarrow checks that no line of a text is wider than a terminal.
func wantNarrow(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.Lines(text) {
		if n := columns(strings.TrimSuffix(line, "\n")); n > width {
			t.Errorf("a line takes %d columns of %d: %q", n, width, line)
		}
	}
}

func TestTallies(t *testing.T) {
	t.Run("StandSideBySide", func(t *testing.T) {
		got := tallies(scan.Breakdown{
			Containers:     map[string]int{"matroska,webm": 12, "mov,mp4,m4a,3gp,3g2,mj2": 3},
			AudioLanguages: map[string]int{"eng": 10, "und": 2, "qqx": 1},
		}, 80)
		want := "" +
			"  CONTAINER      LANGUAGE\n" +
			"  Matroska  12   English  10\n" +
			"  MP4        3   unknown   2\n" +
			"                 qqx       1\n"
		if got != want {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("OfNothingAreNothing", func(t *testing.T) {
		if got := tallies(scan.Breakdown{Containers: map[string]int{}}, 80); got != "" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("SumUpTheRareOnes", func(t *testing.T) {
		got := newTally("X", map[string]int{"a": 9, "b": 8, "c": 7, "d": 6, "e": 5, "f": 2, "g": 1}, orUnknown)
		if len(got.names) != 6 || got.names[5] != "2 others" || got.times[5] != 3 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("ANameOutOfAFileIsPrintable", func(t *testing.T) {
		got := tallies(scan.Breakdown{VideoCodecs: map[string]int{"\x1b[2J": 1}}, 80)
		if strings.Contains(got, "\x1b") {
			t.Errorf("got %q", got)
		}
	})
}

func TestReasons(t *testing.T) {
	failures := func(whys ...string) []scan.FileError {
		var errors []scan.FileError
		for _, why := range whys {
			errors = append(errors, scan.FileError{Path: "/a", Error: why})
		}
		return errors
	}
	t.Run("AFewNeedNone", func(t *testing.T) {
		if got := reasons(failures("a", "a", "b"), 80); got != "" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("AreCountedWithoutTheirDetails", func(t *testing.T) {
		got := reasons(failures("cut short (at 5)", "empty", "cut short (at 7)", "cut short"), 80)
		if got != "What went wrong:\n  3  cut short\n  1  empty\n" {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("TheRareOnesAreOneLine", func(t *testing.T) {
		if got := reasons(failures("a", "b", "c", "d", "e", "f", "g"), 80); !strings.HasSuffix(got, "  1  c\n  and 4 other reasons\n") {
			t.Errorf("got\n%s", got)
		}
	})
}
