package supervisor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/thejerf/suture/v4"
)

// Stage is a group of services and what they share. Any of its functions may be nil. They run in the order of the
// fields, and a panic in one is its error.
type Stage struct {
	// Name identifies the stage in errors and in the receipt. It is unique in its tree.
	Name string
	// Open acquires what the services need: opens the database, binds the port. An error fails the start, and Open has
	// released then what it had acquired. Its context ends when Start returns.
	Open func(context.Context) error
	// Services makes the services. It is called after Open.
	Services func() []Service
	// Drain lets no new work in and waits for the work under way. The drains of all stages run at the same time, before
	// any service is told to stop. It is not called for a stage whose start has not succeeded.
	Drain func(context.Context) error
	// Close releases what Open acquired, after the services have stopped or were left behind. It is called exactly if
	// Open succeeded, and never before Open has returned.
	Close func(context.Context) error
}

// sweepTimeout is what suture's own stop may take. By then all services have stopped, or are stuck and known.
const sweepTimeout = 5 * time.Millisecond

// newSupervisor returns a suture supervisor that restarts at once, always: the pauses belong to the units, since those
// of suture would hold up all services of a supervisor. The hook is empty because the units have told everything
// already, where suture could be held up by a slow log; and it must be set, or suture prints.
func newSupervisor(name string) *suture.Supervisor {
	return suture.New(name, suture.Spec{
		EventHook:        func(suture.Event) {},
		FailureThreshold: math.Inf(1),
		Timeout:          sweepTimeout,
	})
}

// firstWord is the outcome of the first run of a service: nil when it became ready, else why it ended before that.
type firstWord struct {
	service string
	err     error
}

// stage is a Stage in a tree.
type stage struct {
	def      Stage
	open     *call
	sup      *suture.Supervisor
	grace    context.Context
	endGrace context.CancelCauseFunc

	units []*unit        // written under the lock of the tree, by launch
	first chan firstWord // one from each unit; never blocks a unit
	alive flight         // a question to sup
	up    bool           // its start has succeeded; under the lock of the tree
}

func newStage(def Stage) *stage {
	st := &stage{def: def, sup: newSupervisor(def.Name)}
	st.grace, st.endGrace = context.WithCancelCause(context.Background())
	return st
}

// build makes the units of the services.
func (st *stage) build(opts *Options) (units []*unit, err error) {
	if st.def.Services == nil {
		return nil, nil
	}
	guard(func() error {
		services := st.def.Services()
		st.first = make(chan firstWord, len(services))
		for _, svc := range services {
			units = append(units, newUnit(st, svc, opts))
		}
		return nil
	}, func(outcome error) { err = outcome })
	return units, err
}

// awaitReady returns nil once every service has been ready.
func (st *stage) awaitReady(ctx context.Context) error {
	for range st.units {
		select {
		case w := <-st.first:
			if w.err != nil {
				return &StartError{Stage: st.def.Name, Service: w.service, Err: w.err}
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// checkNames refuses services that logs and snapshots could not tell apart.
func checkNames(known, added []*unit) error {
	seen := make(map[string]string)
	for _, u := range known {
		seen[u.name()] = u.stage()
	}
	for _, u := range added {
		if u.name() == "" {
			return errors.New("a service has no name")
		}
		if stage, ok := seen[u.name()]; ok {
			return fmt.Errorf("service name %q is taken in stage %s", u.name(), stage)
		}
		seen[u.name()] = u.stage()
	}
	return nil
}
