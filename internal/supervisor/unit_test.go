package supervisor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/thejerf/suture/v4"
)

// TestRestart shows that a service which has been ready is restarted however it ends, in one log line, and counted.
func TestRestart(t *testing.T) {
	endings := []struct {
		name string
		end  func() error
		told string
	}{
		{"AfterAnError", func() error { return errDisk }, "disk gone"},
		{"AfterNil", func() error { return nil }, "ended by itself"},
		{"AfterAPanic", func() error { panic("index out of range\nwith length 0") }, "panic: index out of range with length 0"},
		{"AfterGoexit", func() error { runtime.Goexit(); return nil }, "runtime.Goexit called"},
		{"AfterACancelOfItsOwn", func() error { return context.Canceled }, "context canceled"},
		{"AfterSuturesDoNotRestart", func() error { return suture.ErrDoNotRestart }, suture.ErrDoNotRestart.Error()},
		{"AfterSuturesTerminate", func() error { return fmt.Errorf("x: %w", suture.ErrTerminateSupervisorTree) }, "x: tree should be terminated"},
	}
	for _, tt := range endings {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log journal
				tree := NewTree(Options{Logger: log.logger(slog.LevelInfo)})
				mustStart(t, tree, of("below", steady("database")), of("work", failing("scanner", func(ctx context.Context, nth int) error {
					if nth == 1 {
						return tt.end()
					}
					<-ctx.Done()
					return nil
				})))
				synctest.Wait()
				s := status(t, tree, "scanner")
				if s.State != StateUp || s.Starts != 2 || s.LastErr == nil || s.LastErr.Error() != tt.told {
					t.Errorf("status %+v", s)
				}
				if s := status(t, tree, "database"); s.Starts != 1 || s.State != StateUp {
					t.Errorf("sibling in another stage: %+v", s)
				}
				lines := log.lines(t, "service restarts")
				if len(lines) != 1 {
					t.Fatalf("%d log lines: %v", len(lines), lines)
				}
				l := lines[0]
				if l["service"] != "scanner" || l["error"] != tt.told || l["backoff"] != 0.0 || l["restarts"] != 1.0 {
					t.Errorf("log line %v", l)
				}
				mustStopClean(t, tree)
			})
		})
	}
}

