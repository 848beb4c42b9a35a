package config

import (
	"sort"
	"unicode/utf8"
)

// lines holds the offset at which each line of a file starts.
type lines []int

func newLines(data []byte) lines {
	starts := lines{0}
	for i, b := range data {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// position returns line and column of an offset, both from 1. Columns count bytes, as those of go-toml do.
func (l lines) position(offset int) (line, column int) {
	line = sort.Search(len(l), func(i int) bool { return l[i] > offset })
	return line, offset - l[line-1] + 1
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, and -1 where there is none.
func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
