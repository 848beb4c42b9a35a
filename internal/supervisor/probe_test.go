package supervisor

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/thejerf/suture/v4"
)

// probed is a Service with a Prober of its own.
type probed struct {
	Service
	probe func(context.Context) error
}

func (p probed) Probe(ctx context.Context) error { return p.probe(ctx) }

func probeWithin(tree *Tree, d time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return tree.Probe(ctx)
}

func wantProbe(t *testing.T, tree *Tree, want string) {
	t.Helper()
	err := probeWithin(tree, time.Second)
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("probe: %v, want %q", err, want)
	}
}

func TestProbe(t *testing.T) {
	t.Run("FailsWhileAServiceFailsForLongerThanItMay", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var well atomic.Bool
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", failing("scanner", func(ctx context.Context, _ int) error {
				if well.Load() {
					<-ctx.Done()
					return nil
				}
				return errDisk
			})))
			pass(59 * time.Second)
			wantProbe(t, tree, "")
			pass(2 * time.Second)
			wantProbe(t, tree, "scanner has been failing for 1m1s: disk gone")
			well.Store(true)
			pass(time.Minute)
			wantProbe(t, tree, "")
			mustStopClean(t, tree)
		})
	})
	t.Run("HoldsNothingAgainstAnOptionalService", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{Optional: func(service string) bool { return service == "census" }})
			mustStart(t, tree, of("work", failing("census", func(context.Context, int) error { return errDisk })))
			pass(10 * time.Minute)
			wantProbe(t, tree, "")
			mustStart(t, tree, of("more", failing("scanner", func(context.Context, int) error { return errDisk })))
			pass(10 * time.Minute)
			wantProbe(t, tree, "scanner has been failing")
			mustStopClean(t, tree)
		})
	})
	t.Run("PassesAfterASingleHiccup", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{DownGrace: time.Nanosecond, Stable: time.Minute})
			mustStart(t, tree, of("work", failing("scanner", func(ctx context.Context, nth int) error {
				if nth == 1 {
					return errDisk
				}
				<-ctx.Done()
				return nil
			})))
			for range 180 {
				pass(time.Second)
				wantProbe(t, tree, "")
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("FailsForABrokenPromiseUntilTheNextBeat", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			beat := make(chan time.Duration)
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", run{"scanner", func(ctx context.Context, h Handle) error {
				h.Ready()
				for {
					select {
					case d := <-beat:
						h.Beat(d)
					case <-ctx.Done():
						return nil
					}
				}
			}}))
			pass(time.Hour)
			wantProbe(t, tree, "")
			beat <- time.Minute
			pass(time.Minute)
			wantProbe(t, tree, "")
			pass(time.Second)
			wantProbe(t, tree, "scanner is silent: its beat is overdue by 1s")
			beat <- time.Minute
			synctest.Wait()
			wantProbe(t, tree, "")
			mustStopClean(t, tree)
		})
	})
	t.Run("ForgetsThePromiseOfARunThatEnded", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			nth := 0
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", run{"scanner", func(ctx context.Context, h Handle) error {
				h.Ready()
				if nth++; nth == 1 {
					h.Beat(time.Second)
					return errDisk
				}
				<-ctx.Done()
				return nil
			}}))
			pass(time.Hour)
			wantProbe(t, tree, "")
			mustStopClean(t, tree)
		})
	})
	t.Run("FailsWithAProber", func(t *testing.T) {
		tree := NewTree(Options{})
		mustStart(t, tree, of("work", probed{steady("scanner"), func(context.Context) error { return errDisk }}))
		if err := probeWithin(tree, time.Second); !errors.Is(err, errDisk) || err.Error() != "probe scanner: disk gone" {
			t.Errorf("got %v", err)
		}
		mustStopClean(t, tree)
	})
	t.Run("FailsWithAProberThatHangsAndAsksItOnlyOnce", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var asked atomic.Int32
			release := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", probed{steady("scanner"), func(context.Context) error {
				asked.Add(1)
				<-release
				return nil
			}}))
			for range 3 {
				wantProbe(t, tree, "probe scanner: does not answer")
			}
			if asked.Load() != 1 {
				t.Errorf("asked %d times", asked.Load())
			}
			close(release)
			synctest.Wait()
			wantProbe(t, tree, "")
			mustStopClean(t, tree)
		})
	})
	t.Run("FailsWhenASupervisorDoesNotAnswer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree, of("below", steady("database")), of("work", steady("scanner")))
			// suture asks a service for its name on its own goroutine only in Add, so its loop is held in a hook.
			sup := suture.New("work", suture.Spec{EventHook: func(suture.Event) { <-release }})
			fail := make(chan struct{})
			sup.Add(&once{fail: fail})
			ctx, cancel := context.WithCancel(t.Context())
			done := sup.ServeBackground(ctx) // waits for an answer of the loop, so that must not be held before
			close(fail)
			synctest.Wait()
			tree.stages[1].sup = sup
			wantProbe(t, tree, "supervisor work does not answer")
			close(release)
			synctest.Wait()
			wantProbe(t, tree, "")
			cancel()
			<-done
			wantProbe(t, tree, "supervisor work has ended")
			mustStopClean(t, tree)
		})
	})
	t.Run("JudgesNobodyWhoIsBeingStoppedAndFailsAfterTheStop", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", run{"scanner", func(ctx context.Context, h Handle) error {
				h.Ready()
				h.Beat(time.Second)
				<-ctx.Done()
				pass(5 * time.Second)
				return nil
			}}))
			receipt := make(chan Receipt, 1)
			go func() { receipt <- stopWithin(tree, time.Minute) }()
			pass(4 * time.Second)
			wantProbe(t, tree, "")
			if r := <-receipt; !r.Clean() {
				t.Errorf("receipt %+v", r)
			}
			wantProbe(t, tree, "supervisor root has ended")
		})
	})
	t.Run("PassesWhileAStageStarts", func(t *testing.T) {
		tree := NewTree(Options{})
		wantProbe(t, tree, "")
		mustStart(t, tree, of("empty"), of("work", run{"scanner", func(ctx context.Context, h Handle) error {
			if err := tree.Probe(ctx); err != nil {
				return err
			}
			h.Ready()
			<-ctx.Done()
			return nil
		}}))
		mustStopClean(t, tree)
	})
}

