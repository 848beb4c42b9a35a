package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vpo/internal/media/language"
	"vpo/internal/scan"
)

const (
	topEntries = 5  // of a tally; the others are one more
	tallyName  = 16 // columns for a name at most
	tallyGap   = 3  // columns between two tallies
	topReasons = 3
	fewErrors  = 3 // that need no reasons of their own, since all of them are listed above the summary
)

// describeScan is the summary for people of a scan that ended with err.
func describeScan(s scan.Summary, err error, database string, width int) string {
	var b strings.Builder
	verb := "Scanned"
	stopped := err != nil && !errors.Is(err, scan.ErrRoot)
	switch {
	case s.Interrupted:
		verb = "Interrupted after"
	case stopped:
		verb = "Stopped after"
	case s.DryRun:
		verb = "Looked at"
	}
	fmt.Fprintf(&b, "%s %s in %s, %.1f s\n", verb, count(s.FilesFound, "video file"), count(s.DirectoriesScanned, "folder"), s.ElapsedSeconds)
	moved := ""
	if s.FilesMoved > 0 {
		moved = fmt.Sprintf(" %d moved,", s.FilesMoved)
	}
	fmt.Fprintf(&b, "  %d new, %d updated,%s %d unchanged, %d missing, %d failed\n",
		s.FilesNew, s.FilesUpdated, moved, s.FilesSkipped, s.FilesMissing, s.FilesFailed)
	writeDetails(&b, s)
	if block := tallies(s.Breakdown, width); block != "" {
		b.WriteString("\n" + block + "\n")
	}
	if block := reasons(s.Errors, width); block != "" {
		b.WriteString(block + "\n")
	}
	switch {
	case s.DryRun:
		b.WriteString("Nothing was written: this was a dry run.\n")
	case stopped && !s.Interrupted:
		fmt.Fprintf(&b, "Library: %s, where the last of these are not stored\n", database)
	case s.DirectoriesScanned > 0: // else there may be no library: a mistyped folder makes none
		fmt.Fprintf(&b, "Library: %s\n", database)
	}
	return b.String()
}

// writeDetails tells what is not the rule, each on a line.
func writeDetails(b *strings.Builder, s scan.Summary) {
	if s.FilesIgnored > 0 {
		fmt.Fprintf(b, "  %d passed over: samples, and what .vpoignore or .nomedia name\n", s.FilesIgnored)
	}
	if s.FilesPending > 0 {
		fmt.Fprintf(b, "  %d without their tracks: install ffprobe (package ffmpeg) and scan again\n", s.FilesPending)
	}
	if s.FilesRead == 0 {
		return
	}
	fmt.Fprintf(b, "  %s read, %s", count(s.FilesRead, "file"), size(s.BytesRead))
	if s.ElapsedSeconds >= 0.1 { // a speed of less is one of the clock
		fmt.Fprintf(b, ", %s", perSecond(float64(s.FilesRead)/s.ElapsedSeconds))
	}
	if s.SecondOpinions > 0 {
		fmt.Fprintf(b, "; %d needed ffprobe (%s)", s.SecondOpinions, percent(s.SecondOpinions, s.FilesRead))
	}
	b.WriteString("\n")
}

// tally is one of the small tables of a summary: how often each name was met.
type tally struct {
	title string
	names []string
	times []int
}

func newTally(title string, counts map[string]int, name func(string) string) tally {
	t := tally{title: title}
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	others := 0
	for i, key := range keys {
		if i >= topEntries && len(keys) > topEntries+1 {
			others += counts[key]
			continue
		}
		t.names = append(t.names, cutRight(printable(orUnknown(name(key))), tallyName, "…"))
		t.times = append(t.times, counts[key])
	}
	if others > 0 {
		t.names, t.times = append(t.names, fmt.Sprintf("%d others", len(keys)-topEntries)), append(t.times, others)
	}
	return t
}

// lines are the title and the entries, all of the same width.
func (t tally) lines() []string {
	names, times := columns(t.title), 0
	for i, name := range t.names {
		names, times = max(names, columns(name)), max(times, len(fmt.Sprint(t.times[i])))
	}
	lines := []string{pad(t.title, names+1+times, false)}
	for i, name := range t.names {
		lines = append(lines, pad(name, names, false)+" "+pad(fmt.Sprint(t.times[i]), times, true))
	}
	return lines
}

// tallies are the breakdown of a summary, side by side as far as the width goes.
func tallies(b scan.Breakdown, width int) string {
	same := func(s string) string { return s }
	var out strings.Builder
	var band [][]string
	used := 0
	flush := func() {
		writeBand(&out, band)
		band, used = nil, 0
	}
	for _, t := range []tally{
		newTally("CONTAINER", b.Containers, containerName), newTally("VIDEO", b.VideoCodecs, codecName),
		newTally("RESOLUTION", b.Resolutions, same), newTally("RANGE", b.DynamicRanges, same),
		newTally("AUDIO", b.AudioCodecs, codecName), newTally("LANGUAGE", b.AudioLanguages, language.English),
		newTally("SUBTITLES", b.SubtitleLanguages, language.English),
	} {
		if len(t.names) == 0 {
			continue
		}
		lines := t.lines()
		wide := columns(lines[0]) + tallyGap
		if used > 0 && indent+used+wide-tallyGap > width {
			flush()
		}
		band, used = append(band, lines), used+wide
	}
	flush()
	return strings.TrimPrefix(out.String(), "\n")
}

// writeBand writes some tallies beside each other.
func writeBand(out *strings.Builder, band [][]string) {
	height := 0
	for _, lines := range band {
		height = max(height, len(lines))
	}
	if height > 0 {
		out.WriteString("\n")
	}
	for n := range height {
		cells := []string{strings.Repeat(" ", indent)}
		for _, lines := range band {
			text := ""
			if n < len(lines) {
				text = lines[n]
			}
			cells = append(cells, pad(text, columns(lines[0])+tallyGap, false))
		}
		out.WriteString(strings.TrimRight(strings.Join(cells, ""), " ") + "\n")
	}
}

// reasons says what went wrong how often, where there is too much of it to see that from the list.
func reasons(problems []scan.FileError, width int) string {
	if len(problems) <= fewErrors {
		return ""
	}
	counts := map[string]int{}
	for _, e := range problems {
		why, _, _ := strings.Cut(e.Error, " (")
		counts[why]++
	}
	whys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	var b strings.Builder
	b.WriteString("What went wrong:\n")
	digits := len(fmt.Sprint(counts[whys[0]]))
	for _, why := range whys[:min(len(whys), topReasons)] {
		n := pad(fmt.Sprint(counts[why]), digits, true)
		fmt.Fprintf(&b, "  %s  %s\n", n, cutRight(printable(why), width-digits-4, "…"))
	}
	if more := len(whys) - topReasons; more > 0 {
		fmt.Fprintf(&b, "  and %s\n", count(more, "other reason"))
	}
	return b.String()
}

// percent is a share of a total: "0.4 %", "13 %".
func percent(part, total int) string {
	share := 100 * float64(part) / float64(total)
	if share < 1 {
		return fmt.Sprintf("%.1f %%", share)
	}
	return fmt.Sprintf("%.0f %%", share)
}
