package httpapi

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// with adds a route to an API under test.
func with(a *API, handle handler) {
	a.router.Method("POST", "/test", a.answer(route{handle: handle}))
}

func TestPanic_IsAnsweredAndLoggedOnce(t *testing.T) {
	d, a := newTestAPI(t)
	with(a, func(http.ResponseWriter, *http.Request) error { panic("boom") })
	srv := httptest.NewServer(a)
	defer srv.Close()
	for range 2 { // the second time over the same connection
		resp, err := srv.Client().Post(srv.URL+"/test", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 500 || string(body) != `{"error":"internal error"}`+"\n" || resp.Close {
			t.Errorf("got %d %q, close %v", resp.StatusCode, body, resp.Close)
		}
	}
	logged := d.logged()
	if strings.Count(logged, "\n") != 2 || strings.Count(logged, "panic=boom") != 2 || strings.Contains(logged, "goroutine") {
		t.Errorf("logged: %s", logged)
	}
}

func TestPanic_AfterTheHeaderAbortsTheConnection(t *testing.T) {
	d, a := newTestAPI(t)
	with(a, func(w http.ResponseWriter, _ *http.Request) error {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic("boom")
	})
	srv := httptest.NewServer(a)
	defer srv.Close()
	resp, err := srv.Client().Post(srv.URL+"/test", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q, %v: half an answer reads as a whole one", body, err)
	}
	if logged := d.logged(); strings.Count(logged, "panicked") != 1 {
		t.Errorf("logged: %s", logged)
	}
}

func TestFail_HidesAndLogsTheInside(t *testing.T) {
	d, a := newTestAPI(t)
	with(a, func(http.ResponseWriter, *http.Request) error { return errors.New("open /home/somebody") })
	got := ask(t, a, "POST", "/test")
	if got.code != 500 || got.body != `{"error":"internal error"}`+"\n" {
		t.Errorf("got %d %q", got.code, got.body)
	}
	if logged := d.logged(); !strings.Contains(logged, "somebody") {
		t.Errorf("logged: %s", logged)
	}
}

func TestBody_TooLargeIsRefused(t *testing.T) {
	_, a := newTestAPI(t)
	with(a, func(_ http.ResponseWriter, r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return err
	})
	srv := httptest.NewServer(a)
	defer srv.Close()
	for size, want := range map[int]int{maxBody: 200, maxBody + 1: 413} {
		resp, err := srv.Client().Post(srv.URL+"/test", "", strings.NewReader(strings.Repeat("x", size)))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%d bytes: got %d, want %d", size, resp.StatusCode, want)
		}
	}
}
