package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// screen keeps a few lines at the bottom of a terminal that are drawn over and over, while log lines go by above them.
// Everything that is written to the terminal meanwhile goes through it. Where nothing is drawn it only passes on.
type screen struct {
	out   io.Writer
	width func() int // of the terminal now, in columns

	mu    sync.Mutex
	lines []screenLine // on the terminal at this moment
}

// screenLine is a line and the columns it takes, which its colours do not count for.
type screenLine struct {
	text    string
	columns int
}

// Write puts whole lines above what is drawn.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lines) == 0 {
		return s.out.Write(p)
	}
	lines := s.lines
	var b bytes.Buffer
	s.erase(&b)
	b.Write(p)
	if bytes.HasSuffix(p, []byte("\n")) {
		s.put(&b, lines)
	}
	if _, err := s.out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// draw replaces the lines; none clears them away.
func (s *screen) draw(lines ...screenLine) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b bytes.Buffer
	s.erase(&b)
	s.put(&b, lines)
	_, _ = s.out.Write(b.Bytes()) // a terminal that has gone is no reason to end the work
}

// put draws lines and leaves the cursor at the beginning of the last one.
func (s *screen) put(b *bytes.Buffer, lines []screenLine) {
	for i, line := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(line.text)
	}
	if len(lines) > 0 {
		b.WriteByte('\r')
	}
	s.lines = lines
}

// erase takes the lines away and leaves the cursor where they began. A terminal that became narrower has broken them into
// several rows, and the cursor has stayed with the beginning of the last line.
func (s *screen) erase(b *bytes.Buffer) {
	if len(s.lines) == 0 {
		return
	}
	width, rows := max(s.width(), 1), 0
	for _, line := range s.lines[:len(s.lines)-1] {
		rows += max(1, (line.columns+width-1)/width)
	}
	b.WriteByte('\r')
	if rows > 0 {
		fmt.Fprintf(b, "\x1b[%dA", rows)
	}
	b.WriteString("\x1b[J")
	s.lines = nil
}
