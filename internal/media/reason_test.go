package media

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReason(t *testing.T) {
	const input = "file:/films/a: b.mkv"
	for _, row := range []struct{ name, stderr, want string }{
		{"NothingSaid", "", ""},
		{"OnlyTheVerdict", input + ": Permission denied\n", "Permission denied"},
		{"VerdictAndDetail", "[mov,mp4 @ 0x55bfbb83f1c0] moov atom not found\n" + input + ": Invalid data found\n",
			"Invalid data found (moov atom not found)"},
		{"TheLastDetailCounts", "[h264 @ 0x1] one\n[h264 @ 0x1] two\n" + input + ": Invalid data found\n",
			"Invalid data found (two)"},
		{"RepeatsAreSaidOnce", "[a @ 0x1] End of file\n" + input + ": End of file\n", "End of file"},
		{"ThePathIsNotTold", "could not open " + input + "\n", "could not open the file"},
		{"ControlCharactersGo", "bad\x1b[31m\tthing\x00\xff\n", "bad [31m thing ?"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := reason(row.stderr, input); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
	t.Run("IsNeverLong", func(t *testing.T) {
		if got := reason(strings.Repeat("ä", 10_000), input); utf8.RuneCountInString(got) != maxLine {
			t.Errorf("%d characters", utf8.RuneCountInString(got))
		}
	})
}

func TestTailKeepsTheEnd(t *testing.T) {
	kept := &tail{limit: 4}
	for _, part := range []string{"a", "bcdefghij", "", "k", "lm"} {
		if n, err := kept.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("Write(%q) = %d, %v", part, n, err)
		}
	}
	if got := kept.String(); got != "jklm" {
		t.Errorf("got %q", got)
	}
}
