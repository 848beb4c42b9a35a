package main

import (
	"fmt"
	"strings"
)

// roff builds a manual page in the macros of groff_man(7).
type roff struct{ b strings.Builder }

func (r *roff) String() string { return r.b.String() }

// line adds a line as it is.
func (r *roff) line(text string) { r.b.WriteString(text + "\n") }

func (r *roff) title(name string, section int, m manual) {
	r.line(`.\" Written by "vpo man" from the program itself.`)
	r.line(fmt.Sprintf(`.TH "%s" %d "%s" "vpo %s" "Video Policy Orchestrator"`,
		escapeRoff(strings.ToUpper(name)), section, escapeRoff(m.date), escapeRoff(m.version)))
	r.line(".nh") // words of a command line are not to be hyphenated
	r.line(".ad l")
}

func (r *roff) section(name string) { r.line(`.SH "` + escapeRoff(name) + `"`) }

// entry is a term and what it means.
func (r *roff) entry(term, meaning string) {
	r.line(".TP")
	r.line(term)
	for line := range strings.SplitSeq(strings.Trim(meaning, "\n"), "\n") {
		if line == "" {
			r.line(".IP")
			continue
		}
		r.line(escapeRoff(line))
	}
}

// text sets paragraphs. Lines that are indented are shown as they are, as commands are to be.
func (r *roff) text(text string) {
	verbatim, fresh := false, true
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		indented := strings.HasPrefix(line, "  ")
		switch {
		case line == "":
			fresh = true
			continue
		case verbatim && !indented:
			r.line(".EE\n.RE")
		}
		if fresh || indented != verbatim {
			r.paragraph(indented, verbatim)
		}
		verbatim, fresh = indented, false
		r.line(escapeRoff(strings.TrimPrefix(line, "  ")))
	}
	if verbatim {
		r.line(".EE\n.RE")
	}
}

// paragraph begins one. An empty line between two commands is one on the page.
func (r *roff) paragraph(indented, verbatim bool) {
	switch {
	case indented && verbatim:
		r.line("")
	case indented:
		r.line(".PP\n.RS 4\n.EX")
	default:
		r.line(".PP")
	}
}

// roffEscapes are the characters that mean something else on a page, or look different there: groff_char(7).
var roffEscapes = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, `"`, `\(dq`)

// escapeRoff shows text as it is. A dot at the beginning of a line would be a request.
func escapeRoff(text string) string {
	text = roffEscapes.Replace(text)
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
