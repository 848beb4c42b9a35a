package supervisor

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
)

var errDisk = errors.New("disk gone")

func TestLifecycleExitCode(t *testing.T) {
	asked := Cause{Reason: "received SIGTERM", Code: 143}
	failed := Cause{Reason: "start failed", Err: errDisk, Code: 143}
	tests := []struct {
		name  string
		cause *Cause
		ran   bool
		cut   bool
		clean bool
		want  int
	}{
		{"FailureIsOneEvenIfCleanlyStopped", &failed, true, false, true, 1},
		{"FailedStartIsOne", &failed, false, false, true, 1},
		{"RequestThatLeftSomethingBehindIsItsCode", &asked, true, false, false, 143},
		{"RequestThatWasCutShortIsItsCode", &asked, true, true, true, 143},
		{"RequestBeforeTheStartHadFinishedIsItsCode", &asked, false, false, true, 143},
		{"UncleanRequestWithoutCodeIsOne", &Cause{Reason: "asked"}, true, false, false, 1},
		{"CleanRequestIsZero", &asked, true, false, true, 0},
		{"NoCauseAndUncleanIsOne", nil, true, false, false, 1},
		{"NoCauseAndCleanIsZero", nil, true, false, true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := NewLifecycle()
			if tt.ran {
				l.MarkRunning()
			}
			if tt.cause != nil {
				l.Shutdown(*tt.cause)
			}
			if tt.cut {
				l.CutShort("received SIGINT")
			}
			l.MarkStopped()
			if got := l.ExitCode(tt.clean); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
		})
	}
}

func TestLifecycle(t *testing.T) {
	t.Run("ShutdownMovesThePhaseBeforeAnythingElseHearsOfIt", func(t *testing.T) {
		l := NewLifecycle()
		l.MarkRunning()
		seen := make(chan Phase, 1)
		context.AfterFunc(l.Stopping(), func() { seen <- l.Phase() })
		if !l.Shutdown(Cause{Reason: "received SIGTERM"}) || l.Phase() != Stopping {
			t.Fatal("the shutdown did not move the phase")
		}
		if p := <-seen; p != Stopping {
			t.Fatalf("a listener saw phase %v", p)
		}
	})
	t.Run("FirstOfManyCausesWins", func(t *testing.T) {
		l := NewLifecycle()
		var firsts atomic.Int32
		var winner atomic.Int64
		var wg sync.WaitGroup
		for code := range 100 {
			wg.Go(func() {
				if l.Shutdown(Cause{Reason: "asked", Code: code}) {
					firsts.Add(1)
					winner.Store(int64(code))
				}
			})
		}
		wg.Wait()
		c, ok := l.Cause()
		if firsts.Load() != 1 || !ok || int64(c.Code) != winner.Load() {
			t.Fatalf("%d first causes, kept %+v, winner %d", firsts.Load(), c, winner.Load())
		}
	})
	t.Run("StoppingCarriesTheCause", func(t *testing.T) {
		l := NewLifecycle()
		if _, ok := l.Cause(); ok || l.Stopping().Err() != nil {
			t.Fatal("a cause before the shutdown")
		}
		l.Shutdown(Cause{Reason: "database failed for good", Err: errDisk})
		err := context.Cause(l.Stopping())
		c, ok := errors.AsType[Cause](err)
		if !ok || c.Reason != "database failed for good" || !errors.Is(err, errDisk) {
			t.Fatalf("cause is %v", err)
		}
		if err.Error() != "database failed for good: disk gone" {
			t.Fatalf("text is %q", err)
		}
	})
	t.Run("StartDoesNotFinishAfterAShutdown", func(t *testing.T) {
		l := NewLifecycle()
		l.Shutdown(Cause{Reason: "received SIGINT"})
		if l.MarkRunning() || l.Phase() != Stopping {
			t.Fatalf("phase %v", l.Phase())
		}
	})
	t.Run("CutShortNeedsATeardown", func(t *testing.T) {
		l := NewLifecycle()
		l.CutShort("too early")
		if l.Forced().Err() != nil {
			t.Fatal("cut short before the shutdown")
		}
		l.Shutdown(Cause{Reason: "received SIGTERM", Code: 143})
		l.CutShort("received SIGINT")
		if got := context.Cause(l.Forced()); got == nil || got.Error() != "received SIGINT" {
			t.Fatalf("cause of the cut is %v", got)
		}
	})
	t.Run("NothingChangesAfterTheStop", func(t *testing.T) {
		l := NewLifecycle()
		l.MarkRunning()
		l.Shutdown(Cause{Reason: "received SIGTERM", Code: 143})
		l.MarkStopped()
		l.CutShort("too late")
		if l.Shutdown(Cause{Err: errDisk}) || l.MarkRunning() || l.Phase() != Stopped || l.ExitCode(true) != 0 {
			t.Fatalf("phase %v, code %d", l.Phase(), l.ExitCode(true))
		}
	})
	t.Run("PhasesAreNamed", func(t *testing.T) {
		for p, want := range map[Phase]string{Starting: "starting", Running: "running", Stopping: "stopping", Stopped: "stopped", 9: "unknown"} {
			if p.String() != want {
				t.Errorf("phase %d is %q, want %q", p, p, want)
			}
		}
	})
}

// TestLifecycleStorm lets requests fall on a program that starts and stops, at random.
func TestLifecycleStorm(t *testing.T) {
	for range 500 {
		l := NewLifecycle()
		tree := NewTree(Options{})
		var wg sync.WaitGroup
		for range 1 + rand.IntN(3) {
			wg.Go(func() {
				if !l.Shutdown(Cause{Reason: "received SIGTERM", Code: 143}) {
					l.CutShort("received SIGTERM")
				}
			})
		}
		for _, name := range []string{"database", "http", "work"} {
			if err := tree.Start(l.Stopping(), of(name, steady(name+" service"))); err != nil {
				l.Shutdown(Cause{Reason: "start failed", Err: err})
				break
			}
		}
		l.MarkRunning()
		<-l.Stopping().Done()
		receipt := Teardown(l, tree, 5e9)
		wg.Wait()
		if code := l.ExitCode(receipt.Clean()); code != 0 && code != 143 {
			t.Fatalf("exit code %d; %+v", code, receipt)
		}
		if l.Phase() != Stopped {
			t.Fatalf("phase %v", l.Phase())
		}
	}
}
