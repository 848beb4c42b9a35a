package services

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// systemd listens on a notify socket.
func systemd(t *testing.T, name string) <-chan string {
	t.Helper()
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	messages := make(chan string, 1000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, err := c.Read(buf)
			if err != nil {
				return
			}
			messages <- string(buf[:n])
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
	return messages
}

func next(t *testing.T, messages <-chan string) string {
	t.Helper()
	select {
	case m := <-messages:
		return m
	case <-time.After(5 * time.Second):
		t.Fatal("no message")
		return ""
	}
}

func watch(n Notify, probe func(context.Context) error, book *logbook) *Watchdog {
	return NewWatchdog(WatchdogConfig{
		Notify: n, Probe: probe, Logger: book.logger(),
		Status: func() string { return "two\nlines" },
	})
}

func TestTakeNotify(t *testing.T) {
	self := strconv.Itoa(os.Getpid())
	tests := []struct {
		name, usec, pid string
		interval        time.Duration
		bad             bool
	}{
		{"NumberThatIsNone", "soon", "", 0, true},
		{"NegativeNumber", "-1", "", 0, true},
		{"NumberThatOverflows", "9223372036854775807", "", 0, true},
		{"OtherProcess", "3000000", self + "0", 0, false},
		{"NoWatchdog", "", "", 0, false},
		{"ThisProcess", "3000000", self, 3 * time.Second, false},
		{"AnyProcess", "3000000", "", 3 * time.Second, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("NOTIFY_SOCKET", "@x")
			t.Setenv("WATCHDOG_USEC", tt.usec)
			t.Setenv("WATCHDOG_PID", tt.pid)
			got, err := TakeNotify()
			if (err != nil) != tt.bad || got != (Notify{"@x", tt.interval}) {
				t.Errorf("got %+v, %v", got, err)
			}
			for _, name := range []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} {
				if value, there := os.LookupEnv(name); there {
					t.Errorf("children inherit %s=%s", name, value)
				}
			}
		})
	}
}

func TestWatchdog(t *testing.T) {
	alive := func(context.Context) error { return nil }
	sockets := map[string]string{
		"Path":     filepath.Join(t.TempDir(), "notify"),
		"Abstract": fmt.Sprintf("@vpo-test-%d-%d", os.Getpid(), time.Now().UnixNano()),
	}
	for name, socket := range sockets {
		t.Run("SaysReadyAliveStoppingOver"+name, func(t *testing.T) {
			messages := systemd(t, socket)
			var book logbook
			w := watch(Notify{socket, 30 * time.Millisecond}, alive, &book)
			run := startReady(t, w)
			if got := next(t, messages); got != "READY=1\nSTATUS=two lines" {
				t.Errorf("got %q", got)
			}
			for range 3 {
				if got := next(t, messages); got != "WATCHDOG=1\nSTATUS=two lines" {
					t.Errorf("got %q", got)
				}
			}
			w.Stopping()
			for got := next(t, messages); got != "STOPPING=1\nSTATUS=shutting down"; got = next(t, messages) {
				if got != "WATCHDOG=1\nSTATUS=two lines" {
					t.Errorf("got %q", got)
				}
			}
			if got := next(t, messages); got != "WATCHDOG=1" { // the drain is watched too, and keeps the status
				t.Errorf("got %q", got)
			}
			if err := run.stop(); err != nil || book.String() != "" {
				t.Errorf("stop: %v, logged %s", err, &book)
			}
		})
	}
	t.Run("HoldsTheHeartbeatBackWhileTheProbeFails", func(t *testing.T) {
		socket := filepath.Join(t.TempDir(), "notify")
		messages := systemd(t, socket)
		var book logbook
		var probes atomic.Int64
		reached := make(chan struct{})
		run := startReady(t, watch(Notify{socket, 15 * time.Millisecond}, func(context.Context) error {
			n := probes.Add(1)
			if n == 10 {
				close(reached)
			}
			if n < 10 {
				return errors.New("frozen")
			}
			return nil
		}, &book))
		next(t, messages) // READY=1
		<-reached
		if got := next(t, messages); !strings.HasPrefix(got, "WATCHDOG=1") || probes.Load() < 10 {
			t.Errorf("got %q after %d probes", got, probes.Load())
		}
		if err := run.stop(); err != nil {
			t.Error(err)
		}
		if log := book.String(); strings.Count(log, "withheld") != 1 || strings.Count(log, "goes on") != 1 {
			t.Errorf("logged %s", log)
		}
	})
	t.Run("HungProbeIsCutAndHeldBack", func(t *testing.T) {
		socket := filepath.Join(t.TempDir(), "notify")
		messages := systemd(t, socket)
		var book logbook
		var probes atomic.Int64
		reached := make(chan struct{})
		startReady(t, watch(Notify{socket, 15 * time.Millisecond}, func(ctx context.Context) error {
			if probes.Add(1) == 3 {
				close(reached)
			}
			<-ctx.Done()
			return ctx.Err()
		}, &book))
		next(t, messages) // READY=1
		<-reached
		if len(messages) > 0 {
			t.Errorf("got %q", <-messages)
		}
	})
	t.Run("SocketThatIsGoneIsLoggedOnce", func(t *testing.T) {
		var book logbook
		var probes atomic.Int64
		reached := make(chan struct{})
		run := startReady(t, watch(Notify{filepath.Join(t.TempDir(), "none"), 15 * time.Millisecond}, func(context.Context) error {
			if probes.Add(1) == 5 {
				close(reached)
			}
			return nil
		}, &book))
		<-reached
		if err := run.stop(); err != nil || strings.Count(book.String(), "\n") != 1 {
			t.Errorf("stop: %v, logged %s", err, &book)
		}
	})
	t.Run("SaysNothingWhereNobodyListens", func(t *testing.T) {
		var book logbook
		w := watch(Notify{}, func(context.Context) error { t.Error("probed"); return nil }, &book)
		run := startReady(t, w)
		w.Stopping()
		if err := run.stop(); err != nil || w.Enabled() || book.String() != "" {
			t.Errorf("stop: %v, logged %s", err, &book)
		}
	})
	t.Run("IsNotReadyAgainOnceItStops", func(t *testing.T) {
		socket := filepath.Join(t.TempDir(), "notify")
		messages := systemd(t, socket)
		var book logbook
		w := watch(Notify{Socket: socket}, alive, &book)
		w.Stopping()
		if err := startReady(t, w).stop(); err != nil {
			t.Error(err)
		}
		if got := next(t, messages); !strings.HasPrefix(got, "STOPPING=1") || len(messages) > 0 {
			t.Errorf("got %q and %d more", got, len(messages))
		}
	})
}
