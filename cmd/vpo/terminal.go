package main

import (
	"os"
	"strings"

	"golang.org/x/term"
)

// plainWidth is the width of what is printed where no terminal tells its own, in columns.
const plainWidth = 80

// terminal is what a stream can show. The zero terminal is a file or a pipe.
type terminal struct {
	file    *os.File
	live    bool // the cursor can be moved
	colour  bool
	unicode bool // lines and dots can be drawn with characters beyond ASCII
}

// newTerminal looks at a stream and at what the environment says of it. A "dumb" terminal cannot move its cursor; colour
// is left out where NO_COLOR is set (no-color.org); characters beyond ASCII need a locale of UTF-8.
func newTerminal(file *os.File, getenv func(string) string) terminal {
	t := terminal{file: file, unicode: isUTF8(getenv)}
	if kind := getenv("TERM"); kind != "" && kind != "dumb" {
		t.live = term.IsTerminal(int(file.Fd()))
	}
	t.colour = t.live && getenv("NO_COLOR") == ""
	return t
}

// isUTF8 tells whether the locale is one of UTF-8: the first of the three variables that is set decides (POSIX, 8.2).
func isUTF8(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(getenv(name)); locale != "" {
			return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
		}
	}
	return false
}

// width is how many columns there are now: a terminal can be resized at any time.
func (t terminal) width() int {
	if t.file != nil && term.IsTerminal(int(t.file.Fd())) {
		if width, _, err := term.GetSize(int(t.file.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return plainWidth
}

// ellipsis stands for what was cut off.
func (t terminal) ellipsis() string {
	if t.unicode {
		return "…"
	}
	return "..."
}

// The few colours in use (ECMA-48, 8.3.117), which every scheme of colours keeps readable.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint gives a text a colour, where there is colour. It adds no columns.
func (t terminal) paint(colour, s string) string {
	if !t.colour || s == "" {
		return s
	}
	return "\x1b[" + colour + "m" + s + "\x1b[0m"
}
