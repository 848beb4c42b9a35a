package main

import "testing"

func TestPrintable(t *testing.T) {
	for name, test := range map[string]struct{ given, want string }{
		"ColourIsNotObeyed":                {"a\x1b[31mb", `a\x1b[31mb`},
		"ALineBreakIsNone":                 {"a\r\nb\tc", `a\r\nb\tc`},
		"AWritingDirectionIsNotTurned":     {"film\u202ev\u2066km.exe", `film\u202ev\u2066km.exe`},
		"TheEightBitControlsAreControls":   {"a\u009bb", `a\u009bb`},
		"ALineSeparatorIsNoLine":           {"a\u2028b\u2029c", `a\u2028b\u2029c`},
		"BytesThatAreNoUTF8AreTold":        {"a\xff\xfeb", `a\xff\xfeb`},
		"TheReplacementCharacterIsItself":  {"a\ufffdb", "a\ufffdb"},
		"PersianKeepsItsNonJoiner":         {"می\u200cخواهم", "می\u200cخواهم"},
		"JoinedEmojiStayTogether":          {"👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		"OrdinaryTextOfAllKindsIsAsItWas":  {"Amélie 東京物語 “x” e\u0301 \\n", "Amélie 東京物語 “x” e\u0301 \\n"},
		"AByteOrderMarkInTheMiddleIsShown": {"a\ufeffb", `a\ufeffb`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := printable(test.given); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
