package supervisor

import (
	"context"
	"time"
)

// handle belongs to one run of a unit.
type handle struct {
	unit *unit
	run  int // Status.Starts of the run
}

// Ready implements Handle.
func (h *handle) Ready() {
	u := h.unit
	u.mu.Lock()
	defer u.mu.Unlock()
	if !h.current() || u.status.Load().State != StateStarting {
		return
	}
	u.enter(StateUp, nil)
	if !u.beenUp {
		u.beenUp = true
		u.first <- firstWord{service: u.name()}
	}
}

// Grace implements Handle.
func (h *handle) Grace() context.Context { return h.unit.grace }

// Beat implements Handle.
func (h *handle) Beat(d time.Duration) {
	u := h.unit
	u.mu.Lock()
	defer u.mu.Unlock()
	if h.current() {
		u.beatBy = time.Now().Add(d)
	}
}

// current tells whether the run is the one that is under way. The lock is held.
func (h *handle) current() bool {
	return h.unit.cancel != nil && h.unit.status.Load().Starts == h.run
}
