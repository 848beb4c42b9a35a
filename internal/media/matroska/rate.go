package matroska

import (
	"math"
	"slices"
	"strconv"
)

const (
	second           = 1_000_000_000 // nanoseconds
	maxFrameDuration = 1000 * second // a picture that stands longer tells no rate
	maxRate          = 30_000        // of numerator and denominator of an unusual rate, as ffmpeg has it
	near             = 1.0 / 10_000  // how far a rate can be off and be meant: 24 and 23.976 are 1/1000 apart
)

// usual are the rates that films have.
var usual = [...]fraction{
	{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {48000, 1001}, {48, 1}, {50, 1}, {60000, 1001}, {60, 1},
	{100, 1}, {120000, 1001}, {120, 1}, {15, 1}, {15000, 1001}, {12000, 1001}, {12, 1}, {10, 1},
}

// rate is the frame rate of frames that last so many nanoseconds: a usual one where it is near, else the nearest fraction.
func rate(duration int64) string {
	best, distance := -1, near
	for i := range usual {
		if d := usual[i].distance(float64(duration)); d < distance {
			best, distance = i, d
		}
	}
	if best >= 0 {
		return usual[best].String()
	}
	num, den := reduce(second, duration, maxRate)
	if num <= 0 || den <= 0 {
		return ""
	}
	return fraction{num, den}.String()
}

type fraction struct{ num, den int64 }

// String writes the fraction as ffprobe writes rates.
func (f fraction) String() string {
	return strconv.FormatInt(f.num, 10) + "/" + strconv.FormatInt(f.den, 10)
}

// distance is how far a rate is from that of frames that last so many nanoseconds, as a part of itself.
func (f fraction) distance(duration float64) float64 {
	return math.Abs(duration*float64(f.num)/float64(f.den)/second - 1)
}

// spread is how far times lie off the grid of a rate, in nanoseconds from the earliest to the latest. Times that were
// rounded to ticks have at most a tick of it on their own grid, and more on another one the longer they last.
func (f fraction) spread(stamps []int64) float64 {
	period := second * float64(f.den) / float64(f.num)
	early, late := 0.0, 0.0
	for _, stamp := range stamps {
		since := float64(stamp - stamps[0])
		off := since - math.Round(since/period)*period
		early, late = min(early, off), max(late, off)
	}
	return late - early
}

// commonest is the frame rate behind the times of frames, in nanoseconds and in any order, which were rounded to ticks.
// The commonest distance counts, and since rounding makes two or three of one, it and its neighbours. Of the usual rates
// that their average allows, that one is meant on whose grid the times lie best.
func commonest(stamps []int64, tick int64) string {
	slices.Sort(stamps)
	var distances [maxStamps]int64
	n := 0
	for i := range min(len(stamps)-1, maxStamps) {
		if d := stamps[i+1] - stamps[i]; d > 0 {
			distances[n] = d
			n++
		}
	}
	if n == 0 {
		return ""
	}
	sorted := distances[:n]
	slices.Sort(sorted)
	mode := commonestOf(sorted)
	sum, count := int64(0), int64(0)
	for _, d := range sorted {
		if d >= mode-tick && d <= mode+tick {
			sum += d
			count++
		}
	}
	if sum <= 0 || sum/count >= maxFrameDuration {
		return ""
	}
	return onGrid(stamps, float64(sum)/float64(count), max(near, 2*float64(tick)/float64(sum)))
}

// onGrid finds the rate of frames that last so many nanoseconds on the average. How far that can be off is a part of it.
func onGrid(stamps []int64, duration, tolerance float64) string {
	best, least := -1, 0.0
	for i := range usual {
		if usual[i].distance(duration) > tolerance {
			continue
		}
		if spread := usual[i].spread(stamps); best < 0 || spread < least {
			best, least = i, spread
		}
	}
	if best >= 0 {
		return usual[best].String()
	}
	return rate(int64(duration + 0.5))
}

// commonestOf gives the commonest of sorted numbers, the smallest of several.
func commonestOf(sorted []int64) int64 {
	best, most := sorted[0], 0
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		if j-i > most {
			best, most = sorted[i], j-i
		}
		i = j
	}
	return best
}

// reduce gives the fraction nearest to num/den whose parts are at most limit, by the convergents of its continued
// fraction and what lies between the last two. num and den are positive, and their product with limit fits 63 bits.
func reduce(num, den, limit int64) (int64, int64) {
	if num <= 0 || den <= 0 {
		return 0, 0
	}
	p0, q0, p1, q1 := int64(0), int64(1), int64(1), int64(0)
	for den != 0 {
		x := num / den
		if grows(x, p1, p0, limit) || grows(x, q1, q0, limit) {
			return between(fraction{num, den}, fraction{p0, q0}, fraction{p1, q1}, limit)
		}
		p0, q0, p1, q1 = p1, q1, x*p1+p0, x*q1+q0
		num, den = den, num-x*den
	}
	return p1, q1
}

// grows tells whether x·a+b is more than limit.
func grows(x, a, b, limit int64) bool { return a != 0 && x > (limit-b)/a }

// between gives the last convergent, or the best fraction on the way from it to the next one, which is too large. rest is
// what the continued fraction has left.
func between(rest, before, last fraction, limit int64) (int64, int64) {
	x := int64(1<<62 - 1)
	if last.num != 0 {
		x = min(x, (limit-before.num)/last.num)
	}
	if last.den != 0 {
		x = min(x, (limit-before.den)/last.den)
	}
	if float64(rest.den)*float64(2*x*last.den+before.den) > float64(rest.num)*float64(last.den) {
		return x*last.num + before.num, x*last.den + before.den
	}
	return last.num, last.den
}
