package httpapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"vpo/internal/library"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// daemon is what an API under test tells about.
type daemon struct {
	mu    sync.Mutex
	state State
	alive error
	log   bytes.Buffer
}

func (d *daemon) config() Config {
	return Config{
		Version: "1.2.3",
		Started: testNow.Add(-90 * time.Second),
		State:   func() State { return d.state },
		Alive:   func(context.Context) error { return d.alive },
		Logger:  slog.New(slog.NewTextHandler(d, nil)),
		Now:     func() time.Time { return testNow },
	}
}

func (d *daemon) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.Write(p)
}

func (d *daemon) logged() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.String()
}

func newTestAPI(t *testing.T) (*daemon, *API) {
	t.Helper()
	d := &daemon{state: wellState()}
	a, err := New(d.config())
	if err != nil {
		t.Fatal(err)
	}
	return d, a
}

type answer struct {
	code   int
	header http.Header
	body   string
}

// ask sends a request over a real connection.
func ask(t *testing.T, h http.Handler, method, path string) answer {
	t.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func TestNew_NamesTheFieldThatIsMissing(t *testing.T) {
	drop := map[string]func(*Config){
		"Version": func(c *Config) { c.Version = "" },
		"Started": func(c *Config) { c.Started = time.Time{} },
		"State":   func(c *Config) { c.State = nil },
		"Alive":   func(c *Config) { c.Alive = nil },
		"Logger":  func(c *Config) { c.Logger = nil },
	}
	for field, drop := range drop {
		cfg := new(daemon).config()
		drop(&cfg)
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: got %v", field, err)
		}
	}
}

func TestErrors(t *testing.T) {
	_, a := newTestAPI(t)
	tests := []struct {
		name, method, path string
		code               int
		allow, body        string
	}{
		{"UnknownPathIsNotFound", "GET", "/nothing", 404, "", `{"error":"no such path"}`},
		{"UnknownPathIsNotFoundWhateverTheMethod", "BREW", "/nothing", 404, "", `{"error":"no such path"}`},
		{"RootIsNotFound", "GET", "/", 404, "", `{"error":"no such path"}`},
		{"PathBelowAProbeIsNotFound", "GET", "/health/x", 404, "", `{"error":"no such path"}`},
		{"EscapedPathIsNotFound", "GET", "/%2e%2e/%2fhealth", 404, "", `{"error":"no such path"}`},
		{"OtherMethodIsNotAllowed", "POST", "/health", 405, "GET, HEAD", `{"error":"method not allowed"}`},
		{"UnknownMethodIsNotAllowed", "BREW", "/livez", 405, "GET, HEAD", `{"error":"method not allowed"}`},
		{"OptionsIsNotAllowed", "OPTIONS", "/readyz", 405, "GET, HEAD", `{"error":"method not allowed"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ask(t, a, tt.method, tt.path)
			if got.code != tt.code || got.body != tt.body+"\n" || got.header.Get("Allow") != tt.allow {
				t.Errorf("got %d %q, Allow %q", got.code, got.body, got.header.Get("Allow"))
			}
			if got.header.Get("Content-Type") != "application/json" || got.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("header: %v", got.header)
			}
		})
	}
}

func TestHealth_FieldsAreExactlyThose(t *testing.T) {
	_, a := newTestAPI(t)
	got := ask(t, a, "GET", "/health")
	const want = `{"status":"healthy","database":"connected","uptime_seconds":90,"version":"1.2.3","shutting_down":false,"checks":{` +
		`"daemon":{"status":"pass","message":"running","age_seconds":0},` +
		`"database":{"status":"pass","message":"connected","age_seconds":1},` +
		`"http":{"status":"pass","message":"running","age_seconds":60},` +
		`"scanner":{"status":"pass","message":"running","age_seconds":60}}}` + "\n"
	if got.code != 200 || got.body != want {
		t.Errorf("got %d %s", got.code, got.body)
	}
	if got.header.Get("Content-Type") != "application/json" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("header: %v", got.header)
	}
}

func TestProbes(t *testing.T) {
	tests := []struct {
		name, path string
		change     func(*daemon)
		code       int
		body       string // "" is not compared
	}{
		{"DegradedHealthIs503", "/health", func(d *daemon) { d.state.Database.Fault = library.FaultLocked }, 503, ""},
		{"StoppingHealthIs503", "/health", func(d *daemon) { d.state.Phase = PhaseStopping }, 503, ""},
		{"DegradedIsNotReady", "/readyz", func(d *daemon) { d.state.Database.Fault = library.FaultLocked }, 503, "degraded\n"},
		{"StartingIsNotReady", "/readyz", func(d *daemon) { d.state.Phase = PhaseStarting }, 503, "unhealthy\n"},
		{"ReadyListsTheChecks", "/readyz?verbose", func(d *daemon) { d.state.Database.Fault = library.FaultLocked }, 503,
			"pass daemon: running (0.0 s)\nfail database: database is locked by another process (1.0 s)\n" +
				"pass http: running (60.0 s)\npass scanner: running (60.0 s)\nreadyz: degraded\n"},
		{"ReadyIsAWord", "/readyz", func(*daemon) {}, 200, "healthy\n"},
		{"DeadIs503WithoutTheReason", "/livez", func(d *daemon) { d.alive = errors.New("secret") }, 503, "not alive\n"},
		{"DeadListsTheCheck", "/livez?verbose", func(d *daemon) { d.alive = errors.New("secret") }, 503,
			"fail services: not alive (0.0 s)\nlivez: not alive\n"},
		{"SickDatabaseIsAlive", "/livez", func(d *daemon) { d.state.Database.Fault = library.FaultGone }, 200, "alive\n"},
		{"StoppingIsAlive", "/livez", func(d *daemon) { d.state.Phase = PhaseStopping }, 200, "alive\n"},
		{"AliveListsTheCheck", "/livez?verbose", func(*daemon) {}, 200, "pass services: alive (0.0 s)\nlivez: alive\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, a := newTestAPI(t)
			tt.change(d)
			got := ask(t, a, "GET", tt.path)
			if got.code != tt.code || (tt.body != "" && got.body != tt.body) {
				t.Errorf("got %d %q", got.code, got.body)
			}
			head := ask(t, a, "HEAD", tt.path)
			if head.code != got.code || head.body != "" {
				t.Errorf("HEAD: got %d %q", head.code, head.body)
			}
			for _, key := range []string{"Content-Length", "Content-Type", "Cache-Control"} {
				if head.header.Get(key) != got.header.Get(key) || got.header.Get(key) == "" {
					t.Errorf("%s: HEAD %q, GET %q", key, head.header.Get(key), got.header.Get(key))
				}
			}
			if logged := d.logged(); logged != "" {
				t.Errorf("logged: %s", logged)
			}
		})
	}
}

func TestLivez_HungSignOfLifeIsDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := new(daemon).config()
		cfg.Alive = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		a, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		a.ServeHTTP(w, httptest.NewRequest("GET", "/livez", nil))
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("got %d", w.Code)
		}
	})
}
