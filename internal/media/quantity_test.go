package media

import "testing"

func TestFraction(t *testing.T) {
	for text, want := range map[string]float64{
		"": 0, "1": 0, "1/0": 0, "0/0": 0, "-1/2": 0, "1/2/3": 0, "x/2": 0, "NaN/1": 0, "34000/50000": 0.68, "50/10000": 0.005,
	} {
		if got := fraction(text); got != want {
			t.Errorf("fraction(%q) = %v, want %v", text, got, want)
		}
	}
}
