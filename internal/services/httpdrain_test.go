package services

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// hammer asks until the server has gone, and counts the answers. An error is a request that was lost although its
// connection had been made.
func hammer(addr string, keepAlive bool, answered *atomic.Int64) error {
	for {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return nil // the listener is closed: refused is not lost
		}
		if err := askAll(c, keepAlive, answered); err != nil {
			return err
		}
	}
}

// askAll sends requests over one connection until the server says that it closes it.
func askAll(c net.Conn, keepAlive bool, answered *atomic.Int64) error {
	defer c.Close()
	r := bufio.NewReader(c)
	header := "GET / HTTP/1.1\r\nHost: x\r\n"
	if !keepAlive {
		header += "Connection: close\r\n"
	}
	for {
		if _, err := io.WriteString(c, header+"\r\n"); err != nil {
			return fmt.Errorf("send: %w", err)
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "ok" {
			return fmt.Errorf("read body %q: %w", body, err)
		}
		answered.Add(1)
		if resp.Close {
			return nil
		}
	}
}

func TestHTTPDrain_LosesNoRequestUnderLoad(t *testing.T) {
	const clients = 32
	for _, keepAlive := range []bool{false, true} {
		t.Run(fmt.Sprintf("KeepAlive=%v", keepAlive), func(t *testing.T) {
			t.Parallel()
			for range 3 {
				var answered, asked atomic.Int64
				underLoad := make(chan struct{})
				s, run := serve(t, HTTPConfig{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if asked.Add(1) == 200 {
						close(underLoad)
					}
					answerOK(w, r)
				})})
				var group sync.WaitGroup
				errs := make(chan error, clients)
				for range clients {
					group.Go(func() { errs <- hammer(s.Addr(), keepAlive, &answered) })
				}
				<-underLoad
				if err := run.stop(); err != nil {
					t.Errorf("stop: %v", err)
				}
				group.Wait()
				for range clients {
					if err := <-errs; err != nil {
						t.Errorf("after %d answers: %v", answered.Load(), err)
					}
				}
			}
		})
	}
}

func TestHTTPDrain(t *testing.T) {
	const soon = 4 * time.Second // under the 5 s that the time limits alone would take; slow machines are no failure

	t.Run("ReportsRequestsThatAreCutOff", func(t *testing.T) {
		entered := make(chan struct{})
		s, run := serve(t, HTTPConfig{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			entered <- struct{}{}
			<-r.Context().Done() // it ends when its connection is cut, not before
		})})
		for range 2 {
			send(t, dial(t, s.Addr()), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			<-entered
		}
		run.cancel()
		select {
		case <-run.done:
			t.Fatalf("the stop does not wait for the requests: %v", run.err)
		case <-time.After(soon):
		}
		run.cut()
		if err := run.wait(); err == nil || !strings.Contains(err.Error(), "2 requests cut off") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("WaitsForASlowAnswer", func(t *testing.T) {
		entered, release := make(chan struct{}), make(chan struct{})
		s, run := serve(t, HTTPConfig{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(entered)
			<-release
			answerOK(w, r)
		})})
		c := dial(t, s.Addr())
		send(t, c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		<-entered
		run.cancel()
		<-time.After(briefly.patience + briefly.quiet) // longer than any connection that waits would be kept
		close(release)
		answer, err := io.ReadAll(c)
		if err != nil || !strings.HasSuffix(string(answer), "ok") {
			t.Errorf("got %q, %v", answer, err)
		}
		if err := run.wait(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})

	waiting := map[string]string{
		"SilentConnection":       "",
		"HalfSentHeader":         "GET / HTTP/1.1\r\nHost",
		"IdleConnection":         "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"HalfSentBody":           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
		"HalfSentSecondRequest":  "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /",
		"ExpectedBodyThatIsLate": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n",
	}
	for name, text := range waiting {
		t.Run(name+"DoesNotHoldItUp", func(t *testing.T) {
			s, run := serve(t, HTTPConfig{Handler: answerOK})
			send(t, dial(t, s.Addr()), text)
			if _, err := get(t.Context(), s.Addr()); err != nil { // the connection before has been accepted by now
				t.Fatal(err)
			}
			began := time.Now()
			if err := run.stop(); err != nil {
				t.Errorf("stop: %v", err)
			}
			if took := time.Since(began); took > soon {
				t.Errorf("the stop took %v", took)
			}
		})
	}

	t.Run("TricklingRequestDoesNotHoldItUp", func(t *testing.T) {
		s, run := serve(t, HTTPConfig{Handler: answerOK})
		c := dial(t, s.Addr())
		send(t, c, "GET / HTTP/1.1\r\nX: ")
		trickled := make(chan struct{})
		go func() {
			defer close(trickled)
			for {
				if _, err := io.WriteString(c, "x"); err != nil {
					return
				}
				<-time.After(20 * time.Millisecond)
			}
		}()
		began := time.Now()
		if err := run.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		if took := time.Since(began); took > soon {
			t.Errorf("the stop took %v", took)
		}
		<-trickled
	})

	t.Run("WithoutConnectionsIsQuick", func(t *testing.T) {
		_, run := serve(t, HTTPConfig{Handler: answerOK})
		began := time.Now()
		if err := run.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		if took := time.Since(began); took > soon {
			t.Errorf("the stop took %v", took)
		}
	})

	t.Run("DoesNotCancelARequest", func(t *testing.T) {
		entered, release := make(chan struct{}), make(chan struct{})
		cancelled := make(chan error, 1)
		s, run := serve(t, HTTPConfig{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(entered)
			<-release
			cancelled <- r.Context().Err()
		})})
		send(t, dial(t, s.Addr()), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		<-entered
		run.cancel()
		<-time.After(5 * sweepEvery)
		close(release)
		if err := <-cancelled; err != nil {
			t.Errorf("got %v", err)
		}
	})
}
