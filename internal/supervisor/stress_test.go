package supervisor

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// moment lets a random number of turns of the scheduler go by, fewer than limit.
func moment(limit int) {
	for range rand.IntN(limit) {
		runtime.Gosched()
	}
}

// TestStopOrderOfWideStages stops stages of several services, each of which takes its own time.
func TestStopOrderOfWideStages(t *testing.T) {
	names := []string{"database", "http", "work"}
	slow := func(o *order, stage string, i int) Service {
		return run{fmt.Sprint(stage, i), func(ctx context.Context, h Handle) error {
			h.Ready()
			<-ctx.Done()
			moment(50)
			o.add("stop " + stage)
			return ctx.Err()
		}}
	}
	for range 300 {
		var o order
		tree := NewTree(Options{})
		for _, name := range names {
			st := of(name, slow(&o, name, 1), slow(&o, name, 2), slow(&o, name, 3))
			st.Close = o.hook("close " + name)
			mustStart(t, tree, st)
		}
		mustStopClean(t, tree)
		o.is(t, "stop work", "stop work", "stop work", "close work", "stop http", "stop http", "stop http", "close http",
			"stop database", "stop database", "stop database", "close database")
	}
}

// TestErrorAtTheStopLandsInTheReceipt lets services that are told to stop die of it, all at the same time and in every
// way: what the stop caused is told by the receipt, and by it alone.
func TestErrorAtTheStopLandsInTheReceipt(t *testing.T) {
	dying := func(name string, end func() error) Service {
		return run{name, func(ctx context.Context, h Handle) error {
			h.Ready()
			<-ctx.Done()
			moment(8)
			return end()
		}}
	}
	want := fmt.Sprint(map[string]string{
		"error": "disk gone", "fatal": "disk gone", "goexit": "runtime.Goexit called", "panic": "panic: boom",
	})
	for i := range 2000 {
		var log journal
		tree := NewTree(Options{
			Logger:  log.logger(slog.LevelInfo),
			OnFatal: func(service string, err error) { t.Errorf("fatal: %s: %v", service, err) },
		})
		mustStart(t, tree, of("below", steady("database")), of("work",
			dying("error", func() error { return errDisk }),
			dying("fatal", func() error { return Fatal(errDisk) }),
			dying("goexit", func() error { runtime.Goexit(); return nil }),
			dying("nil", func() error { return nil }),
			dying("panic", func() error { panic("boom") })))
		r := stopWithin(tree, 10*time.Second)
		if got := fmt.Sprint(r.Stages[0].Ended); got != want || r.Clean() || len(r.Abandoned()) > 0 {
			t.Fatalf("round %d: ended %s, abandoned %v", i, got, r.Abandoned())
		}
		if log.buf.Len() > 0 {
			t.Fatalf("round %d: logged %s", i, log.buf.String())
		}
	}
}

// TestNilAtTheStop lets a service return nil at the very moment of the stop: before it that is a failure and one
// restart, after it a clean end, and never both.
func TestNilAtTheStop(t *testing.T) {
	var restarted, clean int
	for i := range 2000 {
		var log journal
		tree := NewTree(Options{Logger: log.logger(slog.LevelInfo)})
		die := make(chan struct{})
		mustStart(t, tree, of("work", failing("scanner", func(ctx context.Context, nth int) error {
			if nth > 1 {
				<-ctx.Done()
				return nil
			}
			select {
			case <-die:
			case <-ctx.Done():
			}
			return nil
		})))
		go close(die)
		moment(4)
		mustStopClean(t, tree)
		s := status(t, tree, "scanner")
		lines := len(log.lines(t, "service restarts"))
		switch {
		case lines == 1 && s.LastErr == errEnded:
			restarted++
		case lines == 0 && s.LastErr == nil && s.Starts == 1:
			clean++
		default:
			t.Fatalf("round %d: %d lines, status %+v", i, lines, s)
		}
	}
	if restarted == 0 || clean == 0 {
		t.Errorf("the stop came first %d times, the service %d times", clean, restarted)
	}
}

