package services

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var answerOK = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })

func serve(t *testing.T, cfg HTTPConfig) (*HTTP, *running) {
	t.Helper()
	cfg.Host, cfg.Logger = "127.0.0.1", quietLogger()
	s := NewHTTP(cfg)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, startReady(t, s)
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func send(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

// get sends one request over a connection of its own.
func get(ctx context.Context, addr string) (string, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/", nil)
	if err != nil {
		return "", err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestHTTPOpen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port

	tests := []struct {
		name, host string
		port       int
		is         error
		says       []string
	}{
		{"AddressInUse", "127.0.0.1", port, syscall.EADDRINUSE,
			[]string{"listen 127.0.0.1:" + strconv.Itoa(port) + ": address already in use; try --port with another number"}},
		{"AddressOfAnotherMachine", "192.0.2.1", 0, syscall.EADDRNOTAVAIL, []string{"listen 192.0.2.1:0: ", "--bind"}},
		{"UnknownName", "no-such-host.invalid", 0, nil, []string{"listen no-such-host.invalid:0: ", "--bind to an IP address"}},
	}
	for _, tt := range tests {
		t.Run(tt.name+"SaysWhatToDo", func(t *testing.T) {
			s := NewHTTP(HTTPConfig{Host: tt.host, Port: tt.port, Logger: quietLogger()})
			err := s.Open(t.Context())
			bindErr, ok := errors.AsType[*BindError](err)
			if !ok || (tt.is != nil && !errors.Is(bindErr, tt.is)) {
				t.Fatalf("got %v", err)
			}
			for _, part := range tt.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if s.Addr() != "" {
				t.Errorf("address %q", s.Addr())
			}
		})
	}
	t.Run("PortWithoutTheRightSaysTheWaysOut", func(t *testing.T) {
		err := &BindError{Addr: "127.0.0.1:80", Err: &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EACCES)}}
		const want = "listen 127.0.0.1:80: permission denied; use a port above 1023, or allow this one with " +
			"AmbientCapabilities=CAP_NET_BIND_SERVICE or a socket unit of systemd"
		if err.Error() != want {
			t.Errorf("got %q", err)
		}
	})
	t.Run("CloseWithoutARunReleasesThePort", func(t *testing.T) {
		s := NewHTTP(HTTPConfig{Host: "127.0.0.1", Logger: quietLogger()})
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		ln.Close()
	})
}

func TestHTTPRun_RebindsItsPortAfterAFailure(t *testing.T) {
	s := NewHTTP(HTTPConfig{Host: "127.0.0.1", Handler: answerOK, Logger: quietLogger()})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	ln, addr := (*s.listeners.Load())[0], s.Addr()
	first := startReady(t, s)
	lingering := dial(t, addr)
	send(t, lingering, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := bufio.NewReader(lingering).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := first.wait(); err == nil {
		t.Fatal("a run whose listener died ends without an error")
	}
	second := startReady(t, s)
	if body, err := get(t.Context(), addr); err != nil || body != "ok" {
		t.Errorf("got %q, %v", body, err)
	}
	if err := second.stop(); err != nil || s.Addr() != addr {
		t.Errorf("stop: %v, address %s, was %s", err, s.Addr(), addr)
	}
}

func TestHTTPRun_WithoutOpenIsAnError(t *testing.T) {
	if err := start(t, NewHTTP(HTTPConfig{Logger: quietLogger()})).wait(); err == nil {
		t.Error("no error")
	}
}

func TestHTTPLimits(t *testing.T) {
	t.Run("HugeHeaderIsRefused", func(t *testing.T) {
		s, _ := serve(t, HTTPConfig{Handler: answerOK})
		c := dial(t, s.Addr())
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("x", 32<<10)+"\r\n\r\n")
		line, err := bufio.NewReader(c).ReadString('\n')
		if err != nil || !strings.Contains(line, "431") {
			t.Errorf("got %q, %v", line, err)
		}
	})
	t.Run("SilentConnectionsMakeRoomForOthers", func(t *testing.T) {
		s, _ := serve(t, HTTPConfig{Handler: answerOK, MaxConns: 4})
		for range 16 {
			dial(t, s.Addr())
		}
		for range 4 {
			if body, err := get(t.Context(), s.Addr()); err != nil || body != "ok" {
				t.Fatalf("got %q, %v", body, err)
			}
		}
	})
	t.Run("BusyConnectionsAreNotHungUp", func(t *testing.T) {
		entered, release := make(chan struct{}, 8), make(chan struct{})
		s, _ := serve(t, HTTPConfig{MaxConns: 2, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			entered <- struct{}{}
			<-release
			answerOK(w, r)
		})})
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if body, err := get(t.Context(), s.Addr()); err != nil || body != "ok" {
					t.Errorf("got %q, %v", body, err)
				}
			})
		}
		<-entered
		<-entered
		select {
		case <-entered:
			t.Error("a third request is served where two may be")
		case <-time.After(evictAfter + 200*time.Millisecond):
		}
		close(release)
		group.Wait()
	})
}

func TestHTTPProbe(t *testing.T) {
	t.Run("FailsBeforeOpen", func(t *testing.T) {
		if err := NewHTTP(HTTPConfig{}).Probe(t.Context()); err == nil {
			t.Error("no error")
		}
	})
	t.Run("FailsWhenNobodyServes", func(t *testing.T) {
		s := NewHTTP(HTTPConfig{Host: "127.0.0.1", Logger: quietLogger()})
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer s.Close(t.Context())
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := s.Probe(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	for _, host := range []string{"127.0.0.1", "0.0.0.0", "localhost"} {
		t.Run("PassesOn"+host, func(t *testing.T) {
			s := NewHTTP(HTTPConfig{Host: host, Handler: http.NotFoundHandler(), Logger: quietLogger()})
			if err := s.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			startReady(t, s)
			if err := s.Probe(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestServerLog(t *testing.T) {
	var book logbook
	log := newServerLog(book.logger())
	log.Print("http: panic serving 127.0.0.1:1: boom\ngoroutine 1 [running]:\nmain.main()")
	log.Print("http: superfluous response.WriteHeader call")
	lines := strings.Split(strings.TrimSpace(book.String()), "\n")
	want := []struct{ level, text string }{{"WARN", "boom"}, {"DEBUG", "goroutine"}, {"DEBUG", "superfluous"}}
	if len(lines) != len(want) {
		t.Fatalf("got %q", lines)
	}
	for i, w := range want {
		if !strings.Contains(lines[i], "level="+w.level) || !strings.Contains(lines[i], w.text) {
			t.Errorf("line %d: %s", i, lines[i])
		}
	}
}
