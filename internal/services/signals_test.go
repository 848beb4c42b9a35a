package services

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// heardBy returns a Signals that hears no real signal, and what it called.
func heardBy(reload func(context.Context)) (*Signals, *atomic.Int64, *atomic.Int64, *logbook) {
	var stops, cuts atomic.Int64
	book := &logbook{}
	s := newSignals(SignalsConfig{
		OnStop:   func(os.Signal) { stops.Add(1) },
		OnCut:    func(os.Signal) { cuts.Add(1) },
		OnReload: reload,
		Logger:   book.logger(),
	})
	return s, &stops, &cuts, book
}

func TestSignals(t *testing.T) {
	noReload := func(context.Context) {}
	t.Run("BurstIsOneRequestAndALaterSignalCuts", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, stops, cuts, book := heardBy(noReload)
			run := start(t, s)
			steps := []struct {
				after       time.Duration
				sig         os.Signal
				stops, cuts int64
			}{
				{0, syscall.SIGTERM, 1, 0},
				{50 * time.Millisecond, syscall.SIGINT, 1, 0}, // another signal of the same burst
				{199 * time.Millisecond, syscall.SIGTERM, 1, 0},
				{time.Millisecond, syscall.SIGTERM, 1, 1},
				{time.Second, syscall.SIGINT, 1, 1},
			}
			for i, step := range steps {
				<-time.After(step.after)
				s.stops <- step.sig
				synctest.Wait()
				if stops.Load() != step.stops || cuts.Load() != step.cuts {
					t.Errorf("step %d: %d stops, %d cuts", i, stops.Load(), cuts.Load())
				}
			}
			if err := run.stop(); err != nil {
				t.Error(err)
			}
			if !strings.Contains(book.String(), `msg="Received SIGTERM, initiating shutdown"`) {
				t.Errorf("logged: %s", book)
			}
		})
	})
	t.Run("NoSignalIsLostBeforeTheRunOrBetweenTwo", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, stops, cuts, _ := heardBy(noReload)
			s.stops <- syscall.SIGINT
			run := start(t, s)
			synctest.Wait()
			if err := run.stop(); err != nil || stops.Load() != 1 {
				t.Fatalf("%d stops, %v", stops.Load(), err)
			}
			<-time.After(burst)
			s.stops <- syscall.SIGINT
			start(t, s)
			synctest.Wait()
			if cuts.Load() != 1 {
				t.Error("the second signal is lost")
			}
		})
	})
	t.Run("SlowReloadDelaysNoStop", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var reloads atomic.Int64
			s, stops, _, _ := heardBy(func(ctx context.Context) { reloads.Add(1); <-ctx.Done() })
			run := start(t, s)
			s.reloads <- syscall.SIGHUP
			synctest.Wait()
			s.stops <- syscall.SIGTERM
			synctest.Wait()
			if stops.Load() != 1 || reloads.Load() != 1 {
				t.Errorf("%d stops, %d reloads", stops.Load(), reloads.Load())
			}
			if err := run.stop(); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("ReloadThatDoesNotEndIsReported", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			s, _, _, _ := heardBy(func(context.Context) { <-release })
			run := start(t, s)
			s.reloads <- syscall.SIGHUP
			synctest.Wait()
			run.cut()
			if err := run.stop(); err == nil || !strings.Contains(err.Error(), "reload") {
				t.Errorf("got %v", err)
			}
			close(release)
		})
	})
	t.Run("ASecondSignalIsHeardWhileTheStopWaitsForAReload", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			s, _, cuts, _ := heardBy(func(context.Context) { <-release })
			run := start(t, s)
			s.reloads <- syscall.SIGHUP
			synctest.Wait()
			s.stops <- syscall.SIGTERM
			synctest.Wait()
			stopped := make(chan error)
			go func() { stopped <- run.stop() }()
			<-time.After(burst)
			s.stops <- syscall.SIGTERM
			synctest.Wait()
			if cuts.Load() != 1 {
				t.Error("the second signal is not heard")
			}
			close(release)
			if err := <-stopped; err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("HangupsDuringAReloadAreOneMore", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var reloads atomic.Int64
			s, _, _, _ := heardBy(func(context.Context) { reloads.Add(1); <-time.After(time.Second) })
			start(t, s)
			s.reloads <- syscall.SIGHUP
			synctest.Wait()
			for range 5 {
				select { // as the runtime delivers a signal
				case s.reloads <- syscall.SIGHUP:
				default:
				}
			}
			<-time.After(10 * time.Second)
			if reloads.Load() != 2 {
				t.Errorf("%d reloads", reloads.Load())
			}
		})
	})
	t.Run("AStopWithoutAnyGraceAbandonsNothingWhereNoReloadIsUnderWay", func(t *testing.T) {
		over, cancel := context.WithCancel(t.Context())
		cancel()
		for range 200 {
			s, _, _, _ := heardBy(noReload)
			if err := s.Run(over, &handle{ready: make(chan struct{}), grace: over}); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("HangupDuringTheStopIsIgnored", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, _, _, book := heardBy(func(context.Context) { t.Error("reloaded") })
			start(t, s)
			s.stops <- syscall.SIGTERM
			synctest.Wait()
			s.reloads <- syscall.SIGHUP
			synctest.Wait()
			if !strings.Contains(book.String(), "SIGHUP ignored") {
				t.Errorf("logged: %s", book)
			}
		})
	})
	t.Run("PanicOfAReloadIsAnErrorOfTheRun", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, _, _, _ := heardBy(func(context.Context) { panic("boom") })
			run := start(t, s)
			s.reloads <- syscall.SIGHUP
			if err := run.wait(); err == nil || !strings.Contains(err.Error(), "boom") {
				t.Errorf("got %v", err)
			}
		})
	})
}

// signalChild is the variable that makes the test binary a process that hears signals and says so.
const signalChild = "VPO_TEST_SIGNAL_CHILD"

func runSignalChild() {
	done := make(chan struct{})
	s := NewSignals(SignalsConfig{
		OnStop:   func(sig os.Signal) { fmt.Println("stop", sig) },
		OnCut:    func(sig os.Signal) { fmt.Println("cut", sig); close(done) },
		OnReload: func(context.Context) { fmt.Println("reload") },
		Logger:   slog.New(slog.DiscardHandler),
	})
	defer s.Stop()
	_ = syscall.Kill(os.Getpid(), syscall.SIGPIPE) // kills a process that does not hear it
	fmt.Println("hears")
	_ = syscall.Kill(os.Getpid(), syscall.SIGHUP) // before Run
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-done; cancel() }()
	_ = s.Run(ctx, &handle{ready: make(chan struct{}), grace: context.Background()})
	fmt.Println("end")
}

func TestSignals_InARealProcess(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), signalChild+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	expect := func(want string) {
		t.Helper()
		if lines.Scan(); lines.Text() != want {
			t.Fatalf("got %q, want %q", lines.Text(), want)
		}
	}
	expect("hears")
	expect("reload")
	for range 20 {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	expect("stop terminated")
	<-time.After(burst + 50*time.Millisecond)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	expect("cut interrupt")
	expect("end")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
