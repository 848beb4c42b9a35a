package supervisor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/thejerf/suture/v4"
)

var (
	errNoAnswer = errors.New("does not answer")
	errGone     = errors.New("has ended")
)

// Prober is a Service that can show, beyond being in Run, that it still works. Probe calls it while the service is up,
// never twice at the same time.
type Prober interface {
	Probe(ctx context.Context) error
}

// Alive tells whether the tree is alive, nil for yes: no service has been failing for longer than DownGrace or has
// broken a promise of Handle.Beat, and the loop of every supervisor answers. It asks no Prober, so that what answers
// a Prober may call it. Services that are optional or being stopped are not judged; after Stop the answer is an error. ctx should
// have a deadline: it is how long a loop may take.
func (t *Tree) Alive(ctx context.Context) error {
	for _, u := range *t.units.Load() {
		if t.opts.Optional(u.name()) {
			continue
		}
		if err := u.complaint(time.Now()); err != nil {
			return fmt.Errorf("%s %w", u.name(), err)
		}
	}
	return t.probeLoops(ctx)
}

// Probe tells what Alive tells, and then asks every service that is up and a Prober; all of them have to pass. A
// Prober must not call it. ctx should have a deadline: it is how long a loop or a Prober may take.
func (t *Tree) Probe(ctx context.Context) error {
	if err := t.Alive(ctx); err != nil {
		return err
	}
	for _, u := range *t.units.Load() {
		if err := u.probe(ctx); err != nil {
			return fmt.Errorf("probe %s: %w", u.name(), err)
		}
	}
	return nil
}

func (t *Tree) probeLoops(ctx context.Context) error {
	if err := t.alive.do(ctx, answers(t.root)); err != nil {
		return fmt.Errorf("supervisor root %w", err)
	}
	for _, st := range t.served() {
		if err := st.alive.do(ctx, answers(st.sup)); err != nil {
			return fmt.Errorf("supervisor %s %w", st.def.Name, err)
		}
	}
	return nil
}

// served lists the stages whose supervisor is known to run.
func (t *Tree) served() (stages []*stage) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, st := range t.stages {
		if st.up && len(st.units) > 0 {
			stages = append(stages, st)
		}
	}
	return stages
}

// answers asks the loop of a supervisor for its services. The list of one that does not run is nil.
func answers(s *suture.Supervisor) func(context.Context) error {
	return func(context.Context) error {
		if s.Services() == nil {
			return errGone
		}
		return nil
	}
}

// complaint is what the books say against a service, or nil.
func (u *unit) complaint(now time.Time) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return nil
	}
	failing := now.Sub(u.trouble.since)
	if u.trouble.failures > 0 && !u.stable(now) && failing > u.opts.DownGrace {
		return fmt.Errorf("has been failing for %v: %w", failing.Round(time.Millisecond), u.status.Load().LastErr)
	}
	if !u.beatBy.IsZero() && now.After(u.beatBy) {
		return fmt.Errorf("is silent: its beat is overdue by %v", now.Sub(u.beatBy).Round(time.Millisecond))
	}
	return nil
}

// probe asks the service itself, where it can be asked.
func (u *unit) probe(ctx context.Context) error {
	p, ok := u.svc.(Prober)
	if !ok || u.status.Load().State != StateUp {
		return nil
	}
	return u.asked.do(ctx, p.Probe)
}

// flight runs a function that may hang, one call at a time, so that what hangs does not pile up.
type flight struct {
	mu   sync.Mutex
	last *call
}

// do calls f when no earlier call is under way any more, and waits for its outcome or the end of ctx.
func (g *flight) do(ctx context.Context, f func(context.Context) error) error {
	for {
		c, mine := g.join(ctx, f)
		select {
		case <-c.done:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", errNoAnswer, context.Cause(ctx))
		}
		if mine {
			return c.err
		}
	}
}

func (g *flight) join(ctx context.Context, f func(context.Context) error) (c *call, mine bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.last == nil || closed(g.last.done) {
		g.last, mine = begin(ctx, f), true
	}
	return g.last, mine
}
