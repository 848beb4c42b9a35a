package main

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	t.Run("AlignsWordsLeftAndNumbersRight", func(t *testing.T) {
		tbl := table{columns: []column{{title: "#", right: true}, {title: "Name"}, {title: "Size", right: true}}}
		tbl.add(nil, "9", "東京", "1")
		tbl.add(nil, "10", "Paris", "200")
		want := "" +
			"   #  Name   Size\n" +
			"   9  東京      1\n" +
			"  10  Paris   200\n"
		if got := tbl.render(terminal{}, 80); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	})
	t.Run("LeavesEmptyColumnsOut", func(t *testing.T) {
		tbl := table{columns: []column{{title: "A"}, {title: "B"}, {title: "C"}}}
		tbl.add(nil, "1", "", "3")
		if got := tbl.render(terminal{}, 80); got != "  A  C\n  1  3\n" {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("HasNoTitlesWhereNoColumnHasOne", func(t *testing.T) {
		tbl := table{columns: []column{{}, {}}}
		tbl.add(nil, "title", "Paper Boats")
		if got := tbl.render(terminal{}, 80); got != "  title  Paper Boats\n" {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("BreaksTheWidestColumnIntoLines", func(t *testing.T) {
		tbl := table{columns: []column{{title: "A"}, {title: "B"}}}
		tbl.add(nil, "short", "a text that is much too long")
		want := "" +
			"  A      B\n" +
			"  short  a text that\n" +
			"         is much too\n" +
			"         long\n"
		if got := tbl.render(terminal{}, 21); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	})
	t.Run("WritesNotesBelowTheirRow", func(t *testing.T) {
		tbl := table{columns: []column{{title: "#"}, {title: "A"}}}
		tbl.add([]string{"a note that goes on", ""}, "0", "x")
		tbl.add(nil, "1", "y")
		want := "" +
			"  #  A\n" +
			"  0  x\n" +
			"     a note that\n" +
			"       goes on\n" +
			"  1  y\n"
		if got := tbl.render(terminal{}, 20); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	})
	t.Run("FitsWhereItCan", func(t *testing.T) {
		tbl := table{columns: []column{{title: "First"}, {title: "Second"}, {title: "Third"}}}
		tbl.add([]string{strings.Repeat("a note ", 20)}, strings.Repeat("x", 100), strings.Repeat("東", 60), "a few words "+strings.Repeat("y", 50))
		for width := 26; width < 200; width++ {
			wantNarrow(t, tbl.render(terminal{}, width), width)
		}
	})
	t.Run("WithoutRowsIsNothing", func(t *testing.T) {
		tbl := table{columns: []column{{title: "A"}}}
		if got := tbl.render(terminal{}, 80); got != "" {
			t.Errorf("got %q", got)
		}
	})
}
