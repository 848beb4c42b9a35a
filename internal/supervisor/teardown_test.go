package supervisor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/thejerf/suture/v4"
)

// threeStages are database, http and work, with everything they do told to o; instead replaces services by name.
func threeStages(o *order, instead map[string]Service) []Stage {
	var stages []Stage
	for _, name := range []string{"database", "http", "work"} {
		svc, ok := instead[name]
		if !ok {
			svc = run{name, func(ctx context.Context, h Handle) error {
				h.Ready()
				<-ctx.Done()
				for range rand.IntN(20) {
					runtime.Gosched()
				}
				o.add("stop " + name)
				return ctx.Err()
			}}
		}
		stages = append(stages, Stage{
			Name: name, Services: func() []Service { return []Service{svc} }, Close: o.hook("close " + name),
		})
	}
	return stages
}

func TestStopOrder(t *testing.T) {
	t.Run("IsTheReverseOfTheStartEachTime", func(t *testing.T) {
		for range 500 {
			var o order
			tree := NewTree(Options{})
			mustStart(t, tree, threeStages(&o, nil)...)
			mustStopClean(t, tree)
			o.is(t, "stop work", "close work", "stop http", "close http", "stop database", "close database")
		}
	})
	t.Run("DrainsAllBeforeAnythingStops", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var o order
			tree := NewTree(Options{})
			for _, st := range threeStages(&o, nil) {
				st.Drain = func(context.Context) error {
					pass(time.Second)
					for _, s := range tree.Snapshot() {
						if s.State != StateUp {
							t.Errorf("while draining: %+v", s)
						}
					}
					o.add("drained")
					return nil
				}
				mustStart(t, tree, st)
			}
			r := stopWithin(tree, time.Minute)
			if !r.Clean() || r.Took != time.Second || r.Stages[2].Drain != time.Second {
				t.Errorf("receipt %+v", r)
			}
			o.is(t, "drained", "drained", "drained",
				"stop work", "close work", "stop http", "close http", "stop database", "close database")
		})
	})
	t.Run("StopsAllServicesOfAStageAtTheSameTime", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			slow := func(name string) Service {
				return run{name, func(ctx context.Context, h Handle) error {
					h.Ready()
					<-ctx.Done()
					pass(time.Second)
					return nil
				}}
			}
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", slow("a"), slow("b"), slow("c")))
			if r := stopWithin(tree, time.Minute); !r.Clean() || r.Took != time.Second {
				t.Errorf("receipt %+v", r)
			}
		})
	})
	t.Run("SecondStopReturnsTheReceiptOfTheFirst", func(t *testing.T) {
		var o order
		tree := NewTree(Options{})
		mustStart(t, tree, threeStages(&o, nil)...)
		first := stopWithin(tree, time.Minute)
		if second := stopWithin(tree, time.Minute); !second.Started.Equal(first.Started) || len(second.Stages) != 3 {
			t.Errorf("first %+v, second %+v", first, second)
		}
	})
}

// TestStuckService shows in fake time, to the millisecond, how the deadline is shared out.
func TestStuckService(t *testing.T) {
	t.Run("IsNamedAndKeepsNothingBelowFromBeingClosed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var o order
			released := make(chan struct{})
			l, tree := NewLifecycle(), NewTree(Options{})
			mustStart(t, tree, threeStages(&o, map[string]Service{"work": stuck("scanner", released)})...)
			l.MarkRunning()
			l.Shutdown(Cause{Reason: "received SIGINT", Code: 130})
			r := Teardown(l, tree, 10*time.Second)
			if got := fmt.Sprint(r.Abandoned()); got != "[scanner]" || r.CutShort != "" {
				t.Errorf("abandoned %s, cut short %q", got, r.CutShort)
			}
			// 10 s less the slots of two stages, half a second each, and the half of its own that is for Close
			if want := 8750 * time.Millisecond; r.Stages[0].Took != want {
				t.Errorf("stage took %v, want %v", r.Stages[0].Took, want)
			}
			if code := l.ExitCode(r.Clean()); code != 130 {
				t.Errorf("exit code %d", code)
			}
			if s := status(t, tree, "scanner"); s.State != StateStopping {
				t.Errorf("status %+v", s)
			}
			o.is(t, "close work", "stop http", "close http", "stop database", "close database")
			close(released)
		})
	})
	t.Run("InEveryStageStillLetsAllCloseBeforeTheDeadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var o order
			released := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree, threeStages(&o, map[string]Service{
				"work": stuck("a", released), "http": stuck("b", released), "database": stuck("c", released),
			})...)
			r := stopWithin(tree, 10*time.Second)
			if got := fmt.Sprint(r.Abandoned()); got != "[a b c]" || r.Took > 10*time.Second {
				t.Errorf("abandoned %s after %v", got, r.Took)
			}
			o.is(t, "close work", "close http", "close database")
			close(released)
		})
	})
	t.Run("ThatObeysTheEndOfItsGraceIsNotStuck", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var why error
			began := time.Now()
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", run{"scanner", func(_ context.Context, h Handle) error {
				h.Ready()
				<-h.Grace().Done()
				why = context.Cause(h.Grace())
				return nil
			}}))
			r := stopWithin(tree, 10*time.Second)
			if took := time.Since(began); !r.Clean() || took != 9500*time.Millisecond || !errors.Is(why, errSpent) {
				t.Errorf("after %v, cause %v: %+v", took, why, r)
			}
		})
	})
	t.Run("HoldsUpAStopWithoutADeadlineUntilItIsCut", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			released := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", stuck("scanner", released)))
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(24*time.Hour, func() { cancel(errors.New("received SIGINT")) })
			r := tree.Stop(ctx)
			if r.Took < 24*time.Hour || r.Took > 24*time.Hour+200*time.Millisecond || r.CutShort != "received SIGINT" {
				t.Errorf("receipt %+v", r)
			}
			close(released)
		})
	})
}