// TestAlive shows that Alive tells what Probe tells, without asking a Prober.
func TestAlive(t *testing.T) {
	want := func(t *testing.T, tree *Tree, want string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		err := tree.Alive(ctx)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("alive: %v, want %q", err, want)
		}
	}
	t.Run("AsksNoProber", func(t *testing.T) {
		tree := NewTree(Options{})
		mustStart(t, tree, of("work", probed{steady("scanner"), func(context.Context) error {
			t.Error("asked")
			return errDisk
		}}))
		want(t, tree, "")
		mustStopClean(t, tree)
	})
	t.Run("MayBeCalledByWhatAnswersAProber", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var asked atomic.Int32
			tree := NewTree(Options{})
			mustStart(t, tree, of("http", probed{steady("server"), func(ctx context.Context) error {
				asked.Add(1)
				return tree.Alive(ctx)
			}}))
			wantProbe(t, tree, "")
			if asked.Load() != 1 {
				t.Errorf("asked %d times", asked.Load())
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("SaysYesWhileAProberHangs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", probed{steady("scanner"), func(context.Context) error { <-release; return nil }}))
			wantProbe(t, tree, "probe scanner: does not answer")
			want(t, tree, "")
			close(release)
			mustStopClean(t, tree)
		})
	})
	t.Run("FailsForALongFailureABrokenPromiseAndAfterTheStop", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			failed, silent := NewTree(Options{}), NewTree(Options{})
			mustStart(t, failed, of("work", failing("scanner", func(context.Context, int) error { return errDisk })))
			mustStart(t, silent, of("work", run{"watcher", func(ctx context.Context, h Handle) error {
				h.Ready()
				h.Beat(time.Minute)
				<-ctx.Done()
				return nil
			}}))
			pass(59 * time.Second)
			want(t, failed, "")
			want(t, silent, "")
			pass(2 * time.Second)
			want(t, failed, "scanner has been failing for 1m1s: disk gone")
			want(t, silent, "watcher is silent: its beat is overdue by 1s")
			mustStopClean(t, failed)
			mustStopClean(t, silent)
			want(t, failed, "supervisor root has ended")
		})
	})
}

// once fails once, when it is told to, and then stays.
type once struct {
	fail   <-chan struct{}
	failed atomic.Bool
}

func (o *once) String() string { return "once" }

func (o *once) Serve(ctx context.Context) error {
	<-o.fail
	if o.failed.CompareAndSwap(false, true) {
		return errDisk
	}
	<-ctx.Done()
	return nil
}
