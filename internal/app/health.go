package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"vpo/internal/config"
)

// maxHealthBody bounds what AskHealth reads of an answer, in bytes: whatever listens there may not be vpo.
const maxHealthBody = 1 << 20

// Health is a daemon's answer to GET /health.
type Health struct {
	Healthy bool
	Status  string
	Checks  map[string]struct {
		Status  string
		Message string
	}
	JSON []byte // the answer as it came
}

// AskHealth asks the daemon that the settings describe. An error means that there was no answer that could be
// understood; its text says what to do.
func AskHealth(ctx context.Context, server config.ServerConfig, timeout time.Duration) (Health, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	address := net.JoinHostPort(reachable(server.Bind), strconv.Itoa(server.Port))
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/health", nil)
	if err != nil {
		return Health{}, fmt.Errorf("ask %s for its health: %w", address, err)
	}
	transport := &http.Transport{DisableKeepAlives: true} // no proxy: the daemon is asked, and nobody in between
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return Health{}, fmt.Errorf("no daemon listens on %s: start one with 'vpo serve', or name its port with --port", address)
	case errors.Is(err, context.DeadlineExceeded):
		return Health{}, fmt.Errorf("no answer from %s within %v", address, timeout)
	case err != nil:
		return Health{}, fmt.Errorf("ask %s for its health: %w", address, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxHealthBody))
	if err != nil {
		return Health{}, fmt.Errorf("read the answer of %s: %w", address, err)
	}
	health := Health{JSON: body}
	if err := json.Unmarshal(body, &health); err != nil || health.Status == "" {
		return Health{}, fmt.Errorf("what answers on %s is no vpo daemon (%s): name its port with --port", address, response.Status)
	}
	health.Healthy = response.StatusCode == http.StatusOK
	return health, nil
}

// reachable is the address at which a daemon that listens on bind can be asked.
func reachable(bind string) string {
	ip := net.ParseIP(bind)
	switch {
	case ip == nil || !ip.IsUnspecified():
		return bind
	case ip.To4() != nil:
		return "127.0.0.1"
	}
	return "::1"
}

// String is the status, and a line for each check that is not well.
func (h Health) String() string {
	var b strings.Builder
	b.WriteString(h.Status)
	names := make([]string, 0, len(h.Checks))
	for name, check := range h.Checks {
		if check.Status != "pass" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "\n  %s: %s", name, cmp.Or(h.Checks[name].Message, h.Checks[name].Status))
	}
	return b.String()
}
