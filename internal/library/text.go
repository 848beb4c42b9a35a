package library

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ValidUTF8 shows the bytes of a path that are no UTF-8 as \xff, and leaves the rest alone: JSON and the library take no
// other text.
func ValidUTF8(path string) string {
	if utf8.ValidString(path) {
		return path
	}
	var b strings.Builder
	for len(path) > 0 {
		r, size := utf8.DecodeRuneInString(path)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, path[0])
		} else {
			b.WriteRune(r)
		}
		path = path[size:]
	}
	return b.String()
}
