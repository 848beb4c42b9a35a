package library

import (
	"math"
	"time"
)

// FormatTime renders t as the Python program renders a modification time, so that either program finds a file that the
// other catalogued unchanged: ISO 8601 in UTC with "+00:00", six digits of a second's fraction, none where it is 0.
//
// The value goes through a float64 of seconds first, as os.stat_result.st_mtime does, and is rounded to microseconds
// half to even, as datetime.fromtimestamp does (CPython, Python/pytime.c, _PyTime_DoubleToDenominator).
func FormatTime(t time.Time) string {
	// The conversion of the product keeps the compiler from fusing it with the sum, which would round only once.
	seconds := float64(t.Unix()) + float64(1e-9*float64(t.Nanosecond()))
	whole, fraction := math.Modf(seconds)
	micros := math.RoundToEven(fraction * 1e6)
	switch {
	case micros >= 1e6:
		micros -= 1e6
		whole++
	case micros < 0:
		micros += 1e6
		whole--
	}
	const layout = "2006-01-02T15:04:05"
	utc := time.Unix(int64(whole), int64(micros)*1000).UTC()
	if micros == 0 {
		return utc.Format(layout + "+00:00")
	}
	return utc.Format(layout + ".000000+00:00")
}
