package matroska

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestRateOfADuration(t *testing.T) {
	for duration, want := range map[int64]string{
		41_708_333: "24000/1001", 41_708_375: "24000/1001", 41_666_666: "24/1", 41_666_667: "24/1", 40_000_000: "25/1",
		33_366_666: "30000/1001", 33_366_700: "30000/1001", 33_333_333: "30/1", 20_833_333: "48/1", 20_000_000: "50/1",
		16_683_333: "60000/1001", 16_666_667: "60/1", 8_333_333: "120/1", 8_341_667: "120000/1001",
		62_500_000: "16/1", 1_000_000_000: "1/1", 2_000_000_000: "1/2", 55_555_555: "18/1", 1: "30000/1",
		999_999_999_999: "1/1000",
	} {
		if got := rate(duration); got != want {
			t.Errorf("%d ns: %s, want %s", duration, got, want)
		}
	}
}

func TestCommonestRecognisesARateBehindRoundedTimes(t *testing.T) {
	const millisecond = 1_000_000
	for _, u := range usual {
		rate := float64(u.num) / float64(u.den)
		want := u.String()
		for begin := range 7 {
			stamps := make([]int64, maxStamps)
			for i := range stamps {
				stamps[i] = millisecond * int64(math.Round(float64(begin)*1234.567+float64(i)*1000/rate))
			}
			if got := commonest(stamps, millisecond); got != want {
				t.Errorf("%s from %d: got %s", want, begin, got)
			}
		}
	}
}

func TestCommonest(t *testing.T) {
	const millisecond = 1_000_000
	times := func(milliseconds ...int64) []int64 {
		for i := range milliseconds {
			milliseconds[i] *= millisecond
		}
		return milliseconds
	}
	for _, test := range []struct {
		name   string
		stamps []int64
		want   string
	}{
		{"NoFrameHasNoRate", nil, ""},
		{"OneFrameHasNoRate", times(40), ""},
		{"FramesOfOneTimeHaveNoRate", times(40, 40, 40), ""},
		{"FramesThatLieYearsApartHaveNoRate", times(0, 1<<40), ""},
		{"TheOrderDoesNotMatter", times(0, 120, 40, 80, 240, 160, 200), "25/1"},
		{"HolesDoNotMatter", times(0, 40, 80, 500, 540, 580, 2000, 2040), "25/1"},
		{"TheCommonestOfSeveralCounts", times(0, 20, 40, 80, 120, 160, 200, 300), "25/1"},
		{"AnUnusualRateIsAFraction", times(0, 400, 800, 1200, 1600, 2000), "5/2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := commonest(test.stamps, millisecond); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestReduceFindsTheNearestFraction(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		num, den, limit := 1+chance.Int64N(1<<20), 1+chance.Int64N(1<<20), 1+chance.Int64N(200)
		gotNum, gotDen := reduce(num, den, limit)
		if gotNum < 0 || gotDen < 0 || gotNum > limit || gotDen > limit {
			t.Fatalf("%d/%d within %d: %d/%d", num, den, limit, gotNum, gotDen)
		}
		if gotNum == 0 || gotDen == 0 { // nothing within the limit is near
			continue
		}
		value := float64(num) / float64(den)
		best := math.Abs(float64(gotNum)/float64(gotDen) - value)
		for q := int64(1); q <= limit; q++ {
			p := min(limit, int64(math.Round(value*float64(q))))
			if p > 0 && math.Abs(float64(p)/float64(q)-value) < best*(1-1e-9)-1e-15 {
				t.Fatalf("%d/%d within %d: %d/%d, but %d/%d is nearer", num, den, limit, gotNum, gotDen, p, q)
			}
		}
	}
}
