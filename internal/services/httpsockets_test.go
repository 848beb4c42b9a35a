package services

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sharedSocket is a listening socket that the test goes on holding, as systemd does, and its address.
func sharedSocket(t *testing.T, network, address string) (*os.File, string) {
	t.Helper()
	ln, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	if unix, ok := ln.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
	}
	file, err := ln.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	t.Cleanup(func() { file.Close() })
	return file, ln.Addr().String()
}

// openSockets opens an HTTP on copies of the sockets.
func openSockets(t *testing.T, handler http.Handler, files ...*os.File) *HTTP {
	t.Helper()
	cfg := HTTPConfig{Handler: handler, Logger: quietLogger()}
	for _, file := range files {
		fd, err := dupFD(file)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Sockets.files = append(cfg.Sockets.files, fd)
	}
	s := NewHTTP(cfg)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	return s
}

// serveSockets serves copies of the sockets.
func serveSockets(t *testing.T, handler http.Handler, files ...*os.File) (*HTTP, *running) {
	t.Helper()
	s := openSockets(t, handler, files...)
	return s, startReady(t, s)
}

func dupFD(file *os.File) (*os.File, error) {
	ln, err := net.FileListener(file)
	if err != nil {
		return nil, err
	}
	defer ln.Close()
	if unix, ok := ln.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
	}
	return ln.(interface{ File() (*os.File, error) }).File()
}

func TestSharedSockets(t *testing.T) {
	t.Run("AConnectionInTheQueueIsLeftToTheSuccessor", func(t *testing.T) {
		file, addr := sharedSocket(t, "tcp", "127.0.0.1:0")
		first, run := serveSockets(t, answerOK, file)
		if err := run.stop(); err != nil {
			t.Fatal(err)
		}
		if err := first.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		queued := dial(t, addr) // nobody accepts, and nobody refuses
		send(t, queued, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		serveSockets(t, answerOK, file)
		if answer, err := io.ReadAll(queued); err != nil || !strings.HasSuffix(string(answer), "ok") {
			t.Errorf("got %q, %v", answer, err)
		}
	})
	t.Run("AKeepAliveClientMayAskOnceMoreDuringTheDrain", func(t *testing.T) {
		file, addr := sharedSocket(t, "tcp", "127.0.0.1:0")
		_, run := serveSockets(t, answerOK, file)
		c := dial(t, addr)
		r := bufio.NewReader(c)
		for i := range 2 {
			send(t, c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			resp, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(resp.Body); err != nil || resp.Close != (i == 1) {
				t.Errorf("answer %d: close %v, %v", i, resp.Close, err)
			}
			if i == 0 {
				run.cancel()
				<-time.After(2 * briefly.quiet) // for longer than a socket of our own would wait
			}
		}
		if err := run.wait(); err != nil {
			t.Error(err)
		}
	})
	t.Run("ASilentClientDoesNotHoldTheStopUp", func(t *testing.T) {
		file, addr := sharedSocket(t, "tcp", "127.0.0.1:0")
		_, run := serveSockets(t, answerOK, file)
		dial(t, addr)
		began := time.Now()
		if err := run.stop(); err != nil || time.Since(began) > patiently.patience+4*time.Second {
			t.Errorf("the stop took %v, %v", time.Since(began), err)
		}
	})
	t.Run("ARunAfterAFailureServesThemAgain", func(t *testing.T) {
		file, addr := sharedSocket(t, "tcp", "127.0.0.1:0")
		other, otherAddr := sharedSocket(t, "unix", filepath.Join(t.TempDir(), "http"))
		s := openSockets(t, answerOK, file, other)
		listeners := *s.listeners.Load()
		run := startReady(t, s)
		listeners[0].Close()
		if err := run.wait(); err == nil {
			t.Fatal("a run whose listener died ends without an error")
		}
		startReady(t, s)
		if body, err := get(t.Context(), addr); err != nil || body != "ok" {
			t.Errorf("got %q, %v", body, err)
		}
		if err := s.Probe(t.Context()); err != nil {
			t.Error(err)
		}
		if s.Addr() != addr+", "+otherAddr {
			t.Errorf("address %q", s.Addr())
		}
	})
	t.Run("TheProbeAsksBySideDoorWhereItCannotConnect", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "http")
		file, _ := sharedSocket(t, "unix", path)
		var book logbook
		asked := 0
		s, run := serveSockets(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			answerOK(w, r)
		}), file)
		s.cfg.Logger = book.logger()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := s.Probe(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if asked != 3 || strings.Count(book.String(), "cannot be reached") != 1 {
			t.Errorf("asked %d times, logged %s", asked, &book)
		}
		if err := run.stop(); err != nil {
			t.Error(err)
		}
		if err := s.Probe(t.Context()); !errors.Is(err, net.ErrClosed) {
			t.Errorf("after the stop: %v", err)
		}
	})
	t.Run("TheProbeFailsBySideDoorWhereNobodyServes", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "http")
		file, _ := sharedSocket(t, "unix", path)
		entered, release := make(chan struct{}, 1), make(chan struct{})
		s, _ := serveSockets(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			entered <- struct{}{}
			<-release
		}), file)
		defer close(release)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := s.Probe(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		<-entered
	})
}

func TestOutOfReach(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want bool
	}{
		{"AServerThatDoesNotAnswerIsToBeHeard", context.DeadlineExceeded, false},
		{"AServerThatHangsUpIsToBeHeard", os.NewSyscallError("read", syscall.ECONNRESET), false},
		{"ASocketOfOthersIsNot", os.NewSyscallError("connect", syscall.EACCES), true},
		{"AFamilyThatTheSandboxRefusesIsNot", os.NewSyscallError("socket", syscall.EAFNOSUPPORT), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := outOfReach(&net.OpError{Op: "dial", Net: "tcp", Err: tt.err}); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