func TestRestartOfAFlappingService(t *testing.T) {
	t.Run("PausesGrowAndAreLoggedAsTheyAre", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var log journal
			var runs []time.Time
			tree := NewTree(Options{Logger: log.logger(slog.LevelInfo)})
			mustStart(t, tree, of("work", failing("scanner", func(context.Context, int) error {
				runs = append(runs, time.Now())
				return errDisk
			}), steady("watcher")))
			pass(10 * time.Minute)
			synctest.Wait()
			lines := log.lines(t, "service restarts")
			if len(lines) != len(runs) {
				t.Fatalf("%d lines for %d failures", len(lines), len(runs))
			}
			for i := range len(runs) - 1 {
				held := runs[i+1].Sub(runs[i])
				if told := time.Duration(lines[i]["backoff"].(float64)); held != told || lines[i]["restarts"] != float64(i+1) {
					t.Errorf("restart %d came after %v, told was %v", i+1, held, lines[i])
				}
				ceiling := Backoff{Min: 100 * time.Millisecond, Max: 30 * time.Second}.pause(i+1, 0)
				if held > ceiling || held < ceiling/2 {
					t.Errorf("restart %d came after %v, want %v to %v", i+1, held, ceiling/2, ceiling)
				}
			}
			if s := status(t, tree, "watcher"); s.Starts != 1 {
				t.Errorf("sibling in the stage: %+v", s)
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("LeavesItsSiblingsInAllStagesUntouched", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var log journal
			ways := []func() error{
				func() error { return errDisk },
				func() error { return nil },
				func() error { panic("boom") },
				func() error { runtime.Goexit(); return nil },
			}
			tree := NewTree(Options{Logger: log.logger(slog.LevelInfo)})
			mustStart(t, tree, of("below", steady("database")), of("work",
				failing("scanner", func(_ context.Context, nth int) error { return ways[nth%len(ways)]() }),
				steady("watcher")), of("above", steady("http")))
			before := tree.Snapshot()
			pass(10 * time.Minute)
			synctest.Wait()
			for i, s := range tree.Snapshot() {
				if s.Service != "scanner" && s != before[i] {
					t.Errorf("sibling was %+v, is %+v", before[i], s)
				}
			}
			lines := log.lines(t, "service restarts")
			if n := status(t, tree, "scanner").Starts; n < 20 || len(lines) != n || strings.Count(log.buf.String(), "\n") != n {
				t.Errorf("%d starts, %d lines in %s", n, len(lines), log.buf.String())
			}
			told := []string{"ended by itself", "panic: boom", "runtime.Goexit called", "disk gone"}
			for i, l := range lines {
				if l["service"] != "scanner" || l["restarts"] != float64(i+1) || l["error"] != told[i%len(told)] {
					t.Errorf("line %d is %v", i, l)
				}
				if pause := time.Duration(l["backoff"].(float64)); i > 10 && pause < 15*time.Second {
					t.Errorf("line %d has not grown: %v", i, l)
				}
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("APauseDoesNotHoldUpASiblingOfTheStage", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			hiccup := make(chan struct{})
			tree := NewTree(Options{Backoff: Backoff{Min: time.Hour, Max: time.Hour}})
			mustStart(t, tree, of("work",
				failing("scanner", func(context.Context, int) error { return errDisk }),
				failing("watcher", func(ctx context.Context, nth int) error {
					if nth == 1 {
						<-hiccup
						return errDisk
					}
					<-ctx.Done()
					return nil
				})))
			synctest.Wait()
			close(hiccup)
			synctest.Wait()
			if s := status(t, tree, "watcher"); s.Starts != 2 || s.State != StateUp {
				t.Errorf("sibling is %+v", s)
			}
			if s := status(t, tree, "scanner"); s.State != StateDown {
				t.Errorf("service in its pause is %+v", s)
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("TheStopEndsAPauseAtOnce", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{Backoff: Backoff{Min: time.Hour, Max: time.Hour}})
			mustStart(t, tree, of("work", failing("scanner", func(context.Context, int) error { return errDisk })))
			synctest.Wait()
			if r := stopWithin(tree, time.Minute); !r.Clean() || r.Took != 0 {
				t.Fatalf("receipt %+v", r)
			}
			if s := status(t, tree, "scanner"); s.State != StateStopped || s.Starts != 2 || s.LastErr != errDisk {
				t.Errorf("status %+v", s)
			}
		})
	})
	t.Run("AStableRunEndsTheSeries", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var log journal
			tree := NewTree(Options{Logger: log.logger(slog.LevelInfo), Stable: time.Second})
			mustStart(t, tree, of("work", failing("scanner", func(ctx context.Context, nth int) error {
				select {
				case <-ctx.Done():
				case <-time.After(2 * time.Second):
				}
				return errDisk
			})))
			pass(9 * time.Second)
			for _, l := range log.lines(t, "service restarts") {
				if l["backoff"] != 0.0 {
					t.Errorf("log line %v", l)
				}
			}
			if s := status(t, tree, "scanner"); s.Starts != 5 {
				t.Errorf("status %+v", s)
			}
			stopWithin(tree, time.Minute)
		})
	})
	t.Run("ARestartThatIsNeverReadyGoesOnBeingRestarted", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			nth := 0
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", run{"scanner", func(_ context.Context, h Handle) error {
				if nth++; nth == 1 {
					h.Ready()
				}
				return errDisk
			}}))
			pass(time.Minute)
			if s := status(t, tree, "scanner"); s.State != StateDown || s.Starts < 9 {
				t.Errorf("status %+v", s)
			}
			mustStopClean(t, tree)
		})
	})
}

func TestPanicIsLoggedWithItsStackAtDebugLevelOnly(t *testing.T) {
	for _, level := range []slog.Level{slog.LevelInfo, slog.LevelDebug} {
		t.Run(level.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log journal
				tree := NewTree(Options{Logger: log.logger(level)})
				mustStart(t, tree, of("work", failing("scanner", func(ctx context.Context, nth int) error {
					if nth == 1 {
						panic("boom")
					}
					<-ctx.Done()
					return nil
				})))
				synctest.Wait()
				mustStopClean(t, tree)
				if stacks := log.lines(t, "stack of the panic"); len(stacks) != 0 != (level == slog.LevelDebug) {
					t.Errorf("stacks: %v", stacks)
				}
				if strings.Contains(log.buf.String(), "goroutine ") != (level == slog.LevelDebug) {
					t.Errorf("log: %s", log.buf.String())
				}
			})
		})
	}
}

