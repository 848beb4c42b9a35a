package services

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// heart is a Watchdog whose signs of life are counted.
type heart struct {
	*Watchdog
	book  logbook
	beats atomic.Int64
}

func newHeart(interval time.Duration, probe func(context.Context) error) *heart {
	h := &heart{}
	h.Watchdog = NewWatchdog(WatchdogConfig{
		Interval: interval, Probe: probe, Logger: h.book.logger(), Alive: func() { h.beats.Add(1) },
	})
	return h
}

func TestWatchdog(t *testing.T) {
	t.Run("BeatsThreeTimesInAnInterval", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHeart(30*time.Second, func(context.Context) error { return nil })
			start(t, h)
			<-time.After(5 * time.Minute)
			synctest.Wait()
			if got := h.beats.Load(); got < 30 || got > 31 {
				t.Errorf("%d beats in ten intervals", got)
			}
		})
	})
	t.Run("HoldsTheHeartbeatBackWhileTheProbeFails", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var well atomic.Bool
			h := newHeart(30*time.Second, func(context.Context) error {
				if well.Load() {
					return nil
				}
				return errors.New("frozen")
			})
			start(t, h)
			<-time.After(5 * time.Minute)
			if got := h.beats.Load(); got != 0 {
				t.Errorf("%d beats of a frozen daemon", got)
			}
			well.Store(true)
			<-time.After(31 * time.Second)
			if got := h.beats.Load(); got < 3 {
				t.Errorf("%d beats after it came back", got)
			}
			log := h.book.String()
			if strings.Count(log, "withheld\"") != 1 || strings.Count(log, "goes on") != 1 || !strings.Contains(log, "frozen") {
				t.Errorf("logged %s", log)
			}
		})
	})
	t.Run("LogsTheGoroutinesOnceAndBeforeTheIntervalIsOver", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHeart(30*time.Second, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
			start(t, h)
			<-time.After(29 * time.Second)
			synctest.Wait()
			log := h.book.String()
			if !strings.Contains(log, "level=ERROR msg=\"goroutines of the stuck daemon\"") || !strings.Contains(log, "services.(*Watchdog).Run") {
				t.Errorf("logged %s", log)
			}
			<-time.After(5 * time.Minute)
			synctest.Wait()
			if got := strings.Count(h.book.String(), "does not live"); got != 1 {
				t.Errorf("the stacks were logged %d times", got)
			}
		})
	})
	t.Run("OneHiccupIsNoReasonForStacks", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			probes := 0
			h := newHeart(30*time.Second, func(context.Context) error {
				if probes++; probes%2 == 0 {
					return errors.New("hiccup")
				}
				return nil
			})
			start(t, h)
			<-time.After(5 * time.Minute)
			synctest.Wait()
			if log := h.book.String(); strings.Contains(log, "goroutines") || !strings.Contains(log, "hiccup") {
				t.Errorf("logged %s", log)
			}
		})
	})
}

func TestGroupGoroutines(t *testing.T) {
	const text = `goroutine 1 [running]:
vpo/internal/services.(*Watchdog).Run(0xc000012345, {0x1, 0x2})
	/src/internal/services/watchdog.go:44 +0x1d
created by vpo/internal/supervisor.begin in goroutine 7
	/src/internal/supervisor/call.go:25 +0x11

goroutine 18 [chan receive, 5 minutes]:
main.wait(...)
	/src/main.go:9

goroutine 19 [chan receive, 5 minutes]:
main.wait(...)
	/src/main.go:9
`
	want := []goroutines{
		{1, "running", "services.(*Watchdog).Run watchdog.go:44 < supervisor.begin in goroutine 7 call.go:25"},
		{2, "chan receive, 5 minutes", "main.wait main.go:9"},
	}
	got := groupGoroutines(text)
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	t.Run("TextThatIsNoStackIsNoPanic", func(t *testing.T) {
		for _, text := range []string{"", "\n\n\n", "goroutine", "goroutine 1 [", "x\ny\n\n[]\n(\n"} {
			if got := groupGoroutines(text); len(got) > 3 {
				t.Errorf("%q gives %+v", text, got)
			}
		}
	})
}
