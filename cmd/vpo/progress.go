package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"vpo/internal/scan"
)

const (
	redraw    = 100 * time.Millisecond // how often the bar is drawn
	settled   = 2 * time.Second        // of measuring, before the time that is left is told
	minBar    = 10                     // columns
	maxBar    = 40                     // columns
	gap       = "  "
	nearlyAll = 99 // percent at most, while the walk may still find more
)

// bar shows how far a scan has come, in two lines at the bottom of a terminal:
//
//	━━━━━━━━━━━━━━━━━━━╸──────────────  57 %  1200 of 2110 files  104/s  12.3 MB/s  0:08 left
//	  /srv/films/Paper Boats (2017)/Paper Boats (2017).mkv
//
// While the number of files is not known there is a count that moves in place of the bar.
type bar struct {
	terminal terminal
	meter    *scan.Meter
	speed    speed
	turns    int
}

// startBar draws a bar on the screen until stop is called, which clears it away. On anything but a terminal it is nothing.
func startBar(t terminal, s *screen, meter *scan.Meter) (stop func()) {
	if !t.live {
		return func() {}
	}
	b := &bar{terminal: t, meter: meter}
	halt := every(redraw, func(now time.Time) { s.draw(b.lines(now, t.width())...) })
	return func() {
		halt()
		s.draw()
	}
}

// every calls do again and again, from a goroutine that has ended when stop returns. stop may be called once.
func every(interval time.Duration, do func(now time.Time)) (stop func()) {
	done := make(chan struct{})
	var loop sync.WaitGroup
	loop.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case now := <-tick.C:
				do(now)
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		loop.Wait()
	}
}

// lines measures, and returns what is drawn now.
func (b *bar) lines(now time.Time, width int) []screenLine {
	p := b.meter.Progress()
	b.turns++
	b.speed.add(sample{at: now, files: p.Done, bytes: p.BytesRead})
	return b.show(p, width)
}

// show lays out how far the scan has come. It leaves the last column free: some terminals go on to the next row when that
// is filled.
func (b *bar) show(p scan.Progress, width int) []screenLine {
	lines := []screenLine{b.counts(p, width-1)}
	if p.Path != "" {
		path := cutLeft(printable(p.Path), width-1-len(gap), b.terminal.ellipsis())
		lines = append(lines, screenLine{gap + b.terminal.paint(dim, path), len(gap) + columns(path)})
	}
	return lines
}

// counts is the upper line. What does not fit is left out: the bar first, then the speeds, what is left, the failures.
func (b *bar) counts(p scan.Progress, width int) screenLine {
	total, head := b.head(p)
	files, bytes := b.speed.perSecond()
	failed, rate, volume, left := "", "", "", ""
	if p.Failed > 0 {
		failed = gap + fmt.Sprintf("%d failed", p.Failed)
	}
	if files > 0 {
		rate = gap + perSecond(files)
	}
	if bytes >= 1 {
		volume = gap + size(int64(bytes)) + "/s"
	}
	if total > 0 && files > 0 && b.speed.measured() >= settled {
		left = gap + clock(float64(total-p.Done)/files) + " left"
	}
	fits := func() bool { return columns(head+failed+rate+volume+left) <= width }
	for _, part := range []*string{&volume, &rate, &left, &failed} {
		if !fits() {
			*part = ""
		}
	}
	if !fits() {
		head = cutRight(head, width, b.terminal.ellipsis())
	}
	used := columns(head + failed + rate + volume + left)
	drawn, cells := "", min(maxBar, width-used-len(gap))
	if total > 0 && cells >= minBar {
		drawn, used = b.draw(p.Done, total, cells)+gap, used+cells+len(gap)
	}
	return screenLine{drawn + head + b.terminal.paint(red, failed) + rate + volume + left, used}
}

// head is the count, and the total where it is known.
func (b *bar) head(p scan.Progress) (total int, text string) {
	switch {
	case p.Walked:
		total = p.Found
	case p.Expected > 0:
		total = max(p.Expected, p.Found)
	}
	if total == 0 {
		return 0, fmt.Sprintf("%s %d of %s so far, %s", b.spin(), p.Done, count(p.Found, "file"), count(p.Folders, "folder"))
	}
	percent := p.Done * 100 / total
	if !p.Walked {
		percent = min(percent, nearlyAll)
	}
	return total, fmt.Sprintf("%3d %%  %d of %s", min(percent, 100), p.Done, count(total, "file"))
}

// draw is the bar itself, some cells wide.
func (b *bar) draw(done, total, cells int) string {
	full, empty := "━", "─"
	if !b.terminal.unicode {
		full, empty = "#", "-"
	}
	filled := min(cells, max(0, done)*cells/total)
	return b.terminal.paint(green, strings.Repeat(full, filled)) + b.terminal.paint(dim, strings.Repeat(empty, cells-filled))
}

// spin is a sign that turns.
func (b *bar) spin() string {
	signs := []rune(`|/-\`)
	if b.terminal.unicode {
		signs = []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
	}
	return string(signs[b.turns%len(signs)])
}
