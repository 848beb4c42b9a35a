package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"vpo/internal/config"
	"vpo/internal/logging"
	"vpo/internal/services"
	"vpo/internal/store"
	"vpo/internal/supervisor"
)

// buffer is a log that several goroutines write to.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// newTestServer is a daemon on a library of its own and a free port, with a shutdown timeout in seconds.
func newTestServer(t *testing.T, timeout float64) (*server, *buffer) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "library.db")
	db, err := store.Create(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	log := &buffer{}
	load := func() (*config.Settings, error) {
		settings, err := config.Load(config.Input{Home: dir, SystemFile: filepath.Join(dir, "none.toml"), Flags: []config.Flag{
			{Name: "--db", Key: "database_path", Value: path},
			{Name: "--shutdown-timeout", Key: "server.shutdown_timeout", Value: strconv.FormatFloat(timeout, 'f', -1, 64)},
		}})
		if err == nil {
			settings.Config.Server.Port = 0 // a free one; no user may ask for it
		}
		return settings, err
	}
	d := Daemon{Version: "test", Load: load, Logger: func(s *config.Settings) (*slog.Logger, *slog.LevelVar) {
		level := new(slog.LevelVar)
		return logging.New(log, logging.Options{Level: level, Format: "text"}), level
	}}
	settings, err := load()
	if err != nil {
		t.Fatal(err)
	}
	life := supervisor.NewLifecycle()
	signals := services.NewSignals(signalsConfig(life))
	t.Cleanup(signals.Stop)
	s, err := newServer(d, settings, life, signals, host{notifier: services.NewNotifier(services.Notify{}, slog.New(slog.DiscardHandler))})
	if err != nil {
		t.Fatal(err)
	}
	return s, log
}

// worker is a service that a test adds on top of the daemon.
type worker func(ctx context.Context, h supervisor.Handle) error

func (worker) Name() string { return "worker" }

func (w worker) Run(ctx context.Context, h supervisor.Handle) error { return w(ctx, h) }

func (s *server) add(w worker) {
	s.stages = append(s.stages, supervisor.Stage{
		Name: "work", Services: func() []supervisor.Service { return []supervisor.Service{w} },
	})
}

// end is what run came back with.
type end struct {
	code int
	err  error
}

func (s *server) background() <-chan end {
	ended := make(chan end, 1)
	go func() {
		code, err := s.run()
		ended <- end{code, err}
	}()
	return ended
}

func (s *server) kill(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), sig); err != nil {
		t.Fatal(err)
	}
}

func wait[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(30 * time.Second):
		t.Fatalf("%s does not come", what)
	}
	panic("unreachable")
}

func TestServer(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreTopFunction("os/signal.signal_recv"), goleak.IgnoreTopFunction("os/signal.loop"))

	for sig, code := range map[syscall.Signal]int{syscall.SIGTERM: 143, syscall.SIGINT: 130} {
		t.Run("StuckWorkerIsNamedAndTheDatabaseClosedAfter"+sig.String(), func(t *testing.T) {
			s, log := newTestServer(t, 10) // closing the database has a fortieth of it, also on a slow machine
			up, release := make(chan struct{}), make(chan struct{})
			defer close(release)
			s.add(func(_ context.Context, h supervisor.Handle) error {
				h.Ready()
				close(up)
				<-release
				return nil
			})
			ended := s.background()
			wait(t, up, "the worker")
			s.kill(t, sig)
			if got := wait(t, ended, "the end"); got.code != code || got.err != nil {
				t.Errorf("exit code %d, error %v; want %d", got.code, got.err, code)
			}
			if !strings.Contains(log.String(), "abandoned=[worker]") {
				t.Errorf("the log does not name the worker:\n%s", log)
			}
			wantReceipt(t, s, false, "worker")
		})
	}

	t.Run("SecondSignalCutsTheTeardownShort", func(t *testing.T) {
		s, log := newTestServer(t, 60)
		up, told, release := make(chan struct{}), make(chan struct{}), make(chan struct{})
		defer close(release)
		s.add(func(ctx context.Context, h supervisor.Handle) error {
			h.Ready()
			close(up)
			<-ctx.Done()
			close(told)
			<-release
			return nil
		})
		ended := s.background()
		wait(t, up, "the worker")
		s.kill(t, syscall.SIGTERM)
		wait(t, told, "the stop")
		burst := time.NewTimer(300 * time.Millisecond) // a burst of the same signal is over by then
		wait(t, burst.C, "the end of the burst")
		s.kill(t, syscall.SIGINT)
		if got := wait(t, ended, "the end"); got.code != 143 {
			t.Errorf("exit code %d, want 143: the first signal decides", got.code)
		}
		if !strings.Contains(log.String(), "cut_short") {
			t.Errorf("the log does not say that the teardown was cut short:\n%s", log)
		}
	})

	t.Run("WorkerThatCannotStartFailsTheStartOnce", func(t *testing.T) {
		s, _ := newTestServer(t, 5)
		starts := 0
		s.add(func(context.Context, supervisor.Handle) error {
			starts++
			return errors.New("no tool to work with")
		})
		got := wait(t, s.background(), "the end")
		if got.code != 1 || got.err == nil || !strings.Contains(got.err.Error(), "no tool to work with") || starts != 1 {
			t.Errorf("exit code %d, error %v after %d starts", got.code, got.err, starts)
		}
	})

	t.Run("ServiceThatFailsForGoodEndsTheDaemon", func(t *testing.T) {
		s, _ := newTestServer(t, 5)
		s.add(func(_ context.Context, h supervisor.Handle) error {
			h.Ready()
			return supervisor.Fatal(errors.New("the disk has left"))
		})
		got := wait(t, s.background(), "the end")
		if got.code != 1 || got.err == nil || !strings.Contains(got.err.Error(), "worker failed for good: the disk has left") {
			t.Errorf("exit code %d, error %v", got.code, got.err)
		}
		wantReceipt(t, s, true, "")
	})

	t.Run("CleanStopIsBooked", func(t *testing.T) {
		s, _ := newTestServer(t, 5)
		up := make(chan struct{})
		s.add(func(ctx context.Context, h supervisor.Handle) error {
			h.Ready()
			close(up)
			<-ctx.Done()
			return nil
		})
		ended := s.background()
		wait(t, up, "the worker")
		for s.life.Phase() != supervisor.Running {
			<-time.After(time.Millisecond)
		}
		s.kill(t, syscall.SIGTERM)
		if got := wait(t, ended, "the end"); got.code != 0 || got.err != nil {
			t.Errorf("exit code %d, error %v", got.code, got.err)
		}
		wantReceipt(t, s, true, "")
	})
}

// wantReceipt looks at what the library keeps of the newest run.
func wantReceipt(t *testing.T, s *server, clean bool, text string) {
	t.Helper()
	db, err := store.Open(t.Context(), s.settings.Config.DatabasePath, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run, err := db.LastRun(t.Context())
	if err != nil || run == nil {
		t.Fatalf("no run is kept: %v", err)
	}
	if run.EndedAt.IsZero() || run.Clean != clean || !strings.Contains(string(run.Receipt), text) {
		t.Errorf("the run is kept as %+v, receipt %s", *run, run.Receipt)
	}
}
