package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestDrain(t *testing.T) {
	t.Run("SaysHowManyAreLeft", func(t *testing.T) {
		_, a := newTestAPI(t)
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			with(a, func(http.ResponseWriter, *http.Request) error { <-release; return nil })
			var requests sync.WaitGroup
			for range 3 {
				requests.Go(func() { a.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/test", nil)) })
			}
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := a.Drain(ctx); err == nil || !strings.Contains(err.Error(), "3 requests") {
				t.Errorf("got %v", err)
			}
			time.AfterFunc(time.Minute, func() { close(release) })
			if err := a.Drain(t.Context()); err != nil {
				t.Errorf("second drain: %v", err)
			}
			requests.Wait()
		})
	})
	t.Run("TurnsNewRequestsAwayButNotTheProbes", func(t *testing.T) {
		_, a := newTestAPI(t)
		if err := a.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := ask(t, a, "GET", "/nothing")
		if got.code != 503 || got.header.Get("Retry-After") != "5" || got.body != `{"error":"shutting down"}`+"\n" {
			t.Errorf("got %d %v %q", got.code, got.header, got.body)
		}
		for _, path := range []string{"/health", "/livez", "/readyz"} {
			if got := ask(t, a, "GET", path); got.code != 200 {
				t.Errorf("%s: got %d", path, got.code)
			}
		}
	})
	t.Run("CountsRequestsThatPanic", func(t *testing.T) {
		_, a := newTestAPI(t)
		with(a, func(http.ResponseWriter, *http.Request) error { panic("boom") })
		ask(t, a, "POST", "/test")
		if err := a.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("LosesNoRequestInARace", func(t *testing.T) {
		for range 200 {
			var g gate
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() {
					if g.enter() {
						g.leave()
					}
				})
			}
			if err := g.drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if g.enter() {
				t.Fatal("a drained gate lets a request in")
			}
			group.Wait()
		}
	})
}
