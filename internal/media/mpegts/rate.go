package mpegts

import (
	"math"
	"strconv"
	"strings"

	"vpo/internal/library"
)

const clock = 90_000 // ticks a second of the time stamps

// rates sets the frame rates of the pictures.
func (r *reader) rates() {
	for i := range r.streams {
		if s := &r.streams[i]; s.track.Type == library.TrackVideo {
			s.track.FrameRate = s.rate()
		}
	}
}

// rate is the frame rate of a stream: that which its time stamps show. Where they are irregular, or stand only at every
// second frame or so, it is that which its codec tells.
func (s *stream) rate() string {
	told, step, regular := s.track.FrameRate, 0.0, false
	if s.counted > 0 {
		step, regular = commonest(s.steps[:s.counted])
	}
	switch {
	case step == 0:
		return told
	case told == "":
		return rateOf(step)
	case !regular:
		return told
	}
	n, d := split(told)
	if frames := step / clock * float64(n) / float64(max(d, 1)); frames > 1.5 && math.Abs(frames-math.Round(frames)) < 0.01 {
		return told
	}
	return rateOf(step)
}

// commonest returns the step that is the most frequent, as the average of those that rounding has made of it, and whether
// most of the steps are that one.
func commonest(steps []int32) (step float64, regular bool) {
	most := 0
	for _, candidate := range steps {
		n, sum := 0, 0
		for _, other := range steps {
			if d := other - candidate; d >= -1 && d <= 1 {
				n++
				sum += int(other)
			}
		}
		if n > most {
			most, step = n, float64(sum)/float64(n)
		}
	}
	return step, 4*most >= 3*len(steps)
}

// standardRates are the frame rates that are used, as fractions of these.
var standardRates = [...][2]int{
	{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {48000, 1001}, {48, 1}, {50, 1}, {60000, 1001}, {60, 1},
	{100, 1}, {120000, 1001}, {120, 1}, {15000, 1001}, {15, 1}, {12000, 1001}, {12, 1}, {10, 1},
}

// rateOf is the frame rate whose frames are so many ticks apart: a usual one where that is close.
func rateOf(step float64) string {
	best, nearest := 0.4, ""
	for _, rate := range standardRates {
		if off := math.Abs(step - clock*float64(rate[1])/float64(rate[0])); off < best {
			best, nearest = off, strconv.Itoa(rate[0])+"/"+strconv.Itoa(rate[1])
		}
	}
	if nearest != "" {
		return nearest
	}
	if whole := math.Round(clock / step); math.Abs(clock/whole-step) < 0.5 { // 17 a second are 5294.1 ticks apart
		return strconv.Itoa(int(whole)) + "/1"
	}
	ticks := int(math.Round(step))
	common := clock
	for a := ticks; a != 0; {
		common, a = a, common%a
	}
	return strconv.Itoa(clock/common) + "/" + strconv.Itoa(ticks/common)
}

// split reads a fraction. Both numbers are 0 where it is none.
func split(fraction string) (numerator, denominator int64) {
	a, b, _ := strings.Cut(fraction, "/")
	n, err := strconv.ParseInt(a, 10, 32)
	d, err2 := strconv.ParseInt(b, 10, 32)
	if err != nil || err2 != nil || n <= 0 || d <= 0 {
		return 0, 0
	}
	return n, d
}
