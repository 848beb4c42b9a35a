package media

import (
	"math"
	"strconv"
	"strings"
)

// seconds reads a duration. What cannot be one (nothing, "N/A", negative, endless) is 0, unknown.
func seconds(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !(value > 0 && value <= math.MaxInt32) {
		return 0
	}
	return value
}

// count returns a number of things, and 0 where it cannot be one.
func count(n int64) int {
	if n < 0 || n > math.MaxInt32 {
		return 0
	}
	return int(n)
}

// number reads a number of things that ffprobe writes as a text.
func number(text string) int {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return count(n)
}

// fraction is the value of "34000/50000", and 0 where that has none.
func fraction(text string) float64 {
	above, below, _ := strings.Cut(text, "/")
	a, errA := strconv.ParseFloat(above, 64)
	b, errB := strconv.ParseFloat(below, 64)
	if value := a / b; errA == nil && errB == nil && value >= 0 && value <= math.MaxInt32 {
		return value
	}
	return 0
}

// ratio is a ratio of two lengths, "1:1". ffprobe's unknown is "0:1".
func ratio(text string) string {
	if strings.HasPrefix(text, "0:") || strings.HasSuffix(text, ":0") {
		return ""
	}
	return text
}
