package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vpo/internal/scan"
)

var (
	plainTerminal  = terminal{live: true, unicode: true}
	colourTerminal = terminal{live: true, unicode: true, colour: true}
)

// drawnBar is what a bar draws after some seconds of an even speed up to p.
func drawnBar(term terminal, p scan.Progress, seconds, width int) []screenLine {
	b := &bar{terminal: term, meter: new(scan.Meter)}
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b.speed.add(sample{at: begin})
	b.speed.add(sample{begin.Add(time.Duration(seconds) * time.Second), p.Done, p.BytesRead})
	return b.show(p, width)
}

func TestBar(t *testing.T) {
	walked := scan.Progress{Expected: 100, Found: 200, Done: 50, Failed: 3, BytesRead: 10e6, Walked: true, Path: "/srv/films/a.mkv"}
	t.Run("ShowsHowFarHowFastAndHowLong", func(t *testing.T) {
		lines := drawnBar(plainTerminal, walked, 5, 80)
		want := strings.Repeat("━", 4) + strings.Repeat("─", 14) + "   25 %  50 of 200 files  3 failed  10/s  2.0 MB/s  0:15 left"
		if len(lines) != 2 || lines[0].text != want || lines[1].text != "  /srv/films/a.mkv" {
			t.Errorf("got %v, want %q", lines, want)
		}
	})
	t.Run("TakesTheTotalOfTheLastScanBeforeTheWalkHasEnded", func(t *testing.T) {
		p := scan.Progress{Expected: 400, Found: 200, Done: 100}
		if got := drawnBar(plainTerminal, p, 5, 80)[0].text; !strings.Contains(got, " 25 %  100 of 400 files") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("IsNeverDoneBeforeTheWalkHasEnded", func(t *testing.T) {
		p := scan.Progress{Expected: 100, Found: 150, Done: 150}
		if got := drawnBar(plainTerminal, p, 5, 80)[0].text; !strings.Contains(got, " 99 %  150 of 150 files") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("CountsWithoutPercentWhereTheTotalIsUnknown", func(t *testing.T) {
		p := scan.Progress{Folders: 1, Found: 20, Done: 10}
		if got := drawnBar(plainTerminal, p, 5, 80)[0].text; !strings.Contains(got, "10 of 20 files so far, 1 folder  2.0/s") || strings.Contains(got, "%") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("TellsNoTimeLeftBeforeItCan", func(t *testing.T) {
		if got := drawnBar(plainTerminal, walked, 1, 80)[0].text; strings.Contains(got, "left") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("HasTwoLinesOnlyWhileSomethingIsRead", func(t *testing.T) {
		if lines := drawnBar(plainTerminal, scan.Progress{}, 5, 80); len(lines) != 1 {
			t.Errorf("got %v", lines)
		}
	})
	t.Run("ANameCannotMoveTheCursor", func(t *testing.T) {
		p := scan.Progress{Path: "/a/\x1b[2J\r\u202e\xff.mkv"}
		if got := drawnBar(plainTerminal, p, 5, 80)[1].text; got != `  /a/\x1b[2J\r\u202e\xff.mkv` {
			t.Errorf("got %q", got)
		}
	})
	t.Run("ALongNameKeepsItsEnd", func(t *testing.T) {
		p := scan.Progress{Path: "/srv/films/" + strings.Repeat("東京", 40) + "/e\u0301.mkv"}
		if got := drawnBar(plainTerminal, p, 5, 30)[1]; !strings.HasPrefix(got.text, "  …") || !strings.HasSuffix(got.text, "/e\u0301.mkv") {
			t.Errorf("got %q", got.text)
		}
	})
	t.Run("DrawsInASCIIWhereTheLocaleHasNothingElse", func(t *testing.T) {
		p := walked
		p.Path = strings.Repeat("x", 100)
		for _, line := range drawnBar(terminal{live: true}, p, 5, 80) {
			if strings.ContainsFunc(line.text, func(r rune) bool { return r > '~' }) {
				t.Errorf("got %q", line.text)
			}
		}
	})
	t.Run("HasColourWhereTheTerminalHasIt", func(t *testing.T) {
		for _, line := range drawnBar(plainTerminal, walked, 5, 80) {
			if strings.Contains(line.text, "\x1b") {
				t.Errorf("got %q without colour", line.text)
			}
		}
		if got := drawnBar(colourTerminal, walked, 5, 80)[0]; !strings.Contains(got.text, "\x1b[31m  3 failed\x1b[0m") {
			t.Errorf("got %q", got.text)
		}
	})
	t.Run("FitsEveryWidth", func(t *testing.T) {
		wide := walked
		wide.Path = "/srv/" + strings.Repeat("東京物語e\u0301👨\u200d👩 ", 30)
		for _, p := range []scan.Progress{{}, walked, wide, {Folders: 1e6, Found: 1e9, Done: 1e9, Path: "x"}} {
			for width := 1; width < 200; width++ {
				for _, line := range drawnBar(plainTerminal, p, 5, width) {
					if line.columns >= max(width, 4) || columns(line.text) != line.columns {
						t.Fatalf("%d columns, counted as %d, on a terminal of %d: %q", columns(line.text), line.columns, width, line.text)
					}
				}
			}
		}
	})
}

func TestStartBar(t *testing.T) {
	t.Run("DrawsAgainAndAgainAndLeavesNothing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tt := newTeletype(t, 80)
			stop := startBar(plainTerminal, &screen{out: tt, width: func() int { return 80 }}, new(scan.Meter))
			time.Sleep(redraw + time.Millisecond)
			synctest.Wait()
			if got := tt.text(); got != "⠙ 0 of 0 files so far, 0 folders" {
				t.Errorf("one sees %q", got)
			}
			time.Sleep(redraw)
			synctest.Wait()
			if got := tt.text(); !strings.HasPrefix(got, "⠹") {
				t.Errorf("then one sees %q", got)
			}
			stop()
			if got := tt.text(); got != "" {
				t.Errorf("in the end one sees %q", got)
			}
		})
	})
	t.Run("IsNothingWhereThereIsNoTerminal", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tt := newTeletype(t, 80)
			stop := startBar(terminal{}, &screen{out: tt, width: func() int { return 80 }}, new(scan.Meter))
			time.Sleep(time.Hour)
			stop()
			if got := tt.text(); got != "" {
				t.Errorf("one sees %q", got)
			}
		})
	})
}