func TestFatalService(t *testing.T) {
	dies := func() Service {
		return failing("scanner", func(context.Context, int) error { return Fatal(errDisk) })
	}
	t.Run("IsReportedAndNotRestarted", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var log journal
			var told []string
			tree := NewTree(Options{
				Logger:  log.logger(slog.LevelInfo),
				OnFatal: func(service string, err error) { told = append(told, service+": "+err.Error()) },
			})
			mustStart(t, tree, of("work", dies()))
			pass(time.Hour)
			synctest.Wait()
			if len(told) != 1 || told[0] != "scanner: disk gone" {
				t.Errorf("told %v", told)
			}
			if s := status(t, tree, "scanner"); s.State != StateDown || s.Starts != 1 || !errors.Is(s.LastErr, errDisk) {
				t.Errorf("status %+v", s)
			}
			if log.buf.Len() != 0 {
				t.Errorf("logged besides: %s", log.buf.String())
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("IsLoggedWhereNobodyIsToBeTold", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var log journal
			tree := NewTree(Options{Logger: log.logger(slog.LevelInfo)})
			mustStart(t, tree, of("work", dies()))
			synctest.Wait()
			if lines := log.lines(t, "service failed for good"); len(lines) != 1 || lines[0]["error"] != "disk gone" {
				t.Errorf("logged %v", lines)
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("IsNotRestartedWhenTheHookPanics", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{OnFatal: func(string, error) { panic("hook") }})
			mustStart(t, tree, of("work", dies(), steady("watcher")))
			pass(time.Hour)
			if s := status(t, tree, "scanner"); s.Starts != 1 {
				t.Errorf("status %+v", s)
			}
			if s := status(t, tree, "watcher"); s.Starts != 1 || s.State != StateUp {
				t.Errorf("sibling %+v", s)
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("MayStopTheTreeInTheHook", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			receipts := make(chan Receipt, 1)
			var tree *Tree
			tree = NewTree(Options{OnFatal: func(string, error) { receipts <- stopWithin(tree, time.Minute) }})
			die := make(chan struct{})
			mustStart(t, tree, of("work", failing("scanner", func(context.Context, int) error {
				<-die
				return Fatal(errDisk)
			})))
			close(die)
			if r := <-receipts; !r.Clean() || r.Took > 100*time.Millisecond {
				t.Errorf("receipt %+v", r)
			}
		})
	})
}

func TestHandle(t *testing.T) {
	t.Run("OfAnEarlierRunIsIgnored", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var first Handle
			release := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", run{"scanner", func(ctx context.Context, h Handle) error {
				if first == nil {
					first = h
					h.Ready()
					return errDisk
				}
				select {
				case <-release:
					h.Ready()
				case <-ctx.Done():
				}
				<-ctx.Done()
				return nil
			}}))
			synctest.Wait()
			first.Ready()
			first.Beat(time.Nanosecond)
			pass(time.Second)
			if s := status(t, tree, "scanner"); s.State != StateStarting {
				t.Errorf("the first run spoke for the second: %+v", s)
			}
			if err := tree.Probe(t.Context()); err != nil {
				t.Errorf("the first run promised for the second: %v", err)
			}
			close(release)
			synctest.Wait()
			if s := status(t, tree, "scanner"); s.State != StateUp {
				t.Errorf("status %+v", s)
			}
			mustStopClean(t, tree)
			first.Ready()
			if s := status(t, tree, "scanner"); s.State != StateStopped {
				t.Errorf("status after the stop %+v", s)
			}
		})
	})
	t.Run("SecondReadyOfARunCountsNot", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			again := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", run{"scanner", func(ctx context.Context, h Handle) error {
				h.Ready()
				<-again
				h.Ready()
				<-ctx.Done()
				return nil
			}}))
			before := status(t, tree, "scanner")
			pass(time.Second)
			close(again)
			synctest.Wait()
			if after := status(t, tree, "scanner"); after != before {
				t.Errorf("before %+v, after %+v", before, after)
			}
			mustStopClean(t, tree)
		})
	})
	t.Run("ReadyAfterTheStopCountsNot", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tree := NewTree(Options{})
			ended := make(chan error, 1)
			go func() {
				ended <- tree.Start(t.Context(), of("work", run{"scanner", func(ctx context.Context, h Handle) error {
					<-ctx.Done()
					h.Ready()
					return nil
				}}))
			}()
			synctest.Wait()
			mustStopClean(t, tree)
			if err := <-ended; !errors.Is(err, errStopping) {
				t.Errorf("start: %v", err)
			}
		})
	})
}
