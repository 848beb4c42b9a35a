package httpapi

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

// discard is an http.ResponseWriter that costs nothing itself.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

func benchmarkAPI(b *testing.B) *API {
	d := &daemon{state: wellState()}
	cfg := d.config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	a, err := New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

func BenchmarkHandler(b *testing.B) {
	constant := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })
	for name, h := range map[string]http.Handler{"Constant": constant, "Health": benchmarkAPI(b)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest("GET", "/health", nil)
			w := &discard{make(http.Header)}
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
		})
	}
}

// BenchmarkServer compares over a real connection, where the handler is the smaller part.
func BenchmarkServer(b *testing.B) {
	constant := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })
	for name, h := range map[string]http.Handler{"Constant": constant, "Health": benchmarkAPI(b)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			srv := httptest.NewServer(h)
			defer srv.Close()
			for b.Loop() {
				resp, err := srv.Client().Get(srv.URL + "/health")
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
}
