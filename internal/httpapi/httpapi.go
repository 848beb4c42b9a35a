// Package httpapi answers the HTTP requests of the daemon: its health probes, and an error in JSON for everything else.
//
// What it tells it reads from one snapshot, Config.State, at each request; it waits for nothing and keeps nothing but a
// count of the requests inside. An API lives from New to the end of its HTTP server. Drain comes before that end: from
// then on only the probes are answered, everything else is turned away, and what is inside is awaited.
package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
)

// maxBody bounds the body of a request, in bytes. No route takes a large one.
const maxBody = 1 << 20

// Config is what an API is made of. All fields but Now are needed.
type Config struct {
	Version string
	Started time.Time // when the process started, for uptime_seconds

	// State returns the newest snapshot of the daemon. It is called at each probe and must not wait.
	State func() State
	// Alive returns nil if the process and its services live, whatever the state of the database. Its error is
	// logged, not sent.
	Alive func(context.Context) error

	Logger *slog.Logger
	Now    func() time.Time // time.Now if nil
}

func (c Config) validate() error {
	switch {
	case c.Version == "":
		return errors.New("httpapi: Version is empty")
	case c.Started.IsZero():
		return errors.New("httpapi: Started is zero")
	case c.State == nil:
		return errors.New("httpapi: State is nil")
	case c.Alive == nil:
		return errors.New("httpapi: Alive is nil")
	case c.Logger == nil:
		return errors.New("httpapi: Logger is nil")
	}
	return nil
}

// API is the handler of the daemon's HTTP server.
type API struct {
	cfg    Config
	router *chi.Mux
	gate   gate
}

// New returns an API. Its error names the field of cfg that is missing.
func New(cfg Config) (*API, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	a := &API{cfg: cfg}
	a.router = a.routes()
	return a, nil
}

// Drain turns new requests away, except for the probes, and returns when those inside have been answered. If ctx ends
// first, the error says how many are left.
func (a *API) Drain(ctx context.Context) error { return a.gate.drain(ctx) }

// ServeHTTP answers one request. A panic of a handler ends that request alone.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")

	rec := &recorder{ResponseWriter: w}
	started := a.cfg.Now()
	defer func() {
		if p := recover(); p != nil {
			a.panicked(rec, r, p)
		}
		if a.cfg.Logger.Enabled(r.Context(), slog.LevelDebug) {
			a.cfg.Logger.Debug("request answered", "method", r.Method, "path", r.URL.Path, "status", rec.status,
				"took", a.cfg.Now().Sub(started))
		}
	}()
	a.router.ServeHTTP(rec, r)
}
