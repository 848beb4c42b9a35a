package httpapi

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
)

// clientError is an error that is meant for the client: its status and its text are the answer.
type clientError struct {
	status  int
	message string
	header  map[string]string // further headers of the answer
}

func (e *clientError) Error() string { return e.message }

var (
	errInternal = &clientError{status: http.StatusInternalServerError, message: "internal error"}
	errNotFound = &clientError{status: http.StatusNotFound, message: "no such path"}
	errDraining = &clientError{
		status:  http.StatusServiceUnavailable,
		message: "shutting down",
		header:  map[string]string{"Retry-After": "5"},
	}
)

// fail answers with err. What is not meant for the client is logged, and hidden from it.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	if known, ok := errors.AsType[*clientError](err); ok {
		writeError(w, r, known)
		return
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		writeError(w, r, &clientError{status: http.StatusRequestEntityTooLarge, message: tooLarge.Error()})
		return
	}
	a.cfg.Logger.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	writeError(w, r, errInternal)
}

func writeError(w http.ResponseWriter, r *http.Request, err *clientError) {
	for key, value := range err.header {
		w.Header().Set(key, value)
	}
	writeJSON(w, r, err.status, struct {
		Error string `json:"error"`
	}{err.message})
}

// unmatched is where a request goes that fits no row of the table: 405 if its path is there with other methods, else 404.
// chi would send a method that it does not know to 405 whatever the path.
func (a *API) unmatched(_ http.ResponseWriter, r *http.Request) error {
	path := r.URL.RawPath // chi matches this one where there is one
	if path == "" {
		path = r.URL.Path
	}
	var allow []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if a.router.Match(chi.NewRouteContext(), method, path) {
			allow = append(allow, method)
		}
	}
	if allow == nil {
		return errNotFound
	}
	return &clientError{
		status:  http.StatusMethodNotAllowed,
		message: "method not allowed",
		header:  map[string]string{"Allow": strings.Join(allow, ", ")},
	}
}
