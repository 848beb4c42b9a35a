package main

import (
	"strconv"
	"strings"
	"sync"
	"testing"
)

// teletype is a terminal as far as this program uses one: it understands CR, LF, colours, and the two sequences that move
// up and erase. Text that is too long goes on in the next row.
type teletype struct {
	t        testing.TB
	width    int
	rows     []string // a row holds one character a column; that is all these tests draw
	row, col int

	mu sync.Mutex // one looks while the program draws
}

func newTeletype(t testing.TB, width int) *teletype {
	return &teletype{t: t, width: width, rows: []string{""}}
}

func (tt *teletype) Write(p []byte) (int, error) {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	text := string(p)
	for text != "" {
		if strings.HasPrefix(text, "\x1b[") {
			end := strings.IndexFunc(text[2:], func(r rune) bool { return r >= '@' }) + 2
			tt.sequence(text[2:end], text[end])
			text = text[end+1:]
			continue
		}
		r := []rune(text)[0]
		text = text[len(string(r)):]
		tt.put(r)
	}
	return len(p), nil
}

func (tt *teletype) sequence(parameter string, final byte) {
	switch final {
	case 'A':
		n, err := strconv.Atoi(parameter)
		if err != nil || n > tt.row {
			tt.t.Errorf("cannot go up %q rows from row %d", parameter, tt.row)
			return
		}
		tt.row -= n
	case 'J':
		tt.rows = append(tt.rows[:tt.row:tt.row], string([]rune(tt.rows[tt.row])[:tt.col]))
	case 'm':
	default:
		tt.t.Errorf("unknown sequence %q %c", parameter, final)
	}
}

func (tt *teletype) put(r rune) {
	switch r {
	case '\r':
		tt.col = 0
		return
	case '\n': // the terminal's driver adds the CR
		tt.row, tt.col = tt.row+1, 0
		if tt.row == len(tt.rows) {
			tt.rows = append(tt.rows, "")
		}
		return
	}
	if tt.col == tt.width {
		tt.put('\n')
	}
	row := []rune(tt.rows[tt.row])
	if tt.col < len(row) {
		row[tt.col] = r
	} else {
		row = append(row, r)
	}
	tt.rows[tt.row] = string(row)
	tt.col++
}

// resize breaks the rows that are too long, and the cursor stays with its character.
func (tt *teletype) resize(width int) {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	var rows []string
	row, col := 0, 0
	for i, text := range tt.rows {
		if i == tt.row {
			row, col = len(rows)+tt.col/width, tt.col%width
		}
		runes := []rune(text)
		for len(runes) > width {
			rows, runes = append(rows, string(runes[:width])), runes[width:]
		}
		rows = append(rows, string(runes))
	}
	tt.width, tt.rows, tt.row, tt.col = width, rows, row, col
}

// text is what a person sees.
func (tt *teletype) text() string {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	return strings.TrimRight(strings.Join(tt.rows, "\n"), "\n ")
}
