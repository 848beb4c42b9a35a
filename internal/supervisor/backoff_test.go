package supervisor

import (
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	policy := Backoff{Min: 100 * time.Millisecond, Max: time.Second}
	t.Run("GrowsToItsMaximum", func(t *testing.T) {
		want := []time.Duration{0, 100, 200, 400, 800, 1000, 1000}
		for i, w := range want {
			if got := policy.pause(i+1, 0); got != w*time.Millisecond {
				t.Errorf("pause %d is %v, want %v", i+1, got, w*time.Millisecond)
			}
		}
	})
	t.Run("SpreadsOverTheUpperHalf", func(t *testing.T) {
		if got := policy.pause(2, 0.999999); got < 50*time.Millisecond || got > 51*time.Millisecond {
			t.Errorf("shortest pause is %v, want 50 ms", got)
		}
	})
	t.Run("DoesNotOverflow", func(t *testing.T) {
		wide := Backoff{Min: 1, Max: 1<<63 - 1}
		for _, nth := range []int{65, 1000, 1 << 30} {
			if got := wide.pause(nth, 0); got != wide.Max {
				t.Errorf("pause %d is %v", nth, got)
			}
		}
	})
	t.Run("MaximumBelowTheMinimumWins", func(t *testing.T) {
		if got := (Backoff{Min: time.Hour, Max: time.Second}).pause(2, 0); got != time.Second {
			t.Errorf("pause is %v", got)
		}
	})
}
