package httpapi

import (
	"time"

	"vpo/internal/library"
)

// Phase is where the daemon is in its life.
type Phase string

// The phases, in their order.
const (
	PhaseStarting Phase = "starting"
	PhaseRunning  Phase = "running"
	PhaseStopping Phase = "stopping"
	PhaseStopped  Phase = "stopped"
)

// State is a snapshot of the daemon, from which the probes are answered.
type State struct {
	Phase          Phase
	Database       library.Verdict // the newest finished check; zero if none has finished
	DatabaseMaxAge time.Duration   // an older check counts as failed
	Services       []Service
	Checks         []Check // whatever else is to be told
}

// Service is a service of the daemon, as a snapshot has it.
type Service struct {
	Name     string
	State    string // for people: "running", "restarting"
	Up       bool
	Vital    bool      // the daemon is degraded while it is down
	Since    time.Time // of State
	Restarts int
}

// Status is the outcome of a check.
type Status string

// The outcomes. Fail makes the daemon degraded, Warn is only told.
const (
	Pass Status = "pass"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Check is one reason of a verdict. Its texts go to anybody who asks: they must carry no path, no secret and no SQL.
type Check struct {
	Name    string // unique; "daemon", "database" and the names of the services are taken
	Status  Status
	Message string
	At      time.Time // when it was found so; zero if it is known at this moment
}