func TestHooksOfAStop(t *testing.T) {
	hang := func(released <-chan struct{}) func(context.Context) error {
		return func(context.Context) error { <-released; return nil }
	}
	obey := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	t.Run("DrainThatHangsTakesHalfOfTheTime", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			released := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree,
				Stage{Name: "http", Drain: hang(released)},
				Stage{Name: "work", Drain: func(context.Context) error { pass(4 * time.Second); return nil }})
			r := stopWithin(tree, 10*time.Second)
			if got := fmt.Sprint(r.Abandoned()); got != "[http drain]" || r.Took > 5200*time.Millisecond {
				t.Errorf("abandoned %s after %v", got, r.Took)
			}
			if r.Stages[0].DrainErr != "" || r.Stages[0].Drain != 4*time.Second {
				t.Errorf("the other drain: %+v", r.Stages[0])
			}
			close(released)
		})
	})
	t.Run("DrainThatDoesNotFinishIsTold", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{})
			mustStart(t, tree, Stage{Name: "http", Drain: obey})
			r := stopWithin(tree, 10*time.Second)
			if r.Clean() || len(r.Abandoned()) != 0 || r.Stages[0].DrainErr != "context deadline exceeded" {
				t.Errorf("receipt %+v", r)
			}
		})
	})
	t.Run("DrainIsLeftOutForAStageThatDidNotStart", func(t *testing.T) {
		tree := NewTree(Options{})
		closes := 0
		err := tree.Start(t.Context(), Stage{
			Name: "http",
			Services: func() []Service {
				return []Service{run{"server", func(context.Context, Handle) error { return errDisk }}}
			},
			Drain: func(context.Context) error { t.Error("drained"); return nil },
			Close: func(context.Context) error { closes++; return nil },
		})
		if err == nil {
			t.Error("started")
		}
		mustStopClean(t, tree)
		if closes != 1 {
			t.Errorf("closed %d times", closes)
		}
	})
	t.Run("CloseIsLeftOutForAStageThatDidNotOpen", func(t *testing.T) {
		tree := NewTree(Options{})
		err := tree.Start(t.Context(), Stage{
			Name:  "database",
			Open:  func(context.Context) error { return errDisk },
			Close: func(context.Context) error { t.Error("closed"); return nil },
		})
		if err == nil {
			t.Error("started")
		}
		mustStopClean(t, tree)
	})
	t.Run("CloseThatHangsIsNamed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			released := make(chan struct{})
			var o order
			tree := NewTree(Options{})
			mustStart(t, tree, Stage{Name: "database", Close: o.hook("close database")}, Stage{Name: "work", Close: hang(released)})
			r := stopWithin(tree, 10*time.Second)
			if got := fmt.Sprint(r.Abandoned()); got != "[work close]" || r.Took > 10*time.Second || r.Stages[0].CloseErr == "" {
				t.Errorf("abandoned %s: %+v", got, r)
			}
			o.is(t, "close database")
			close(released)
		})
	})
	t.Run("CloseErrorIsTold", func(t *testing.T) {
		tree := NewTree(Options{})
		mustStart(t, tree, Stage{Name: "database", Close: func(context.Context) error { return errDisk }})
		if r := stopWithin(tree, time.Minute); r.Clean() || r.Stages[0].CloseErr != "disk gone" {
			t.Errorf("receipt %+v", r)
		}
	})
	t.Run("PanicIsToldWithItsStackInTheLog", func(t *testing.T) {
		var log journal
		tree := NewTree(Options{Logger: log.logger(slog.LevelDebug)})
		mustStart(t, tree, Stage{
			Name:  "database",
			Drain: func(context.Context) error { panic("drain") },
			Close: func(context.Context) error { panic("close") },
		})
		r := stopWithin(tree, time.Minute)
		if r.Clean() || r.Stages[0].DrainErr != "panic: drain" || r.Stages[0].CloseErr != "panic: close" {
			t.Errorf("receipt %+v", r)
		}
		if stacks := log.lines(t, "stack of the panic"); len(stacks) != 2 || stacks[0]["stage"] != "database" {
			t.Errorf("stacks %v", stacks)
		}
	})
	t.Run("HaveADeadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{})
			began := time.Now()
			check := func(want time.Duration) func(context.Context) error {
				return func(ctx context.Context) error {
					if end, ok := ctx.Deadline(); !ok || end.Sub(began) != want {
						return fmt.Errorf("deadline after %v, want %v", end.Sub(began), want)
					}
					return nil
				}
			}
			mustStart(t, tree, Stage{Name: "database", Drain: check(5 * time.Second), Close: check(9875 * time.Millisecond)},
				Stage{Name: "http", Close: check(9375 * time.Millisecond)})
			mustStopClean(t, tree)
		})
	})
}

