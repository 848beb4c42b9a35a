package app

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"vpo/internal/logging"
	"vpo/internal/services"
	"vpo/internal/supervisor"
)

// underSystemd is a daemon of newTestServer that systemd listens to, with a watchdog.
func underSystemd(t *testing.T, timeout float64, interval time.Duration) (s *server, log *buffer, messages <-chan string) {
	t.Helper()
	s, log = newTestServer(t, timeout)
	socket := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	heard, done := make(chan string, 10_000), make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, err := conn.Read(buf)
			if err != nil {
				return
			}
			heard <- string(buf[:n])
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	s.host = host{
		notifier: services.NewNotifier(services.Notify{Socket: socket}, logging.Named(s.log, "vpo.systemd")),
		interval: interval,
	}
	s.herald = services.NewHerald(s.notifier, s.stand)
	s.watchdog = services.NewWatchdog(services.WatchdogConfig{
		Interval: interval, Alive: s.notifier.Alive, Probe: s.tree.Probe, Logger: s.log,
	})
	s.stages = s.inventory()
	return s, log, heard
}

// awaitMessage returns the first message that holds the text.
func awaitMessage(t *testing.T, messages <-chan string, text string) string {
	t.Helper()
	for {
		if got := wait(t, messages, text); strings.Contains(got, text) {
			return got
		}
	}
}

func TestServerUnderSystemd(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreTopFunction("os/signal.signal_recv"), goleak.IgnoreTopFunction("os/signal.loop"))

	t.Run("ATreeThatDoesNotLiveLosesItsHeartbeatAndShowsWhy", func(t *testing.T) {
		s, log, messages := underSystemd(t, 10, 600*time.Millisecond)
		promise := make(chan struct{})
		s.add(func(ctx context.Context, h supervisor.Handle) error {
			h.Ready()
			<-promise
			h.Beat(time.Millisecond) // and never again
			<-ctx.Done()
			return nil
		})
		ended := s.background()
		awaitMessage(t, messages, "WATCHDOG=1")
		close(promise)
		for !strings.Contains(log.String(), "goroutines of the stuck daemon") {
			<-time.After(10 * time.Millisecond)
		}
		for len(messages) > 0 {
			<-messages
		}
		<-time.After(600 * time.Millisecond) // an interval, after which systemd would have ended it
		for len(messages) > 0 {
			if got := <-messages; strings.Contains(got, "WATCHDOG=1") {
				t.Errorf("heard %q", got)
			}
		}
		for _, text := range []string{"ERROR", "worker is silent", "app.TestServerUnderSystemd", "services.(*Watchdog).Run"} {
			if !strings.Contains(log.String(), text) {
				t.Errorf("the log does not say %q:\n%s", text, log)
			}
		}
		s.kill(t, syscall.SIGTERM)
		wait(t, ended, "the end")
	})

	t.Run("ALongTeardownIsExtendedAndSaysHowFarItIs", func(t *testing.T) {
		s, _, messages := underSystemd(t, 60, 0)
		up, release := make(chan struct{}), make(chan struct{})
		s.add(func(ctx context.Context, h supervisor.Handle) error {
			h.Ready()
			close(up)
			<-ctx.Done()
			<-release
			return nil
		})
		ended := s.background()
		wait(t, up, "the worker")
		awaitMessage(t, messages, "READY=1")
		s.kill(t, syscall.SIGTERM)
		if got := awaitMessage(t, messages, "STOPPING=1"); !strings.Contains(got, "STATUS=stopping: received SIGTERM") {
			t.Errorf("heard %q", got)
		}
		awaitMessage(t, messages, "EXTEND_TIMEOUT_USEC=")
		awaitMessage(t, messages, "EXTEND_TIMEOUT_USEC=")
		close(release)
		awaitMessage(t, messages, "STATUS=stopped cleanly: received SIGTERM")
		if got := wait(t, ended, "the end"); got.code != 0 {
			t.Errorf("exit code %d, %v", got.code, got.err)
		}
	})

	t.Run("WhatWasAbandonedIsTheLastWord", func(t *testing.T) {
		s, _, messages := underSystemd(t, 2, 0)
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
		s.kill(t, syscall.SIGTERM)
		awaitMessage(t, messages, "STATUS=stopped, and had to abandon worker")
		wait(t, ended, "the end")
	})
}
