package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// aliveTimeout is how long /livez waits for a sign of life.
const aliveTimeout = 2 * time.Second

// Health returns what GET /health answers at this moment.
func (a *API) Health() Health {
	h, _ := a.assess()
	return h
}

func (a *API) assess() (Health, int) {
	now := a.cfg.Now()
	h := assess(a.cfg.State(), now)
	h.Version = a.cfg.Version
	h.Uptime = age(a.cfg.Started, now)
	if !h.Healthy() {
		return h, http.StatusServiceUnavailable
	}
	return h, http.StatusOK
}

// health answers GET /health.
func (a *API) health(w http.ResponseWriter, r *http.Request) error {
	h, code := a.assess()
	body := make([]byte, 0, 256+96*len(h.Checks))
	write(w, r, code, contentJSON, append(h.appendJSON(body), '\n'))
	return nil
}

// readyz answers GET /readyz: the verdict of /health in a word, and its checks as text with ?verbose.
func (a *API) readyz(w http.ResponseWriter, r *http.Request) error {
	h, code := a.assess()
	text := h.Status + "\n"
	if r.URL.Query().Has("verbose") {
		text = list(h.Checks) + "readyz: " + text
	}
	writeText(w, r, code, text)
	return nil
}

// livez answers GET /livez: does the process live? A sick database is no reason to kill it.
func (a *API) livez(w http.ResponseWriter, r *http.Request) error {
	text, status, code := "alive\n", Pass, http.StatusOK
	ctx, cancel := context.WithTimeout(r.Context(), aliveTimeout)
	defer cancel()
	if err := a.cfg.Alive(ctx); err != nil {
		a.cfg.Logger.Debug("not alive", "error", err)
		text, status, code = "not alive\n", Fail, http.StatusServiceUnavailable
	}
	if r.URL.Query().Has("verbose") {
		text = list([]Result{{Name: "services", Status: status, Message: strings.TrimSpace(text)}}) + "livez: " + text
	}
	writeText(w, r, code, text)
	return nil
}

// list renders checks as text, a line each.
func list(checks []Result) string {
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "%s %s: %s (%.1f s)\n", c.Status, c.Name, c.Message, c.Age.Seconds())
	}
	return b.String()
}