// TestCutShort shows in real time that a cut is fast, whatever hangs, and that everything is still closed.
func TestCutShort(t *testing.T) {
	t.Run("TakesUnderTwoHundredMilliseconds", func(t *testing.T) {
		for i := range 10 {
			var o order
			released := make(chan struct{})
			l, tree := NewLifecycle(), NewTree(Options{})
			stages := append(threeStages(&o, map[string]Service{"work": stuck("a", released), "http": stuck("b", released)}),
				Stage{Name: "jobs", Close: func(context.Context) error { <-released; return nil }},
				of("more", stuck("c", released), stuck("d", released)))
			if i%2 == 1 {
				stages = append(stages, Stage{Name: "last", Drain: func(context.Context) error { <-released; return nil }})
			}
			mustStart(t, tree, stages...)
			l.MarkRunning()
			l.Shutdown(Cause{Reason: "received SIGTERM", Code: 143})
			var cut atomic.Int64
			time.AfterFunc(20*time.Millisecond, func() {
				cut.Store(time.Now().UnixNano())
				l.CutShort("received SIGINT")
			})
			r := Teardown(l, tree, time.Minute)
			if took := time.Since(time.Unix(0, cut.Load())); took > 200*time.Millisecond {
				t.Errorf("the cut took %v", took)
			}
			names := strings.Join(r.Abandoned(), ", ")
			if !strings.HasSuffix(names, "c, d, jobs close, a, b") || r.CutShort != "received SIGINT" || l.ExitCode(r.Clean()) != 143 {
				t.Errorf("abandoned %s, code %d: %+v", names, l.ExitCode(r.Clean()), r)
			}
			o.is(t, "close work", "close http", "stop database", "close database")
			close(released)
		}
	})
	t.Run("EndsTheGraceAtOnce", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			patient := func(name string) Service {
				return run{name, func(_ context.Context, h Handle) error {
					h.Ready()
					<-h.Grace().Done()
					return fmt.Errorf("gave up: %w", context.Cause(h.Grace()))
				}}
			}
			tree := NewTree(Options{})
			mustStart(t, tree, of("database", patient("a")), of("http", steady("b")), of("work", patient("c")))
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			time.AfterFunc(time.Second, cancel)
			r := tree.Stop(ctx)
			if r.Took != time.Second || len(r.Abandoned()) != 0 || len(r.Stages[1].Ended) != 0 {
				t.Errorf("receipt %+v", r)
			}
			for _, i := range []int{0, 2} {
				if got := fmt.Sprint(r.Stages[i].Ended); !strings.Contains(got, "gave up: the teardown was cut short") {
					t.Errorf("stage %s: %s", r.Stages[i].Stage, got)
				}
			}
		})
	})
	t.Run("BeforeTheStopSkipsTheDrains", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var o order
		tree := NewTree(Options{})
		mustStart(t, tree, Stage{Name: "http", Drain: o.hook("drain"), Close: o.hook("close")})
		if r := tree.Stop(ctx); r.Clean() || r.Stages[0].DrainErr != "skipped, no time was left" {
			t.Errorf("receipt %+v", r)
		}
		o.is(t, "close")
	})
}

