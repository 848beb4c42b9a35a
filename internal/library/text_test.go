package library_test

import (
	"testing"
	"unicode/utf8"

	"vpo/internal/library"
)

func TestValidUTF8(t *testing.T) {
	for given, want := range map[string]string{"a\xffb\n": `a\xffb` + "\n", "東京": "東京", "\xe6\x9d": `\xe6\x9d`, "": ""} {
		if got := library.ValidUTF8(given); got != want || !utf8.ValidString(got) {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
}
