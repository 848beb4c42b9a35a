package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"vpo/internal/scan"
)

// redraw bounds how often the line is drawn anew.
const redraw = 100 * time.Millisecond

// progressLine is one line of a terminal that is drawn over and over. On anything else it is nothing.
type progressLine struct {
	out   *os.File
	live  bool
	drawn time.Time
}

func newProgressLine(out *os.File) *progressLine {
	return &progressLine{out: out, live: term.IsTerminal(int(out.Fd()))}
}

// show draws the line. Calls come one at a time.
func (l *progressLine) show(p scan.Progress) {
	if !l.live || time.Since(l.drawn) < redraw {
		return
	}
	l.drawn = time.Now()
	width, _, err := term.GetSize(int(l.out.Fd()))
	if err != nil || width < 20 {
		width = 80
	}
	text := []rune(fmt.Sprintf("%d of %d files  %s", p.Done, p.Found, filepath.Base(p.Path)))
	for i, r := range text {
		if r < ' ' || r == 0x7f { // a name is no reason to move the cursor
			text[i] = '?'
		}
	}
	if len(text) >= width {
		text = append(text[:width-2], '…')
	}
	fmt.Fprintf(l.out, "\r\x1b[K%s", string(text))
}

// clear takes the line away.
func (l *progressLine) clear() {
	if l.live && !l.drawn.IsZero() {
		fmt.Fprint(l.out, "\r\x1b[K")
	}
}