// TestStopRacesOneStart lets one stop fall on one start, with services that are slow to become ready or die on the way.
func TestStopRacesOneStart(t *testing.T) {
	for i := range 1000 {
		var running, opened, closes atomic.Int32
		service := func(name string, end error) Service {
			return run{name, func(ctx context.Context, h Handle) error {
				running.Add(1)
				defer running.Add(-1)
				moment(10)
				if end != nil {
					return end
				}
				h.Ready()
				<-ctx.Done()
				return nil
			}}
		}
		services := []Service{service("scanner", nil), service("watcher", nil)}
		if i%4 == 0 {
			services = append(services, service("broken", errDisk))
		}
		st := of("work", services...)
		st.Open = func(context.Context) error { moment(10); opened.Add(1); return nil }
		st.Close = func(context.Context) error { closes.Add(1); return nil }

		tree := NewTree(Options{})
		var wg sync.WaitGroup
		wg.Go(func() { _ = tree.Start(context.Background(), st) })
		moment(60)
		r := stopWithin(tree, 10*time.Second)
		if n := running.Load(); n != 0 {
			t.Fatalf("round %d: %d services run after the stop: %+v", i, n, r)
		}
		wg.Wait()
		moment(20)
		if running.Load() != 0 || opened.Load() != closes.Load() || len(r.Abandoned()) > 0 {
			t.Fatalf("round %d: %d run, %d opened, %d closed: %+v", i, running.Load(), opened.Load(), closes.Load(), r)
		}
		for _, s := range tree.Snapshot() {
			if s.State != StateStopped {
				t.Fatalf("round %d: %+v", i, s)
			}
		}
	}
}

// TestRequestsAtRandomMoments lets requests of two kinds fall on every moment of a start and a stop, the way a program
// hears signals: the first shuts down, a different one later cuts short.
func TestRequestsAtRandomMoments(t *testing.T) {
	codes := map[int]int{}
	for i := range 1000 {
		l, tree := NewLifecycle(), NewTree(Options{})
		window := []int{20, 200, 800}[i%3]
		var wg sync.WaitGroup
		for _, code := range []int{130, 143, 130} {
			wg.Go(func() {
				moment(window)
				reason := fmt.Sprint("signal ", code-128)
				if !l.Shutdown(Cause{Reason: reason, Code: code}) {
					l.CutShort(reason)
				}
			})
		}
		for _, name := range []string{"database", "http", "work"} {
			st := of(name, run{name, func(ctx context.Context, h Handle) error {
				moment(10)
				h.Ready()
				<-ctx.Done()
				moment(50)
				return ctx.Err()
			}})
			st.Open = func(context.Context) error { moment(10); return nil }
			st.Drain, st.Close = st.Open, st.Open
			if err := tree.Start(l.Stopping(), st); err != nil {
				l.Shutdown(Cause{Reason: "start failed", Err: err})
				break
			}
		}
		l.MarkRunning()
		<-l.Stopping().Done()
		began := time.Now()
		r := Teardown(l, tree, 10*time.Second)
		if took := time.Since(began); took > 5*time.Second {
			t.Fatalf("round %d: the teardown took %v: %+v", i, took, r)
		}
		wg.Wait()
		cause, _ := l.Cause()
		code := l.ExitCode(r.Clean())
		if code != 0 && code != cause.Code || cause.Err != nil || l.Phase() != Stopped {
			t.Fatalf("round %d: code %d, phase %v, cause %v", i, code, l.Phase(), cause)
		}
		codes[code]++
	}
	if codes[0] == 0 || codes[130]+codes[143] == 0 {
		t.Errorf("the requests were not spread: %v", codes)
	}
}

// TestStuckServiceInRealTime shows with the real clock that a stuck service is named, that the stages below it are
// still closed, and that the deadline holds within 100 ms.
func TestStuckServiceInRealTime(t *testing.T) {
	for _, cause := range []Cause{{Reason: "received SIGINT", Code: 130}, {Reason: "received SIGTERM", Code: 143}} {
		var o order
		released := make(chan struct{})
		l, tree := NewLifecycle(), NewTree(Options{})
		mustStart(t, tree, threeStages(&o, map[string]Service{"work": stuck("scanner", released)})...)
		l.MarkRunning()
		l.Shutdown(cause)
		const timeout = 400 * time.Millisecond
		began := time.Now()
		r := Teardown(l, tree, timeout)
		if took := time.Since(began); took > timeout+100*time.Millisecond {
			t.Errorf("took %v of %v", took, timeout)
		}
		if got := strings.Join(r.Abandoned(), ", "); got != "scanner" || l.ExitCode(r.Clean()) != cause.Code {
			t.Errorf("abandoned %s, code %d", got, l.ExitCode(r.Clean()))
		}
		o.is(t, "close work", "stop http", "close http", "stop database", "close database")
		close(released)
	}
}
