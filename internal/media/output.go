package media

import (
	"strings"
	"unicode"
)

// maxLine is the longest line that is shown to people, in characters.
const maxLine = 200

// limited keeps what is written to it, up to a limit. Beyond it, it calls overflow and refuses.
type limited struct {
	data     []byte
	limit    int
	overflow func()
}

func (l *limited) Write(p []byte) (int, error) {
	if len(l.data)+len(p) > l.limit {
		l.overflow()
		return 0, errTooLong
	}
	l.data = append(l.data, p...)
	return len(p), nil
}

// tail keeps the last bytes that are written to it.
type tail struct {
	data  []byte
	limit int
}

func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p[max(0, len(p)-t.limit):]...)
	if excess := len(t.data) - t.limit; excess > 0 {
		t.data = append(t.data[:0], t.data[excess:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.data) }

// oneLine makes text fit for one line of a terminal: valid UTF-8, no control characters, not too long.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxLine {
		text = string(runes[:maxLine-1]) + "…"
	}
	return text
}
