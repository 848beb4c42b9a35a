package isobmff

import (
	"math"
	"strconv"
)

// deltas counts how long the samples of a track last.
type deltas struct {
	samples  int64 // all that were counted
	duration int64 // of all that were counted, in units of the track
	complete bool  // the whole table was counted
	runs     [8]run
	used     int
}

// run is how many samples have lasted equally long.
type run struct {
	delta   uint32 // units
	samples int64
}

// add counts a run of samples. The last sample of a track is often of an odd length, and does not count for the rate.
func (d *deltas) add(samples, delta uint32, last bool) {
	if delta > math.MaxInt32 {
		delta = 1 // a correction of earlier times, and no length
	}
	d.samples += int64(samples)
	if more := int64(samples) * int64(delta); d.duration <= math.MaxInt64-more {
		d.duration += more
	}
	if last || delta == 0 || samples == 0 {
		return
	}
	for i := range d.runs[:d.used] {
		if d.runs[i].delta == delta {
			d.runs[i].samples += int64(samples)
			return
		}
	}
	if d.used < len(d.runs) {
		d.runs[d.used] = run{delta: delta, samples: int64(samples)}
		d.used++
	}
}

// rate gives the frame rate as a fraction: that of the commonest length, the shorter one where two are equally common.
// Where the clock of a track is too coarse for its rate, lengths that differ by one unit alternate ("41, 42, 42, 41" is
// 24000/1001 in milliseconds): their mean tells the rate. Tracks that were copied from Matroska do the same by a
// millisecond, whatever their own clock ("656, 672, 672, 656" in sixteenths of it).
func (d *deltas) rate(timescale uint32) string {
	if d.used == 0 {
		return ""
	}
	common := d.runs[0]
	for _, r := range d.runs[1:d.used] {
		if r.samples > common.samples || (r.samples == common.samples && r.delta < common.delta) {
			common = r
		}
	}
	near, length := int64(0), 0.0
	step := max(1, timescale/1000)
	for _, r := range d.runs[:d.used] {
		if r.delta-common.delta+step <= 2*step { // at most a step away; unsigned numbers wrap around
			near += r.samples
			length += float64(r.samples) * float64(r.delta)
		}
	}
	if near > common.samples && near*10 >= d.samples*9 {
		if rate := usual(float64(timescale)*float64(near)/length, 1.5/length); rate != "" {
			return rate
		}
	}
	return fraction(uint64(timescale), uint64(common.delta))
}

// usual gives the rate in general use that a mean rate is nearest to, and nothing where it is near none. The mean may be
// off by a share of it: the fewer samples it was taken of, the more.
func usual(mean, off float64) string {
	const least, most = 0.0005, 0.002 // 24 and 24000/1001 are a thousandth apart
	best, nearest := "", min(max(off, least), most)
	for _, rate := range usualRates {
		exact := float64(rate.frames) / float64(rate.seconds)
		if off := math.Abs(mean-exact) / exact; off < nearest {
			best, nearest = rate.name, off
		}
	}
	return best
}

// usualRates are the frame rates in general use.
var usualRates = []struct {
	frames, seconds uint64
	name            string
}{
	{24000, 1001, "24000/1001"}, {24, 1, "24/1"}, {25, 1, "25/1"}, {30000, 1001, "30000/1001"}, {30, 1, "30/1"},
	{48000, 1001, "48000/1001"}, {48, 1, "48/1"}, {50, 1, "50/1"}, {60000, 1001, "60000/1001"}, {60, 1, "60/1"},
	{100, 1, "100/1"}, {120000, 1001, "120000/1001"}, {120, 1, "120/1"}, {12, 1, "12/1"}, {15, 1, "15/1"},
	{15000, 1001, "15000/1001"}, {12000, 1001, "12000/1001"}, {10, 1, "10/1"}, {20, 1, "20/1"},
}

// fraction gives a rate in its lowest terms, "24000/1001".
func fraction(frames, units uint64) string {
	if frames == 0 || units == 0 {
		return ""
	}
	d := divisor(frames, units)
	frames, units = frames/d, units/d
	for _, rate := range usualRates {
		if rate.frames == frames && rate.seconds == units {
			return rate.name
		}
	}
	return strconv.FormatUint(frames, 10) + "/" + strconv.FormatUint(units, 10)
}

// ratio gives an aspect in its lowest terms, "16:9", and nothing where there is none.
func ratio(a, b uint64) string {
	if a == 0 || b == 0 {
		return ""
	}
	d := divisor(a, b)
	if a == b {
		return "1:1"
	}
	return strconv.FormatUint(a/d, 10) + ":" + strconv.FormatUint(b/d, 10)
}

// divisor is the greatest one that two numbers have in common.
func divisor(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
