package services

import (
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestHerald(t *testing.T) {
	now := time.Now()
	tests := []struct {
		name  string
		stand Stand
		want  []string
	}{
		{"AStartThatTakesTimeIsTold", Stand{Line: "starting", Starting: time.Second},
			[]string{"STATUS=starting", "EXTEND_TIMEOUT_USEC=15000000"}},
		{"AStartThatTakesForEverIsNotExtendedForEver", Stand{Line: "starting", Starting: openWait},
			[]string{"STATUS=starting"}},
		{"AHealthyDaemonIsReady", Stand{Line: "serving", Running: 1, Healthy: true},
			[]string{"READY=1\nSTATUS=serving"}},
		{"ADegradedOneIsNotReadySoFar", Stand{Line: "degraded", Running: readyWait - 1},
			[]string{"STATUS=degraded", "EXTEND_TIMEOUT_USEC=15000000"}},
		{"ADegradedOneIsReadyAfterAWhile", Stand{Line: "degraded", Running: readyWait},
			[]string{"READY=1\nSTATUS=degraded"}},
		{"AStopUnderWayIsTold", Stand{Line: "stopping", Stopping: time.Second},
			[]string{"STATUS=stopping", "EXTEND_TIMEOUT_USEC=15000000"}},
		{"AStopThatShouldBeOverIsNotExtended", Stand{Line: "stopping"},
			[]string{"STATUS=stopping"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, messages := notifying(t)
			h := NewHerald(n, nil)
			h.tell(tt.stand, now)
			h.tell(tt.stand, now.Add(time.Second)) // nothing new
			wantMessages(t, messages, tt.want...)
		})
	}
	t.Run("ExtendsAgainWhileItGoesOn", func(t *testing.T) {
		n, messages := notifying(t)
		h := NewHerald(n, nil)
		for i := range 10 {
			h.tell(Stand{Line: "stopping", Stopping: time.Minute}, now.Add(time.Duration(i)*time.Second))
		}
		wantMessages(t, messages, append([]string{"STATUS=stopping"}, slices.Repeat([]string{"EXTEND_TIMEOUT_USEC=15000000"}, 4)...)...)
	})
	t.Run("ExtendsAStopAtOnceHoweverNewTheStartIs", func(t *testing.T) {
		n, messages := notifying(t)
		h := NewHerald(n, nil)
		h.tell(Stand{Line: "starting", Starting: 1}, now)
		h.tell(Stand{Line: "stopping", Stopping: time.Minute}, now.Add(time.Millisecond))
		wantMessages(t, messages, "STATUS=starting", "EXTEND_TIMEOUT_USEC=15000000", "STATUS=stopping", "EXTEND_TIMEOUT_USEC=15000000")
	})
	t.Run("ANudgeTellsAtOnce", func(t *testing.T) {
		n, messages := notifying(t)
		var stand atomic.Pointer[Stand]
		stand.Store(&Stand{Line: "starting"})
		h := NewHerald(n, func() Stand { return *stand.Load() })
		run := startReady(t, h)
		next(t, messages)
		stand.Store(&Stand{Line: "serving", Running: 1, Healthy: true})
		h.Nudge()
		if got := next(t, messages); !strings.HasPrefix(got, "READY=1") {
			t.Errorf("got %q", got)
		}
		if err := run.stop(); err != nil {
			t.Error(err)
		}
	})
	t.Run("LooksAgainWithoutANudge", func(t *testing.T) {
		n, messages := notifying(t)
		var looks atomic.Int64
		h := NewHerald(n, func() Stand { return Stand{Line: strconv.FormatInt(looks.Add(1), 10)} })
		startReady(t, h)
		wantMessages(t, messages, "STATUS=1", "STATUS=2")
	})
}
