package supervisor

import (
	"math/rand/v2"
	"time"
)

// Backoff is the restart policy. The first failure of a series is followed by a restart at once, the second by a pause
// of Min, and each further pause is twice as long, up to Max. Pauses are spread at random over their upper half, so
// that services which fell together do not come back together. A run that was up for Options.Stable ends the series.
// There is no giving up: a service that is to give up ends with Fatal.
type Backoff struct {
	Min time.Duration // default 100 ms
	Max time.Duration // default 30 s
}

// pause returns how long to wait before the restart that follows the nth failure of a series. spread is in [0, 1).
func (b Backoff) pause(nth int, spread float64) time.Duration {
	if nth <= 1 {
		return 0
	}
	d := b.Min
	for range nth - 2 {
		if d >= b.Max/2 {
			d = b.Max
			break
		}
		d *= 2
	}
	d = min(d, b.Max)
	return d - time.Duration(spread*float64(d)/2)
}

// trouble is a series of failures of one service with no stable run between them. The zero value is no trouble.
type trouble struct {
	failures int
	since    time.Time     // of the first failure
	pause    time.Duration // before the restart that follows the newest one
}

// add counts a failure.
func (t *trouble) add(now time.Time, policy Backoff) {
	if t.failures == 0 {
		t.since = now
	}
	t.failures++
	t.pause = policy.pause(t.failures, rand.Float64())
}
