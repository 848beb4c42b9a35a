package isobmff

import (
	"math"
	"math/bits"

	"vpo/internal/library"
)

// settle ends the reading of a track: its duration and its rate as far as the index tells them, and the shape of its
// pixels.
func (r *reader) settle(s *stream) {
	if s.timescale == 0 {
		s.timescale = max(1, r.movie.timescale)
	}
	if s.deltas.complete && s.deltas.duration > 0 && (s.duration == 0 || s.deltas.duration < s.duration) {
		s.duration = s.deltas.duration
	}
	s.fragment.end, s.inIndex = s.deltas.duration, s.deltas.samples > 0
	if edited := rescale(s.edits.duration, s.timescale, r.movie.timescale); edited > 0 && s.inIndex {
		s.duration = min(s.duration, edited)
	}
	if s.Type == library.TrackVideo {
		s.shape()
	}
}

// shape derives the shape of a pixel from the size at which the track is to be shown. Where the container gives the shape
// itself, that counts, and so does the stream where the sizes are equal.
func (s *stream) shape() {
	w, h := uint64(max(0, s.codedWidth)), uint64(max(0, s.codedHeight))
	dw, dh := uint64(s.displayWidth), uint64(s.displayHeight)
	if s.hasShape || w == 0 || h == 0 || dw == 0 || dh == 0 || (w == dw && h == dh) {
		return
	}
	s.SampleAspect = ratio(h*dw, w*dh)
}

// finish makes the outcome of what was read.
func (r *reader) finish() error {
	if !r.hasData && r.hasSamples() {
		r.warn("the file ends before its media data")
	}
	r.media.DurationSeconds = r.duration()
	if err := r.chapters(); err != nil {
		return err
	}
	if err := r.frames(); err != nil {
		return err
	}
	if len(r.streams) == 0 {
		r.warn("the container holds no tracks")
		return nil
	}
	r.media.Tracks = make([]library.Track, len(r.streams))
	for i := range r.streams {
		s := &r.streams[i]
		s.Index = i
		if rate := s.deltas.rate(s.timescale); s.Type == library.TrackVideo && rate != "" {
			s.FrameRate = rate
		}
		s.DurationSeconds = seconds(s.duration, s.timescale)
		if s.DurationSeconds == 0 || r.frags.unread {
			s.DurationSeconds = r.media.DurationSeconds
		}
		if s.Type == library.TrackAudio && s.ChannelLayout == "" {
			s.ChannelLayout = s.plainLayout()
		}
		r.media.Tracks[i] = s.Track
	}
	return nil
}

// plainLayout is the layout that the container gives, or one that nobody mistakes.
func (s *stream) plainLayout() string {
	switch {
	case s.speakers != "":
		return s.speakers
	case s.Channels == 1:
		return "mono"
	case s.Channels == 2:
		return "stereo"
	}
	return ""
}

func (r *reader) hasSamples() bool {
	for i := range r.streams {
		if r.streams[i].inIndex {
			return true
		}
	}
	return false
}

// duration is that of the film in seconds: what the header of the movie says, or, where there are fragments, from when
// the first of the pictures and sounds begins until the last one ends.
func (r *reader) duration() float64 {
	whole := seconds(r.movie.duration, r.movie.timescale)
	switch {
	case r.frags.unread:
		return seconds(r.frags.duration, r.movie.timescale)
	case !r.frags.announced && whole > 0:
		return whole
	}
	var media, texts span
	longest := 0.0
	for i := range r.streams {
		s := &r.streams[i]
		length := seconds(s.duration, s.timescale)
		longest = max(longest, length)
		switch {
		case length == 0:
		case s.Type == library.TrackVideo || s.Type == library.TrackAudio:
			media.include(s.begin(r.movie.timescale), length)
		default:
			texts.include(s.begin(r.movie.timescale), length)
		}
	}
	if longest == 0 {
		return whole
	}
	media.extend(texts)
	return micro(max(longest, media.end-media.start))
}

// span is a stretch of time, in seconds.
type span struct {
	known      bool
	start, end float64
}

func (s *span) include(start, length float64) {
	if !s.known {
		*s = span{known: true, start: start, end: start + length}
	}
	s.start, s.end = min(s.start, start), max(s.end, start+length)
}

// extend lets texts count that begin or end less than a second outside.
func (s *span) extend(texts span) {
	switch {
	case !texts.known:
		return
	case !s.known:
		*s = texts
	}
	if s.start-texts.start < 1 {
		s.start = min(s.start, texts.start)
	}
	if texts.end-s.end < 1 {
		s.end = max(s.end, texts.end)
	}
}

// begin is when the first sample of a track in a fragmented file is shown, in seconds.
func (s *stream) begin(movieScale uint32) float64 {
	shift := s.edits.start - rescale(s.edits.empty, s.timescale, movieScale)
	return float64(s.fragment.start+s.fragment.early-shift) / float64(s.timescale)
}

// seconds gives a duration in seconds, to the microsecond, as ffprobe does; 0 where it is unknown.
func seconds(units int64, timescale uint32) float64 {
	if units <= 0 || timescale == 0 {
		return 0
	}
	if value := float64(units) / float64(timescale); value <= math.MaxInt32 {
		return micro(value)
	}
	return 0
}

func micro(value float64) float64 { return math.Round(value*1e6) / 1e6 }

// rescale gives a duration in units of another clock, and 0 where it does not fit.
func rescale(units int64, to, from uint32) int64 {
	if units <= 0 || from == 0 {
		return 0
	}
	high, low := bits.Mul64(uint64(units), uint64(to))
	low, carry := bits.Add64(low, uint64(from)/2, 0)
	high += carry
	if high >= uint64(from) {
		return 0
	}
	quotient, _ := bits.Div64(high, low, uint64(from))
	if quotient > math.MaxInt64 {
		return 0
	}
	return int64(quotient)
}
