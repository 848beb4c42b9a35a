package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// wantSeen draws on a terminal of 40 columns, and compares what a person sees.
func wantSeen(t *testing.T, want string, act func(*screen, *teletype)) {
	t.Helper()
	tt := newTeletype(t, 40)
	act(&screen{out: tt, width: func() int { return tt.width }}, tt)
	if got := tt.text(); got != want {
		t.Errorf("one sees\n%s\nwant\n%s", got, want)
	}
}

func drawn(texts ...string) []screenLine {
	var lines []screenLine
	for _, text := range texts {
		lines = append(lines, screenLine{text, columns(text)})
	}
	return lines
}

func TestScreen(t *testing.T) {
	t.Run("DrawsInPlace", func(t *testing.T) {
		wantSeen(t, "before\n20 %\nb.mkv", func(s *screen, _ *teletype) {
			fmt.Fprintln(s, "before")
			s.draw(drawn("10 % and more", "a much longer name.mkv")...)
			s.draw(drawn("20 %", "b.mkv")...)
		})
	})
	t.Run("LeavesNothingBehind", func(t *testing.T) {
		wantSeen(t, "before\nafter", func(s *screen, _ *teletype) {
			fmt.Fprintln(s, "before")
			s.draw(drawn("one", "two", "three")...)
			s.draw(drawn("one")...)
			s.draw()
			fmt.Fprintln(s, "after")
		})
	})
	t.Run("LogLinesGoByAboveIt", func(t *testing.T) {
		wantSeen(t, "WARNING first\nWARNING second\n50 %\na.mkv", func(s *screen, _ *teletype) {
			s.draw(drawn("50 %", "a.mkv")...)
			fmt.Fprintln(s, "WARNING first")
			fmt.Fprintln(s, "WARNING second")
		})
	})
	t.Run("HalfALineIsNotCoveredUp", func(t *testing.T) {
		wantSeen(t, "half a line\n50 %", func(s *screen, _ *teletype) {
			s.draw(drawn("50 %")...)
			fmt.Fprint(s, "half ")
			fmt.Fprintln(s, "a line")
			s.draw(drawn("50 %")...)
		})
	})
	t.Run("ATerminalThatBecomesNarrowerIsCleanedAllTheSame", func(t *testing.T) {
		wantSeen(t, "before\nshort", func(s *screen, tt *teletype) {
			fmt.Fprintln(s, "before")
			s.draw(drawn(strings.Repeat("#", 39), strings.Repeat("x", 35))...)
			tt.resize(15)
			s.draw(drawn("short")...)
		})
	})
	t.Run("ATerminalThatBecomesWiderToo", func(t *testing.T) {
		wantSeen(t, "before\nshort", func(s *screen, tt *teletype) {
			fmt.Fprintln(s, "before")
			s.draw(drawn(strings.Repeat("#", 39), strings.Repeat("x", 35))...)
			tt.resize(100)
			s.draw(drawn("short")...)
		})
	})
	t.Run("TellsALogLineThatCouldNotBeWritten", func(t *testing.T) {
		gone := errors.New("gone")
		s := &screen{out: failingWriter{gone}, width: func() int { return 80 }}
		s.draw(drawn("50 %")...)
		if _, err := s.Write([]byte("x\n")); !errors.Is(err, gone) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("IsForSeveralGoroutines", func(t *testing.T) {
		tt := newTeletype(t, 40)
		s := &screen{out: tt, width: func() int { return 40 }}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 100 {
					s.draw(drawn("50 %", "a.mkv")...)
					fmt.Fprintln(s, "a line")
				}
			})
		}
		group.Wait()
		s.draw()
		if got := tt.text(); got != strings.TrimSpace(strings.Repeat("a line\n", 400)) {
			t.Errorf("one sees %d bytes: %.200s", len(got), got)
		}
	})
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
