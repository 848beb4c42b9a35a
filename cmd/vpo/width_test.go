package main

import (
	"strings"
	"testing"
)

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{
		"":                        0,
		"film.mkv":                8,
		"Amélie":                  6,
		"Ame\u0301lie":            6, // taken apart, as Apple's file systems do
		"東京物語":                    8,
		"ｶﾒﾗ":                     3, // half width
		"\u1112\u1161\u11ab":      2, // one syllable of Hangul, taken apart
		"🎬 x":                     4,
		"می\u200cخواهم":           7,
		strings.Repeat("z͑", 100): 100,
	} {
		if got := columns(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}

var samplesOfText = []string{
	"", "x", "film.mkv", "東京物語 (1953)", "a東b京c物d", "Ame\u0301lie e\u0301e\u0301", "👨\u200d👩\u200d👧 family", strings.Repeat("long ", 40),
	strings.Repeat("x", 300), strings.Repeat("物", 100), "\u0301starts with a mark",
}

func TestCutTextsFit(t *testing.T) {
	for _, text := range samplesOfText {
		for limit := range 50 {
			for _, ellipsis := range []string{"…", "...", ""} {
				left, right := cutLeft(text, limit, ellipsis), cutRight(text, limit, ellipsis)
				if columns(left) > limit || columns(right) > limit {
					t.Errorf("%q in %d columns: %q, %q", text, limit, left, right)
				}
			}
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text        string
		limit       int
		left, right string
	}{
		{"film.mkv", 8, "film.mkv", "film.mkv"},
		{"film.mkv", 5, "….mkv", "film…"},
		{"東京物語", 5, "…物語", "東京…"},
		{"東京物語", 4, "…語", "東…"},
		{"e\u0301e\u0301e\u0301", 2, "…e\u0301", "e\u0301…"},
		{"film", 1, "…", "…"},
		{"film", 0, "", ""},
	} {
		if left, right := cutLeft(test.text, test.limit, "…"), cutRight(test.text, test.limit, "…"); left != test.left || right != test.right {
			t.Errorf("%q in %d columns: %q and %q, want %q and %q", test.text, test.limit, left, right, test.left, test.right)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Run("BreaksAtSpaces", func(t *testing.T) {
		if got := strings.Join(wrap("the quick  brown fox", 10), "|"); got != "the quick|brown fox" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("BreaksWordsThatAreTooLong", func(t *testing.T) {
		if got := strings.Join(wrap("an extraordinary film", 6), "|"); got != "an|extrao|rdinar|y film" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("GivesALineForNothing", func(t *testing.T) {
		if got := wrap("", 10); len(got) != 1 || got[0] != "" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("FitsAndLosesNothing", func(t *testing.T) {
		for _, text := range samplesOfText {
			for limit := range 30 {
				lines := wrap(text, limit)
				for _, line := range lines {
					if columns(line) > max(limit, 2) {
						t.Errorf("%q in %d columns has the line %q", text, limit, line)
					}
				}
				if got, want := dense(strings.Join(lines, "")), dense(text); got != want {
					t.Errorf("%q in %d columns became %q", text, limit, got)
				}
			}
		}
	})
}

// dense is a text without its spaces.
func dense(s string) string { return strings.Join(strings.Fields(s), "") }
