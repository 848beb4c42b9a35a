package supervisor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestStart shows what keeps a stage from starting, and that nothing of it is tried twice.
func TestStart(t *testing.T) {
	ends := func(err error) Stage {
		return of("work", steady("watcher"), run{"scanner", func(context.Context, Handle) error { return err }})
	}
	panics := run{"scanner", func(context.Context, Handle) error { panic("boom") }}
	goes := run{"scanner", func(context.Context, Handle) error { runtime.Goexit(); return nil }}
	nameless := run{"", func(ctx context.Context, _ Handle) error { <-ctx.Done(); return nil }}
	tests := []struct {
		name  string
		stage Stage
		want  string
	}{
		{"FailsWithAnErrorOfAService", ends(errDisk), "start scanner: disk gone"},
		{"FailsWithAFatalErrorOfAService", ends(Fatal(errDisk)), "start scanner: disk gone"},
		{"FailsWhenAServiceEndsByItself", ends(nil), "start scanner: ended by itself"},
		{"FailsWithAPanicOfAService", of("work", panics), "start scanner: panic: boom"},
		{"FailsWithAGoexitOfAService", of("work", goes), "start scanner: runtime.Goexit called"},
		{"FailsWithAnErrorOfOpen", Stage{Name: "work", Open: func(context.Context) error { return errDisk }}, "start work: disk gone"},
		{"FailsWithAPanicOfOpen", Stage{Name: "work", Open: func(context.Context) error { panic("boom") }}, "start work: panic: boom"},
		{"FailsWithAPanicOfServices", Stage{Name: "work", Services: func() []Service { panic("boom") }}, "start work: make services: panic: boom"},
		{"RefusesAServiceNameOfAnotherStage", of("work", steady("database")), `start work: service name "database" is taken in stage below`},
		{"RefusesAServiceNameOfTheStage", of("work", steady("a"), steady("a")), `start work: service name "a" is taken in stage work`},
		{"RefusesAServiceWithoutAName", of("work", nameless), "start work: a service has no name"},
		{"RefusesTheNameOfAnotherStage", of("below"), `start below: stage name "below" is taken`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log journal
				tree := NewTree(Options{Logger: log.logger(slog.LevelInfo)})
				mustStart(t, tree, of("below", steady("database")))
				err := tree.Start(t.Context(), tt.stage)
				if err == nil || err.Error() != tt.want {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				if _, ok := errors.AsType[*StartError](err); !ok {
					t.Errorf("got a %T", err)
				}
				pass(time.Hour)
				for _, s := range tree.Snapshot() {
					if s.Starts != 1 {
						t.Errorf("status %+v", s)
					}
				}
				if log.buf.Len() > 0 {
					t.Errorf("logged %s", log.buf.String())
				}
				mustStopClean(t, tree)
			})
		})
	}
}

