package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"vpo/internal/app"
	"vpo/internal/library"
)

// longText is how many columns of one tag are shown at most; --json has all of it.
const longText = 240

// page is a text for people, as wide as their terminal at most. All that comes out of a file goes through printable.
type page struct {
	terminal terminal
	width    int
	text     strings.Builder
}

func newPage(t terminal, width int) *page { return &page{terminal: t, width: max(width, 40)} }

// inspection tells what a file holds.
func (p *page) inspection(i app.Inspection) string {
	p.header(i)
	m := i.Media
	p.section("Video", p.videoTable(m.Tracks))
	p.section("Audio", audioTable(m.Tracks))
	p.section("Subtitles", subtitleTable(m.Tracks))
	p.section("Attachments", attachmentTable(m.Tracks))
	p.section("Other tracks", otherTable(m.Tracks))
	p.section("Chapters", chapterTable(m.Chapters))
	p.section("Tags", tagTable(m.Tags))
	p.warnings(m.Warnings)
	return p.text.String()
}

// header is the file's name, and below it what holds for all of it.
func (p *page) header(i app.Inspection) {
	p.name(i.Path)
	facts := []string{orUnknown(printable(containerOf(i))), size(i.SizeBytes)}
	if seconds := i.Media.DurationSeconds; seconds > 0 {
		facts = append(facts, length(seconds), bitRate(float64(i.SizeBytes)*8/seconds))
	} else {
		facts = append(facts, "of unknown length")
	}
	p.lines("  ", "", strings.Join(facts, ", "))
	who := "read from its headers"
	if i.Media.Reader == library.ReaderFFprobe {
		who = "read by ffprobe"
		if i.Media.Doubt != "" {
			who += ": " + printable(i.Media.Doubt)
		}
	}
	p.lines("  ", dim, who)
}

// containerOf tells apart what ffprobe does not: WebM from other Matroska, and QuickTime from MP4.
func containerOf(i app.Inspection) string {
	name := containerName(i.Media.ContainerFormat)
	switch {
	case name == "Matroska" && library.Extension(filepath.Base(i.Path)) == "webm":
		return "WebM"
	case name == "MP4" && strings.TrimSpace(i.Media.Tags["major_brand"]) == "qt":
		return "QuickTime"
	}
	return name
}

func (p *page) name(path string) { p.lines("", bold, printable(filepath.Base(path))) }

// section writes a title and a table, if there is something in it.
func (p *page) section(title string, t table) {
	if len(t.rows) == 0 {
		return
	}
	p.text.WriteString("\n" + p.terminal.paint(bold, title) + "\n" + t.render(p.terminal, p.width))
}

func (p *page) warnings(warnings []string) {
	if len(warnings) == 0 {
		return
	}
	p.text.WriteString("\n" + p.terminal.paint(bold, "Warnings") + "\n")
	for _, warning := range warnings {
		p.lines("  ", yellow, printable(warning))
	}
}

// lines writes a text in as many lines as it takes.
func (p *page) lines(margin, colour, s string) {
	for _, line := range wrap(s, p.width-len(margin)) {
		p.text.WriteString(margin + p.terminal.paint(colour, line) + "\n")
	}
}

// comparison tells what two readers of a file do not agree on.
func (p *page) comparison(c app.Comparison) string {
	p.name(c.Path)
	if len(c.Differences) == 0 {
		p.lines("  ", green, "vpo and ffprobe say the same")
		return p.text.String()
	}
	verb := " differ between vpo and ffprobe"
	if len(c.Differences) == 1 {
		verb = " differs between vpo and ffprobe"
	}
	p.lines("  ", yellow, count(len(c.Differences), "field")+verb)
	t := table{columns: []column{{title: "Field"}, {title: "vpo"}, {title: "ffprobe"}}}
	for _, d := range c.Differences {
		t.add(nil, printable(d.Field), differing(d.A), differing(d.B))
	}
	p.text.WriteString("\n" + t.render(p.terminal, p.width))
	return p.text.String()
}

// differing is one side of a difference.
func differing(value any) string {
	switch value := value.(type) {
	case nil:
		return "–"
	case bool:
		if value {
			return "yes"
		}
		return "no"
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return cutRight(printable(fmt.Sprint(value)), longText, "…")
}

func chapterTable(chapters []library.Chapter) table {
	t := table{columns: []column{{title: "#", right: true}, {title: "Start", right: true}, {title: "Title"}}}
	for i, chapter := range chapters {
		t.add(nil, strconv.Itoa(i+1), clock(chapter.StartSeconds), cutRight(printable(chapter.Title), longText, "…"))
	}
	return t
}

func tagTable(tags map[string]string) table {
	t := table{columns: []column{{}, {}}}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		t.add(nil, printable(key), cutRight(printable(tags[key]), longText, "…"))
	}
	return t
}
