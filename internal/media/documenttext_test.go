package media_test

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// madeWith begins the one line that is not compared, since it names versions.
const madeWith = "Made with "

const introduction = `# Which files are read, and how surely

This program reads the headers of Matroska, WebM, MP4, QuickTime, AVI and MPEG transport streams itself, and asks ffprobe about what
it cannot tell (ADR 10). Each file of a matrix of containers and codecs is read by both, and every field is compared. This page is the
outcome; the test that compares writes it:

    go test ./internal/media -run Conformance -update

`

const legend = `
"yes": the files tell something about it, and both readers say the same in all of them. Empty: neither has anything to say. "see 2": they
differ in some of the files, for the reason of that number below. Times are the same where they differ by a millisecond at most.
`

// document writes the outcome as the page docs/media-support.md.
func (o *outcome) document() string {
	files, tracks := o.rows()
	var out strings.Builder
	out.WriteString(introduction + madeWith + versions() + ".\n")
	asked := 0
	for _, c := range o.files {
		if c.doubt != "" {
			asked++
		}
	}
	fmt.Fprintf(&out, "\n%d files, of which this program reads %d alone.\n", len(o.files), len(o.files)-asked)
	out.WriteString(legend + "\n## Files\n")
	table(&out, []string{"container", "files"}, fileColumns(), files, func(r *row) []string {
		return []string{r.container, fmt.Sprint(r.tracks)}
	})
	out.WriteString("\n## Tracks\n")
	for _, container := range files {
		fmt.Fprintf(&out, "\n### %s\n", container.container)
		of := slices.DeleteFunc(slices.Clone(tracks), func(r *row) bool { return r.container != container.container })
		slices.SortStableFunc(of, func(a, b *row) int { return strings.Compare(a.codec, b.codec) })
		table(&out, []string{"codec", "tracks"}, trackColumns(), of, func(r *row) []string {
			return []string{r.codec, fmt.Sprint(r.tracks)}
		})
	}
	o.differences(&out)
	o.opinions(&out)
	return out.String()
}

// differences lists the reasons by their numbers.
func (o *outcome) differences(out *strings.Builder) {
	out.WriteString("\n## Where the two differ\n")
	for i, a := range o.allowed {
		where := a.field
		if where == "" {
			where = "anything"
		}
		if a.codec != "" && a.codec != "-" {
			where += " of " + a.codec
		}
		if a.file != "" {
			where += " in " + a.file
		}
		fmt.Fprintf(out, "%d. `%s`: %s\n", i+1, where, a.reason)
	}
	if len(o.allowed) == 0 {
		out.WriteString("Nowhere.\n")
	}
}

// opinions lists the files of which ffprobe has to tell.
func (o *outcome) opinions(out *strings.Builder) {
	out.WriteString("\n## Where ffprobe is asked\n")
	line(out, []string{"file", "what the native reader says", "why it is right so"})
	line(out, []string{"---", "---", "---"})
	for _, c := range o.files {
		if c.doubt == "" {
			continue
		}
		at := slices.IndexFunc(o.asked, func(a allowance) bool { return fits(a.file, c.sample.name) })
		if at < 0 {
			continue
		}
		line(out, []string{c.sample.name, c.doubt, o.asked[at].reason})
	}
}

// versions names the programs that made the files and were asked about them.
func versions() string {
	ffmpeg, _ := exec.Command("ffmpeg", "-version").Output()
	mkvmerge, _ := exec.Command("mkvmerge", "--version").Output()
	word := func(text []byte, n int) string {
		if words := strings.Fields(string(text)); len(words) > n {
			return words[n]
		}
		return "of an unknown version"
	}
	number, _, _ := strings.Cut(word(ffmpeg, 2), "-")
	return "ffmpeg " + number + " and mkvmerge " + strings.TrimPrefix(word(mkvmerge, 1), "v")
}