// TestDeadlineHolds shows in real time that the deadline holds within 100 ms, with everything that can hang.
func TestDeadlineHolds(t *testing.T) {
	for _, timeout := range []time.Duration{time.Millisecond, 50 * time.Millisecond, 500 * time.Millisecond} {
		released := make(chan struct{})
		hang := func(context.Context) error { <-released; return nil }
		tree := NewTree(Options{})
		for i := range 5 {
			st := of(fmt.Sprint("stage", i), stuck(fmt.Sprint("service", i), released))
			st.Drain, st.Close = hang, hang
			mustStart(t, tree, st)
		}
		began := time.Now()
		r := stopWithin(tree, timeout)
		if over := time.Since(began) - timeout; over > 100*time.Millisecond {
			t.Errorf("deadline of %v was missed by %v", timeout, over)
		}
		if n := len(r.Abandoned()); n < 10 {
			t.Errorf("deadline of %v: %d abandoned: %v", timeout, n, r.Abandoned())
		}
		close(released)
	}
}

// TestDyingAtTheStop lets a service end in every way at the very moment of the stop. Whatever comes first, nothing
// hangs, and its error is told exactly once: as a restart, as fatal, or in the receipt.
func TestDyingAtTheStop(t *testing.T) {
	ends := []func() error{
		func() error { panic("dying") },
		func() error { return errDisk },
		func() error { return suture.ErrTerminateSupervisorTree },
		func() error { return Fatal(errDisk) },
		func() error { runtime.Goexit(); return nil },
	}
	told := map[string]int{}
	for i := range 5000 {
		var log journal
		var fatal atomic.Int32
		tree := NewTree(Options{Logger: log.logger(slog.LevelInfo), OnFatal: func(string, error) { fatal.Add(1) }})
		die := make(chan struct{})
		mustStart(t, tree, of("below", steady("database")), of("work", failing("scanner", func(ctx context.Context, nth int) error {
			if nth > 1 {
				<-ctx.Done()
				return nil
			}
			select {
			case <-die:
			case <-ctx.Done():
			}
			return ends[i%len(ends)]()
		})))
		go close(die)
		for range rand.IntN(4) {
			runtime.Gosched()
		}
		r := stopWithin(tree, 10*time.Second)
		if len(r.Abandoned()) > 0 {
			t.Fatalf("abandoned %v", r.Abandoned())
		}
		// Stop does not wait for the hook of a fatal error, which may be under way.
		for status(t, tree, "scanner").LastErr != nil && i%len(ends) == 3 && len(r.Stages[0].Ended)+int(fatal.Load()) == 0 {
			runtime.Gosched()
		}
		restarts, ended := len(log.lines(t, "service restarts")), len(r.Stages[0].Ended)
		if restarts+ended+int(fatal.Load()) != 1 {
			t.Fatalf("round %d: restarts %d, ended %d, fatal %d", i, restarts, ended, fatal.Load())
		}
		told["restart"] += restarts
		told["receipt"] += ended
		told["fatal"] += int(fatal.Load())
	}
	if told["receipt"] == 0 || told["restart"] == 0 {
		t.Errorf("the stop never came first, or always: %v", told)
	}
}

func TestEndedIsNamedInTheReceipt(t *testing.T) {
	tree := NewTree(Options{})
	at := func(name string, end func() error) Service {
		return run{name, func(ctx context.Context, h Handle) error {
			h.Ready()
			<-ctx.Done()
			return end()
		}}
	}
	mustStart(t, tree, of("work",
		at("a", func() error { panic("boom") }),
		at("b", func() error { return errDisk }),
		at("c", func() error { runtime.Goexit(); return nil }),
		at("d", func() error { return nil }),
		steady("e")))
	r := stopWithin(tree, time.Minute)
	want := map[string]string{"a": "panic: boom", "b": "disk gone", "c": "runtime.Goexit called"}
	if got := r.Stages[0].Ended; fmt.Sprint(got) != fmt.Sprint(want) || r.Clean() {
		t.Errorf("ended %v", got)
	}
	if names := r.Abandoned(); !slices.Equal(names, nil) {
		t.Errorf("abandoned %v", names)
	}
}
