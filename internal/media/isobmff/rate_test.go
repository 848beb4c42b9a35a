package isobmff

import "testing"

func TestRate(t *testing.T) {
	type runs [][2]uint32 // samples, delta
	for _, row := range []struct {
		name      string
		timescale uint32
		runs      runs
		want      string
	}{
		{"NothingIsKnownOfNothing", 1000, nil, ""},
		{"OneLength", 24000, runs{{100, 1001}}, "24000/1001"},
		{"TheCommonestLength", 90000, runs{{90, 3600}, {10, 7200}}, "25/1"},
		{"InMilliseconds", 1000, runs{{71, 42}, {29, 41}}, "24000/1001"},
		{"CopiedFromMilliseconds", 16000, runs{{71, 672}, {29, 656}}, "24000/1001"},
		{"CopiedFromMillisecondsOtherwise", 16000, runs{{67, 672}, {33, 656}}, "24/1"},
		{"TwoRatesAreNotOne", 90000, runs{{50, 3600}, {50, 3000}}, "30/1"},
		{"NoUsualRate", 1000, runs{{100, 77}}, "1000/77"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var d deltas
			for _, run := range row.runs {
				d.add(run[0], run[1], false)
			}
			if got := d.rate(row.timescale); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
