package httpapi

import (
	"net/http"
	"runtime/debug"
)

// recorder remembers whether an answer was begun, and with which status.
type recorder struct {
	http.ResponseWriter
	status int // 0 until the header is written
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK { // an informational header may be followed by the real one
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the server's own writer.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// panicked logs p and answers 500. Where an answer was already begun it cannot be taken back: the connection is aborted
// then, so that the client does not take half an answer for a whole one.
func (a *API) panicked(rec *recorder, r *http.Request, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint // a handler panics with this very value
		panic(p)
	}
	a.cfg.Logger.Error("request handler panicked", "method", r.Method, "path", r.URL.Path, "panic", p)
	a.cfg.Logger.Debug("stack of the panic", "stack", string(debug.Stack()))
	if rec.status != 0 {
		panic(http.ErrAbortHandler)
	}
	writeError(rec, r, errInternal)
}
