package httpapi

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"vpo/internal/library"
)

// Health is the answer to GET /health.
type Health struct {
	Status       string
	Database     string
	Uptime       time.Duration
	Version      string
	ShuttingDown bool
	Checks       []Result
}

// Result is the outcome of one check in a Health.
type Result struct {
	Name    string
	Status  Status
	Message string
	Age     time.Duration // since it was found so
}

// The values of Health.Status and Health.Database.
const (
	healthy      = "healthy"
	degraded     = "degraded"
	unhealthy    = "unhealthy"
	connected    = "connected"
	disconnected = "disconnected"
)

// Healthy tells whether the answer is 200.
func (h Health) Healthy() bool { return h.Status == healthy }

// assess tells what a state means. It leaves Version and Uptime to its caller.
func assess(s State, now time.Time) Health {
	h := Health{
		Status:       healthy,
		Database:     connected,
		ShuttingDown: s.Phase == PhaseStopping || s.Phase == PhaseStopped,
		Checks:       make([]Result, 0, 2+len(s.Services)+len(s.Checks)),
	}
	h.add(checkPhase(s.Phase), now)
	database := checkDatabase(s.Database, s.DatabaseMaxAge, now)
	if database.Status == Fail {
		h.Database = disconnected
	}
	h.add(database, now)
	for _, svc := range s.Services {
		h.add(checkService(svc), now)
	}
	for _, c := range s.Checks {
		h.add(c, now)
	}
	if s.Phase != PhaseRunning {
		h.Status = unhealthy
	}
	return h
}

// add takes in a check. The first of a name stays, so that none can hide the database.
func (h *Health) add(c Check, now time.Time) {
	if slices.ContainsFunc(h.Checks, func(r Result) bool { return r.Name == c.Name }) {
		return
	}
	if c.Status != Pass && c.Status != Warn { // an outcome that nobody knows is no good news
		c.Status, h.Status = Fail, degraded
	}
	h.Checks = append(h.Checks, Result{c.Name, c.Status, c.Message, age(c.At, now)})
}

func checkPhase(p Phase) Check {
	if p == PhaseRunning {
		return Check{Name: "daemon", Status: Pass, Message: string(p)}
	}
	return Check{Name: "daemon", Status: Fail, Message: string(p)}
}

func checkService(s Service) Check {
	c := Check{Name: s.Name, Status: Pass, Message: s.State, At: s.Since}
	switch {
	case s.Up:
	case s.Vital:
		c.Status = Fail
	default:
		c.Status = Warn
	}
	if s.Restarts > 0 {
		c.Message += ", restarts: " + strconv.Itoa(s.Restarts)
	}
	return c
}

// checkDatabase never shows v.Cause: it may name paths.
func checkDatabase(v library.Verdict, maxAge time.Duration, now time.Time) Check {
	c := Check{Name: "database", Status: Fail, At: v.At}
	stale := age(v.At, now) > maxAge
	switch {
	case v.Fault != library.FaultNone && stale:
		c.Message = string(v.Fault) + "; " + tooOld(v, maxAge, now)
	case v.Fault != library.FaultNone:
		c.Message = string(v.Fault)
	case v.At.IsZero():
		c.Message = "database has not been checked so far"
	case stale:
		c.Message = tooOld(v, maxAge, now)
	default:
		c.Status, c.Message = Pass, connected
	}
	return c
}

func tooOld(v library.Verdict, maxAge time.Duration, now time.Time) string {
	const tenth = 100 * time.Millisecond
	old := (age(v.At, now) + tenth - 1).Truncate(tenth) // rounded up: it must not read as no more than maxAge
	return fmt.Sprintf("database check is %g s old (at most %g s)", old.Seconds(), maxAge.Seconds())
}

// age is how long ago at was: 0 if at is unknown or, after a step of the clock, in the future.
func age(at, now time.Time) time.Duration {
	if at.IsZero() {
		return 0
	}
	return max(0, now.Sub(at))
}
