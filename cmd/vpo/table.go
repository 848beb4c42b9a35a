package main

import (
	"slices"
	"strings"
)

const (
	indent    = 2 // columns before a table
	between   = 2 // columns between two of its columns
	minColumn = 6 // columns that a column keeps, however narrow the terminal is
)

// table is text in columns. A column without any content is left out, and where the width does not suffice the widest
// columns are broken into lines.
type table struct {
	columns []column
	rows    []row
}

type column struct {
	title string
	right bool // numbers: aligned on the right
}

// row is one line of a table, or several; notes follow it, over the whole width.
type row struct {
	cells []string
	notes []string
}

func (t *table) add(notes []string, cells ...string) {
	t.rows = append(t.rows, row{cells: cells, notes: slices.DeleteFunc(notes, func(s string) bool { return s == "" })})
}

// render lays the table out in a width. Titles are left out where no column has one.
func (t *table) render(term terminal, width int) string {
	if len(t.rows) == 0 {
		return ""
	}
	widths := t.fit(width)
	var b strings.Builder
	if slices.ContainsFunc(t.columns, func(c column) bool { return c.title != "" }) {
		titles := make([]string, len(t.columns))
		for i, c := range t.columns {
			titles[i] = c.title
		}
		t.line(&b, term, titles, widths, dim)
	}
	for _, r := range t.rows {
		t.line(&b, term, r.cells, widths, "")
		t.notes(&b, term, r.notes, widths, width)
	}
	return b.String()
}

// fit gives the width of every column, 0 for those without content.
func (t *table) fit(width int) []int {
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		for _, r := range t.rows {
			widths[i] = max(widths[i], columns(r.cells[i]))
		}
		if widths[i] > 0 {
			widths[i] = max(widths[i], columns(c.title))
		}
	}
	for excess := total(widths) - width; excess > 0; excess-- {
		widest := 0
		for i := range widths {
			if widths[i] >= widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= minColumn {
			break
		}
		widths[widest]--
	}
	return widths
}

// total is how wide a table is.
func total(widths []int) int {
	sum := indent - between
	for _, w := range widths {
		if w > 0 {
			sum += w + between
		}
	}
	return sum
}

// line writes one row, in as many lines as its longest cell takes.
func (t *table) line(b *strings.Builder, term terminal, cells []string, widths []int, colour string) {
	wrapped, height := make([][]string, len(cells)), 1
	for i, cell := range cells {
		if widths[i] > 0 {
			wrapped[i] = wrap(cell, widths[i])
			height = max(height, len(wrapped[i]))
		}
	}
	for n := range height {
		var line strings.Builder
		line.WriteString(strings.Repeat(" ", indent-between))
		for i, lines := range wrapped {
			if widths[i] == 0 {
				continue
			}
			text := ""
			if n < len(lines) {
				text = lines[n]
			}
			line.WriteString(strings.Repeat(" ", between) + pad(text, widths[i], t.columns[i].right))
		}
		b.WriteString(term.paint(colour, strings.TrimRight(line.String(), " ")) + "\n")
	}
}

// notes writes what belongs to a row, below its second column.
func (t *table) notes(b *strings.Builder, term terminal, notes []string, widths []int, width int) {
	margin := indent
	if len(widths) > 1 && widths[0] > 0 {
		margin += widths[0] + between
	}
	for _, note := range notes {
		for i, line := range wrap(note, width-margin-2*min(1, len(note))) {
			hang := min(i, 1) * 2 // what goes on is set in
			b.WriteString(strings.Repeat(" ", margin+hang) + term.paint(dim, line) + "\n")
		}
	}
}
