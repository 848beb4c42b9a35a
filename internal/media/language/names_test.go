package language

import "testing"

func TestEnglish(t *testing.T) {
	for code, want := range map[string]string{
		"ger": "German", "chi": "Chinese", "yue": "Cantonese", "nob": "Norwegian Bokmål",
		Undetermined: "", "": "", "qqx": "qqx",
	} {
		if got := English(code); got != want {
			t.Errorf("%q is %q, want %q", code, got, want)
		}
	}
}

func TestEveryTwoLetterCodeHasAName(t *testing.T) {
	for short, code := range twoLetters {
		if English(code) == code {
			t.Errorf("%s (%s) has no name", short, code)
		}
	}
	for code, name := range names {
		if name == "" || Bibliographic(code) != code {
			t.Errorf("%s: %q is no name of a bibliographic code", code, name)
		}
	}
}
