package main

import "time"

// speedWindow is the time that a speed is measured over: long enough to be calm, short enough to be of now.
const speedWindow = 5 * time.Second

// speed measures how fast something goes, over the last seconds.
type speed struct {
	samples []sample // oldest first
}

// sample is how far something had come at a time.
type sample struct {
	at    time.Time
	files int
	bytes int64
}

// add notes how far it has come. A total that went down, as it does for a file that vanished, is no speed backwards.
func (s *speed) add(now sample) {
	s.samples = append(s.samples, now)
	for len(s.samples) > 2 && now.at.Sub(s.samples[1].at) >= speedWindow {
		s.samples = s.samples[1:]
	}
}

// perSecond is the speed in files and bytes; 0 while it is not known.
func (s *speed) perSecond() (files, bytes float64) {
	if len(s.samples) < 2 {
		return 0, 0
	}
	first, last := s.samples[0], s.samples[len(s.samples)-1]
	seconds := last.at.Sub(first.at).Seconds()
	if seconds <= 0 {
		return 0, 0
	}
	return max(0, float64(last.files-first.files)/seconds), max(0, float64(last.bytes-first.bytes)/seconds)
}

// measured is how long the speed was measured.
func (s *speed) measured() time.Duration {
	if len(s.samples) < 2 {
		return 0
	}
	return s.samples[len(s.samples)-1].at.Sub(s.samples[0].at)
}
