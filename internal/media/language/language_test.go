package language_test

import (
	"testing"

	"vpo/internal/media/language"
)

func TestBibliographic(t *testing.T) {
	for tag, want := range map[string]string{
		"": "und", "  ": "und", "und": "und", "mul": "mul", "zxx": "zxx",
		"de": "ger", "deu": "ger", "ger": "ger", "GER": "ger", " fra ": "fre", "zho": "chi", "ja": "jpn",
		"pt-BR": "por", "zh_Hant": "chi", "gsw-CH": "gsw", "xx": "und", "qaa": "qaa", "English": "und", "-": "und", "ä": "und",
	} {
		if got := language.Bibliographic(tag); got != want {
			t.Errorf("Bibliographic(%q) = %q, want %q", tag, got, want)
		}
	}
}

func TestTag(t *testing.T) {
	for tag, want := range map[string]string{
		"": "", "und": "", "English": "", "en-": "", "en--US": "", "en-waytoolongforone": "", "en-ü": "",
		"ger": "de", "deu": "de", "de": "de", "por-br": "pt-BR", "pt_BR": "pt-BR", "zh-hant-tw": "zh-Hant-TW",
		"chi": "zh", "gsw": "gsw", "es-419": "es-419", "EN": "en", "fil": "fil",
		"en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd-eeeeeeee": "",
	} {
		if got := language.Tag(tag); got != want {
			t.Errorf("Tag(%q) = %q, want %q", tag, got, want)
		}
	}
}
