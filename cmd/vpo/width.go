package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns is how many columns of a terminal a text takes that has gone through printable: none for a combining mark, two
// for what East Asian fonts draw wide (Unicode Standard Annex 11) and for emoji. Where terminals disagree, as they do on
// joined emoji, it is rather more than less, so that nothing runs over the edge.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r >= ' ' && r <= '~' {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || isJamoTail(r) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// isJamoTail tells whether r is a vowel or final of Hangul that joins the consonant before it: file systems of Apple take
// syllables apart.
func isJamoTail(r rune) bool { return r >= 0x1160 && r <= 0x11ff }

// cutRight keeps the beginning of a text where it is wider than limit, and cutLeft the end. An ellipsis stands for the rest.
func cutRight(s string, limit int, ellipsis string) string {
	if columns(s) <= limit {
		return s
	}
	room := limit - columns(ellipsis)
	if room < 0 {
		return ""
	}
	for i, r := range s {
		if room -= runeColumns(r); room < 0 {
			return s[:i] + ellipsis
		}
	}
	return s
}

func cutLeft(s string, limit int, ellipsis string) string {
	excess := columns(s) - limit
	if excess <= 0 {
		return s
	}
	if columns(ellipsis) > limit {
		return ""
	}
	excess += columns(ellipsis)
	for i, r := range s {
		if excess <= 0 && runeColumns(r) > 0 { // a combining mark does not begin a text
			return ellipsis + s[i:]
		}
		excess -= runeColumns(r)
	}
	return ellipsis
}

// pad fills a text with spaces to a width, on the right or, for numbers, on the left.
func pad(s string, to int, right bool) string {
	spaces := strings.Repeat(" ", max(0, to-columns(s)))
	if right {
		return spaces + s
	}
	return s + spaces
}

// wrap breaks a text into lines of at most limit columns, at spaces where there are some. It gives one line at least.
func wrap(s string, limit int) []string {
	limit = max(limit, 2) // the widest character has room
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && columns(line)+1+columns(word) <= limit {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for columns(word) > limit {
			head := cutRight(word, limit, "")
			lines, word = append(lines, head), word[len(head):]
		}
		line = word
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}
