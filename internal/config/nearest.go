package config

import "strings"

// nearest returns the candidate that takes the fewest edits to become s. The first of several equals wins.
func nearest(s string, candidates []string) string {
	const longest = 64 // a longer name is no typing error, and would be expensive to compare
	if len(s) > longest {
		s = s[:longest]
	}
	best, fewest := "", -1
	for _, c := range candidates {
		if n := edits(s, c); fewest < 0 || n < fewest {
			best, fewest = c, n
		}
	}
	return best
}

// edits returns the number of edits between what was typed and a candidate. A key without its table, in the wrong one, or
// with a part of its name only, counts as close too.
func edits(typed, candidate string) int {
	const shortest = 3 // a part of a name that means something
	typed = strings.ToLower(typed)
	n := distance(typed, strings.ToLower(candidate))
	if at := strings.LastIndexByte(candidate, '.'); at >= 0 {
		last, key := typed[strings.LastIndexByte(typed, '.')+1:], candidate[at+1:]
		n = min(n, 1+distance(last, key))
		if len(last) >= shortest && strings.Contains(key, last) {
			n = min(n, 2)
		}
	}
	return n
}

// distance returns the Levenshtein distance of two byte strings, by the method of Wagner and Fischer with one row.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
