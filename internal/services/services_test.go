package services

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"vpo/internal/supervisor"
)

func TestMain(m *testing.M) {
	if os.Getenv(signalChild) != "" {
		runSignalChild()
		return
	}
	if os.Getenv(controlChild) != "" {
		runControlChild()
		return
	}
	goleak.VerifyTestMain(m)
}

// handle is what a service under test sees of its supervisor.
type handle struct {
	once  sync.Once
	ready chan struct{}
	grace context.Context
	mu    sync.Mutex
	beats []beat
}

type beat struct {
	at    time.Time
	until time.Time
}

func (h *handle) Ready()                 { h.once.Do(func() { close(h.ready) }) }
func (h *handle) Grace() context.Context { return h.grace }
func (h *handle) Beat(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.beats = append(h.beats, beat{time.Now(), time.Now().Add(d)})
}

// running is one run of a service.
type running struct {
	*handle
	cancel context.CancelFunc
	cut    context.CancelFunc // ends the grace
	done   chan struct{}
	err    error // of the run, once done is closed
}

// start runs a service until the test ends or stop is called.
func start(t *testing.T, s supervisor.Service) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	grace, cut := context.WithCancel(context.Background())
	r := &running{&handle{ready: make(chan struct{}), grace: grace}, cancel, cut, make(chan struct{}), nil}
	go func() {
		defer close(r.done)
		r.err = s.Run(ctx, r.handle)
	}()
	t.Cleanup(func() { cancel(); cut(); <-r.done })
	return r
}

// startReady is start, and waits until the service is ready.
func startReady(t *testing.T, s supervisor.Service) *running {
	t.Helper()
	r := start(t, s)
	select {
	case <-r.ready:
	case <-r.done:
		t.Fatalf("%s ended before it was ready: %v", s.Name(), r.err)
	}
	return r
}

// stop ends the run and returns its error.
func (r *running) stop() error {
	r.cancel()
	return r.wait()
}

func (r *running) wait() error {
	<-r.done
	return r.err
}

// logbook keeps what is logged.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logbook) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func quietLogger() *slog.Logger { return slog.New(slog.DiscardHandler) }
