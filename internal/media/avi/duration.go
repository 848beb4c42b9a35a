package avi

import (
	"math"
	"math/bits"
)

// durations sets how long the streams and the file last. A stream that counts bytes does not tell, as far as ffmpeg is
// concerned, and lasts as long as the file. Of a file that was cut short, only the part that is there counts. Of one whose
// header was made before its length was known, nothing is known: ffprobe believes the made-up length.
func (r *reader) durations() {
	if r.riffEnd == chunkHeader+unknownSize {
		return
	}
	longest, guess := 0.0, 0.0
	for i := range r.streams {
		s := &r.streams[i]
		seconds := s.seconds(r.present(s.length))
		if guess = max(guess, seconds); s.counted() {
			r.media.Tracks[i].DurationSeconds = seconds
			longest = max(longest, seconds)
		}
	}
	if longest == 0 {
		longest = guess
	}
	r.media.DurationSeconds = longest
	for i := range r.media.Tracks {
		if t := &r.media.Tracks[i]; t.DurationSeconds == 0 {
			t.DurationSeconds = longest
		}
	}
}

// seconds is how long so many units last, 0 where that makes no sense.
func (s *stream) seconds(units uint32) float64 {
	d := float64(units) * float64(s.scale) / float64(s.rate)
	if d > math.MaxInt32 {
		return 0
	}
	return d
}

// present is how many of so many units there are in a file that ends before it should, rounded.
func (r *reader) present(units uint32) uint32 {
	size := uint64(r.src.Size())
	if r.riffEnd <= r.src.Size() {
		return units
	}
	high, low := bits.Mul64(uint64(units), size)
	whole, rest := bits.Div64(high, low, uint64(r.riffEnd)) // below units, since the size is below the end
	if rest >= uint64(r.riffEnd)-rest {
		whole++
	}
	return uint32(whole)
}
