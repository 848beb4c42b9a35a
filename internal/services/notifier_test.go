package services

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

// notifying is a Notifier whose messages come out of a socket.
func notifying(t *testing.T) (*Notifier, <-chan string) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "notify")
	messages := systemd(t, socket)
	return NewNotifier(Notify{Socket: socket}, quietLogger()), messages
}

// wantMessages asks for these messages and for none after them.
func wantMessages(t *testing.T, messages <-chan string, want ...string) {
	t.Helper()
	for _, w := range want {
		if got := next(t, messages); got != w {
			t.Errorf("got %q, want %q", got, w)
		}
	}
	if len(messages) > 0 {
		t.Errorf("got %q, too", <-messages)
	}
}

func TestNotifier(t *testing.T) {
	abstract := fmt.Sprintf("vpo-test-%d-%d", os.Getpid(), time.Now().UnixNano())
	sockets := map[string]string{
		"APath":                   filepath.Join(t.TempDir(), "notify"),
		"AnAbstractSocket":        "@" + abstract,
		"AnAbstractSocketWithNUL": "\x00" + abstract + "nul",
	}
	for name, socket := range sockets {
		t.Run("TellsTheWholeLifeOver"+name, func(t *testing.T) {
			messages := systemd(t, socket)
			n := NewNotifier(Notify{Socket: socket}, quietLogger())
			n.Status("starting")
			n.Extend(15 * time.Second)
			n.Ready("serving")
			n.Alive()
			n.Status("serving") // nothing new
			n.Status("degraded")
			n.Stopping("stopping")
			n.Alive()
			wantMessages(t, messages,
				"STATUS=starting",
				"EXTEND_TIMEOUT_USEC=15000000",
				"READY=1\nSTATUS=serving",
				"WATCHDOG=1",
				"STATUS=degraded",
				"STOPPING=1\nSTATUS=stopping",
				"WATCHDOG=1")
		})
	}
	t.Run("IsReadyOnce", func(t *testing.T) {
		n, messages := notifying(t)
		n.Ready("a")
		n.Ready("b")
		n.Ready("a")
		wantMessages(t, messages, "READY=1\nSTATUS=a")
	})
	t.Run("IsNotReadyOnceItStops", func(t *testing.T) {
		n, messages := notifying(t)
		n.Stopping("stopping")
		n.Ready("serving")
		n.Reloading("reloading")
		n.Reloaded("serving")
		wantMessages(t, messages, "STOPPING=1\nSTATUS=stopping")
	})
	t.Run("AReloadBeginsAtAMonotonicTimeAndEndsReady", func(t *testing.T) {
		n, messages := notifying(t)
		n.Ready("serving")
		next(t, messages)
		before, _ := monotonic()
		n.Reloading("reloading")
		n.Reloaded("serving")
		after, _ := monotonic()
		got := next(t, messages)
		usec, ok := strings.CutPrefix(got, "RELOADING=1\nMONOTONIC_USEC=")
		usec, rest, _ := strings.Cut(usec, "\n")
		at, err := strconv.ParseInt(usec, 10, 64)
		if !ok || err != nil || rest != "STATUS=reloading" || at < before.Microseconds() || at > after.Microseconds() {
			t.Errorf("got %q between %v and %v", got, before, after)
		}
		wantMessages(t, messages, "READY=1\nSTATUS=serving")
	})
	t.Run("AReloadDuringTheStartDoesNotEndTheStart", func(t *testing.T) {
		n, messages := notifying(t)
		n.Reloading("reloading")
		n.Reloaded("starting")
		n.Ready("serving")
		wantMessages(t, messages, "READY=1\nSTATUS=serving")
	})
	t.Run("FailureNamesTheErrorOfTheSystem", func(t *testing.T) {
		n, messages := notifying(t)
		n.Failed(&BindError{Addr: "127.0.0.1:1", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)})
		n.Failed(errors.New("two\nlines"))
		wantMessages(t, messages,
			fmt.Sprintf("ERRNO=%d\nSTATUS=failed: listen 127.0.0.1:1: address already in use; try --port with another number", syscall.EADDRINUSE),
			"STATUS=failed: two lines")
	})
	t.Run("AStatusIsOneLineOfValidTextAndNotEndless", func(t *testing.T) {
		n, messages := notifying(t)
		n.Status("a\nREADY=1\x00\xff" + strings.Repeat("é", maxStatus))
		got := next(t, messages)
		if !strings.HasPrefix(got, "STATUS=a READY=1 �é") || !utf8.ValidString(got) || len(got) > maxStatus+20 {
			t.Errorf("got %q", got)
		}
	})
	t.Run("ASocketThatIsGoneIsLoggedOnce", func(t *testing.T) {
		var book logbook
		n := NewNotifier(Notify{Socket: filepath.Join(t.TempDir(), "none")}, book.logger())
		for range 5 {
			n.Alive()
		}
		if got := strings.Count(book.String(), "cannot be notified"); got != 1 {
			t.Errorf("logged %s", &book)
		}
	})
	t.Run("AStatusThatCouldNotBeSentIsSentWithTheNextMessage", func(t *testing.T) {
		socket := filepath.Join(t.TempDir(), "notify")
		n := NewNotifier(Notify{Socket: socket}, quietLogger())
		n.Status("serving")
		messages := systemd(t, socket)
		n.Status("serving")
		wantMessages(t, messages, "STATUS=serving")
	})
	t.Run("AChangeThatCouldNotBeSentGoesBeforeTheNextMessage", func(t *testing.T) {
		socket := filepath.Join(t.TempDir(), "notify")
		n := NewNotifier(Notify{Socket: socket}, quietLogger())
		n.Ready("serving")
		n.Reloaded("serving")
		messages := systemd(t, socket)
		n.Status("serving")
		n.Status("serving")
		wantMessages(t, messages, "READY=1", "READY=1", "STATUS=serving")
	})
	t.Run("OfADaemonThatStopsOnlyTheStopIsOwed", func(t *testing.T) {
		socket := filepath.Join(t.TempDir(), "notify")
		n := NewNotifier(Notify{Socket: socket}, quietLogger())
		for range 3 * maxOwed {
			n.Ready("serving")
			n.Reloaded("serving")
		}
		n.Stopping("stopping")
		messages := systemd(t, socket)
		n.Alive()
		wantMessages(t, messages, "STOPPING=1", "WATCHDOG=1")
	})
	t.Run("SaysNothingWhereNobodyListens", func(t *testing.T) {
		var book logbook
		n := NewNotifier(Notify{}, book.logger())
		n.Ready("serving")
		n.Alive()
		n.Stopping("stopping")
		if n.Enabled() || book.String() != "" {
			t.Errorf("logged %s", &book)
		}
	})
}
