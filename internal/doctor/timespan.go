package doctor

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// forever is the time span "infinity".
const forever = time.Duration(math.MaxInt64)

// timeUnits are those of systemd.time(7) that a limit of a service can be written in.
var timeUnits = map[string]time.Duration{
	"us": time.Microsecond, "usec": time.Microsecond, "µs": time.Microsecond,
	"ms": time.Millisecond, "msec": time.Millisecond,
	"": time.Second, "s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second,
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hr": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
	"w": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour,
}

// parseTimeSpan reads a time span of systemd.time(7), such as "1min 30s" or "90"; false where it is none.
func parseTimeSpan(text string) (time.Duration, bool) {
	rest := strings.TrimSpace(text)
	if rest == "infinity" {
		return forever, true
	}
	total, some := 0.0, false
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		number, err := strconv.ParseFloat(rest[:digits], 64)
		if err != nil {
			return 0, false
		}
		rest = strings.TrimLeft(rest[digits:], " ")
		letters := len(rest) - len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzµ"))
		size, known := timeUnits[rest[:letters]]
		if !known {
			return 0, false
		}
		rest = strings.TrimLeft(rest[letters:], " ")
		total, some = total+number*float64(size), true
	}
	if total >= float64(forever) {
		return forever, some
	}
	return time.Duration(total), some
}