func TestStartWaits(t *testing.T) {
	t.Run("UntilEveryServiceIsReady", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			slow := run{"scanner", func(ctx context.Context, h Handle) error {
				pass(time.Minute)
				h.Ready()
				<-ctx.Done()
				return nil
			}}
			tree := NewTree(Options{})
			began := time.Now()
			mustStart(t, tree, of("work", steady("watcher"), slow))
			if took := time.Since(began); took != time.Minute {
				t.Errorf("took %v", took)
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("NotForAServiceThatIsNeverReadyOnceItsContextEnds", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			deaf := run{"scanner", func(ctx context.Context, _ Handle) error { <-ctx.Done(); return nil }}
			l, tree := NewLifecycle(), NewTree(Options{})
			time.AfterFunc(time.Second, func() { l.Shutdown(Cause{Reason: "received SIGTERM"}) })
			err := tree.Start(l.Stopping(), of("work", deaf))
			if c, ok := errors.AsType[Cause](err); !ok || c.Reason != "received SIGTERM" {
				t.Errorf("got %v", err)
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("AndBeginsNothingWhenItsContextHasEnded", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		tree := NewTree(Options{})
		opened := false
		err := tree.Start(ctx, Stage{Name: "work", Open: func(context.Context) error { opened = true; return nil }})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		mustStopClean(t, tree)
		if opened {
			t.Error("the stage was opened")
		}
		err = tree.Start(t.Context(), of("late", steady("scanner")))
		if !errors.Is(err, errStopping) {
			t.Errorf("start after the stop: %v", err)
		}
	})
}

// TestHangingOpen shows that an Open that hangs holds up neither a shutdown nor the teardown, and that Close runs
// exactly if it succeeds, be it late.
func TestHangingOpen(t *testing.T) {
	type outcome struct {
		receipt Receipt
		closed  *atomic.Bool
		log     *journal
	}
	// hang begins a start whose Open ignores its context until release is closed, and shuts down after a second.
	hang := func(t *testing.T, release <-chan struct{}, result error) outcome {
		o := outcome{closed: new(atomic.Bool), log: new(journal)}
		l, tree := NewLifecycle(), NewTree(Options{Logger: o.log.logger(slog.LevelInfo)})
		mustStart(t, tree, of("below", steady("signals")))
		time.AfterFunc(time.Second, func() { l.Shutdown(Cause{Reason: "received SIGTERM", Code: 143}) })
		began := time.Now()
		err := tree.Start(l.Stopping(), Stage{
			Name:     "database",
			Open:     func(context.Context) error { <-release; return result },
			Services: func() []Service { t.Error("services were made"); return nil },
			Close:    func(context.Context) error { o.closed.Store(true); return nil },
		})
		if err == nil || err.Error() != "start database: received SIGTERM" || time.Since(began) != time.Second {
			t.Errorf("start came back after %v with %v", time.Since(began), err)
		}
		o.receipt = Teardown(l, tree, 10*time.Second)
		if l.ExitCode(o.receipt.Clean()) != 143 {
			t.Errorf("exit code %d", l.ExitCode(o.receipt.Clean()))
		}
		return o
	}
	t.Run("IsNamedAndClosedWhenItSucceedsAfterTheTeardown", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			o := hang(t, release, nil)
			if got := fmt.Sprint(o.receipt.Abandoned()); got != "[database open]" || o.closed.Load() {
				t.Errorf("abandoned %s, closed %v", got, o.closed.Load())
			}
			if o.receipt.Took > 10*time.Second {
				t.Errorf("took %v", o.receipt.Took)
			}
			close(release)
			synctest.Wait()
			if !o.closed.Load() || len(o.log.lines(t, "stage opened after its teardown and was closed again")) != 1 {
				t.Errorf("closed %v, log %s", o.closed.Load(), o.log.buf.String())
			}
		})
	})
	t.Run("IsNotClosedWhenItFailsAfterTheTeardown", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			o := hang(t, release, errDisk)
			close(release)
			synctest.Wait()
			if o.closed.Load() || o.receipt.Clean() {
				t.Errorf("closed %v, receipt %+v", o.closed.Load(), o.receipt)
			}
		})
	})
	t.Run("IsClosedInTurnWhenItSucceedsDuringTheTeardown", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			time.AfterFunc(3*time.Second, func() { close(release) })
			o := hang(t, release, nil)
			if !o.closed.Load() || !o.receipt.Clean() || o.receipt.Took != 2*time.Second {
				t.Errorf("closed %v, receipt %+v", o.closed.Load(), o.receipt)
			}
		})
	})
	t.Run("IsToldByItsContext", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{})
			ended := make(chan error, 1)
			go func() {
				ended <- tree.Start(t.Context(), Stage{Name: "database", Open: func(ctx context.Context) error {
					<-ctx.Done()
					return context.Cause(ctx)
				}})
			}()
			synctest.Wait()
			mustStopClean(t, tree)
			if err := <-ended; !errors.Is(err, errStopping) {
				t.Errorf("start: %v", err)
			}
		})
	})
}

