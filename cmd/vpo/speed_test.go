package main

import (
	"testing"
	"time"
)

func TestSpeed(t *testing.T) {
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	at := func(seconds float64, files int, bytes int64) sample {
		return sample{begin.Add(time.Duration(seconds * float64(time.Second))), files, bytes}
	}
	for name, test := range map[string]struct {
		samples      []sample
		files, bytes float64
	}{
		"IsUnknownAtFirst":                  {nil, 0, 0},
		"IsUnknownWithOneSample":            {[]sample{at(0, 5, 5)}, 0, 0},
		"IsUnknownWhereNoTimeHasPassed":     {[]sample{at(0, 5, 5), at(0, 9, 9)}, 0, 0},
		"IsPerSecond":                       {[]sample{at(0, 0, 0), at(2, 10, 4000)}, 5, 2000},
		"IsOfTheLastSeconds":                {[]sample{at(0, 0, 0), at(10, 1000, 1e6), at(15, 1010, 1e6)}, 2, 0},
		"DoesNotGoBackwards":                {[]sample{at(0, 5, 0), at(1, 4, 0)}, 0, 0},
		"RemembersOneSampleBeforeTheWindow": {[]sample{at(0, 0, 0), at(100, 100, 100)}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var s speed
			for _, sample := range test.samples {
				s.add(sample)
			}
			if files, bytes := s.perSecond(); files != test.files || bytes != test.bytes {
				t.Errorf("got %v and %v, want %v and %v", files, bytes, test.files, test.bytes)
			}
		})
	}
	t.Run("KeepsFewSamples", func(t *testing.T) {
		var s speed
		for i := range 10000 {
			s.add(at(float64(i)/10, i, 0))
		}
		if len(s.samples) > 60 {
			t.Errorf("%d samples are kept", len(s.samples))
		}
	})
}
