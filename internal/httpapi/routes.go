package httpapi

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// route is one row of the table of routes.
type route struct {
	methods []string
	pattern string
	probe   bool // is answered even while the API drains
	handle  handler
}

// handler answers a request, or returns the error that is to be the answer.
type handler func(http.ResponseWriter, *http.Request) error

func (a *API) table() []route {
	read := []string{http.MethodGet, http.MethodHead}
	return []route{
		{read, "/health", true, a.health},
		{read, "/livez", true, a.livez},
		{read, "/readyz", true, a.readyz},
	}
}

func (a *API) routes() *chi.Mux {
	mux := chi.NewRouter()
	for _, rt := range a.table() {
		for _, method := range rt.methods {
			mux.Method(method, rt.pattern, a.answer(rt))
		}
	}
	unmatched := a.answer(route{handle: a.unmatched})
	mux.NotFound(unmatched)
	mux.MethodNotAllowed(unmatched)
	return mux
}

// answer makes an http.Handler of a route: behind the gate unless it is a probe, and with its error as the answer.
func (a *API) answer(rt route) http.HandlerFunc {
	handle := rt.handle
	if !rt.probe {
		handle = a.gate.guard(handle)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if err := handle(w, r); err != nil {
			a.fail(w, r, err)
		}
	}
}
