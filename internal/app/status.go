package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vpo/internal/httpapi"
	"vpo/internal/services"
	"vpo/internal/supervisor"
)

// stand is how the daemon is at this moment, for systemd. It waits for nothing.
func (s *server) stand() services.Stand {
	stand := services.Stand{Line: s.line()}
	switch s.life.Phase() {
	case supervisor.Starting:
		stand.Starting = time.Since(s.began)
	case supervisor.Running:
		stand.Healthy = s.api.Health().Healthy()
		if since := s.since.Load(); since != nil {
			stand.Running = max(1, time.Since(*since))
		}
	case supervisor.Stopping:
		if until := s.until.Load(); until != nil {
			stand.Stopping = max(0, time.Until(*until))
		}
	}
	return stand
}

// line is what systemctl status shows of the daemon: what it does, where, with what, and what is wrong.
func (s *server) line() string {
	switch s.life.Phase() {
	case supervisor.Starting:
		if step := s.step.Load(); step != nil {
			return "starting: " + *step
		}
		return "starting"
	case supervisor.Running:
		return s.runningLine()
	case supervisor.Stopping:
		return s.stoppingLine()
	}
	return "stopped"
}

func (s *server) runningLine() string {
	parts := []string{"serving on " + s.http.Addr()}
	if h := s.api.Health(); !h.Healthy() {
		parts = append([]string{"degraded: " + complaints(h)}, parts...)
	}
	if tally := s.database.census.Tally(); tally.Known {
		parts = append(parts, describe(tally))
	}
	if config := s.reloader.known.Load().String(); config != "" {
		parts = append(parts, config)
	}
	if unclean := s.database.unclean.Load(); unclean != nil {
		parts = append(parts, unclean.String())
	}
	return strings.Join(parts, "; ")
}

// complaints are the messages of the checks that fail.
func complaints(h httpapi.Health) string {
	var all []string
	for _, check := range h.Checks {
		if check.Status == httpapi.Fail && !slices.Contains(all, check.Message) {
			all = append(all, check.Message)
		}
	}
	return strings.Join(all, ", ")
}

func describe(t services.Tally) string {
	files := fmt.Sprintf("%d files", t.Files)
	if t.Files == 1 {
		files = "1 file"
	}
	if scanned, err := time.Parse(time.RFC3339Nano, t.LastScan); err == nil {
		return files + ", last scan " + scanned.UTC().Format("2006-01-02 15:04 MST")
	}
	return files + ", no scan so far"
}

// stoppingLine says why the daemon stops and how far that has come.
func (s *server) stoppingLine() string {
	cause, _ := s.life.Cause()
	line := "stopping"
	if cause.Reason != "" {
		line += ": " + cause.Reason
	}
	var down []string
	for _, stage := range s.tree.Progress().Stages {
		down = append(down, stage.Stage)
	}
	if len(down) > 0 {
		line += "; down so far: " + strings.Join(down, ", ")
	}
	return line
}

// lastWord is the status of a process that is about to end: systemd keeps it until the next start.
func (s *server) lastWord(receipt supervisor.Receipt) {
	cause, _ := s.life.Cause()
	names := receipt.Abandoned()
	switch {
	case cause.Err != nil: // Serve tells it
	case receipt.Clean() && receipt.CutShort == "":
		s.notifier.Status("stopped cleanly: " + cause.Reason)
	case len(names) > 0:
		s.notifier.Status("stopped, and had to abandon " + strings.Join(names, ", "))
	default:
		s.notifier.Status("stopped uncleanly: " + cause.Reason + ", " + receipt.CutShort)
	}
}

// state is the snapshot for the probes. It waits for nothing.
func (s *server) state() httpapi.State {
	statuses := s.tree.Snapshot()
	state := httpapi.State{
		Phase:          httpapi.Phase(s.life.Phase().String()),
		Database:       s.database.verdict(),
		DatabaseMaxAge: s.database.maxAge(),
		Services:       make([]httpapi.Service, len(statuses)),
	}
	for i, status := range statuses {
		state.Services[i] = httpapi.Service{
			Name: status.Service, State: status.State.String(), Up: status.State == supervisor.StateUp,
			Vital: s.vital(status.Service), Since: status.Since, Restarts: max(0, status.Starts-1),
		}
	}
	state.Checks = append(state.Checks, s.reloader.known.Load().check())
	if check, ok := s.database.uncleanCheck(); ok {
		state.Checks = append(state.Checks, check)
	}
	return state
}

// vital tells whether the daemon is degraded while a service is down. What serves systemd and vpo reload is not.
func (s *server) vital(service string) bool {
	switch service {
	case s.watchdog.Name(), s.herald.Name(), s.database.census.Name(), s.control.Name():
		return false
	}
	return true
}