// TestStopDuringStart lets the stop fall at any moment of a start: nothing hangs, nothing runs on, what was opened is
// closed.
func TestStopDuringStart(t *testing.T) {
	for range 2000 {
		tree := NewTree(Options{})
		var running, open atomic.Int32
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range 4 {
				err := tree.Start(ctx, Stage{
					Name: fmt.Sprint("stage", i),
					Open: func(context.Context) error { open.Add(1); return nil },
					Services: func() []Service {
						return []Service{run{fmt.Sprint("service", i), func(ctx context.Context, h Handle) error {
							running.Add(1)
							defer running.Add(-1)
							h.Ready()
							<-ctx.Done()
							return ctx.Err()
						}}}
					},
					Drain: func(context.Context) error { return nil },
					Close: func(context.Context) error { open.Add(-1); return nil },
				})
				if err != nil {
					return
				}
			}
		})
		for range rand.IntN(60) {
			runtime.Gosched()
		}
		mustStopClean(t, tree)
		if running.Load() != 0 || open.Load() != 0 {
			t.Fatalf("%d services run, %d stages are open after the stop", running.Load(), open.Load())
		}
		cancel()
		wg.Wait()
	}
}

func TestSnapshot(t *testing.T) {
	t.Run("TellsTheWayOfAService", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			fail := make(chan struct{}, 1)
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", run{"scanner", func(ctx context.Context, h Handle) error {
				pass(time.Second)
				h.Ready()
				select {
				case <-fail:
					return errDisk
				case <-ctx.Done():
					pass(time.Second)
					return nil
				}
			}}))
			up := Status{Stage: "work", Service: "scanner", State: StateUp, Since: began.Add(time.Second), Starts: 1}
			if s := status(t, tree, "scanner"); s != up {
				t.Errorf("got %+v, want %+v", s, up)
			}
			fail <- struct{}{}
			synctest.Wait()
			if s := status(t, tree, "scanner"); s.State != StateStarting || s.Starts != 2 || s.LastErr != errDisk {
				t.Errorf("after the failure %+v", s)
			}
			pass(2 * time.Second)
			if s := status(t, tree, "scanner"); s.State != StateUp || s.Starts != 2 || s.LastErr != errDisk {
				t.Errorf("after the restart %+v", s)
			}
			receipt := make(chan Receipt, 1)
			go func() { receipt <- stopWithin(tree, time.Minute) }()
			synctest.Wait()
			if s := status(t, tree, "scanner"); s.State != StateStopping {
				t.Errorf("while it stops %+v", s)
			}
			<-receipt
			if s := status(t, tree, "scanner"); s.State != StateStopped || !s.Since.Equal(time.Now()) {
				t.Errorf("after the stop %+v", s)
			}
		})
	})
	t.Run("WaitsForNobody", func(t *testing.T) {
		tree := NewTree(Options{})
		mustStart(t, tree, of("work", steady("scanner")))
		u := (*tree.units.Load())[0]
		tree.mu.Lock()
		u.mu.Lock()
		if s := tree.Snapshot(); len(s) != 1 || s[0].State != StateUp {
			t.Errorf("got %+v", s)
		}
		u.mu.Unlock()
		tree.mu.Unlock()
		mustStopClean(t, tree)
	})
	t.Run("IsFreeToUseForAServiceItself", func(t *testing.T) {
		var tree *Tree
		seen := make(chan State, 1)
		probed := make(chan error, 1)
		tree = NewTree(Options{})
		mustStart(t, tree, of("work", run{"scanner", func(ctx context.Context, h Handle) error {
			h.Ready()
			h.Beat(time.Hour)
			seen <- tree.Snapshot()[0].State
			probed <- tree.Probe(ctx)
			<-ctx.Done()
			return nil
		}}))
		if s := <-seen; s != StateUp {
			t.Errorf("saw %v", s)
		}
		if err := <-probed; err != nil {
			t.Errorf("probe: %v", err)
		}
		mustStopClean(t, tree)
	})
	t.Run("NamesItsStates", func(t *testing.T) {
		want := []string{"idle", "starting", "up", "down", "stopping", "stopped", "unknown"}
		for i, w := range want {
			if got, _ := State(i).MarshalText(); string(got) != w {
				t.Errorf("state %d is %q, want %q", i, got, w)
			}
		}
	})
}

func BenchmarkSnapshot(b *testing.B) {
	tree := NewTree(Options{})
	for i := range 5 {
		mustStart(b, tree, of(fmt.Sprint("stage", i), steady(fmt.Sprint("a", i)), steady(fmt.Sprint("b", i))))
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if len(tree.Snapshot()) != 10 {
				b.Error("not ten services")
			}
		}
	})
	mustStopClean(b, tree)
}
