package supervisor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/thejerf/suture/v4"
)

// Options set up a Tree. The zero value is usable.
type Options struct {
	// Logger gets one line for each restart. Default: none.
	Logger *slog.Logger
	// OnFatal is told of a service that ended with a Fatal error after its first Ready; most programs call
	// Lifecycle.Shutdown in it. It runs in the goroutine of the service that ended. Stop does not
	// wait for it, so that it may call Stop. Default: the error is logged.
	OnFatal func(service string, err error)
	// Backoff is the restart policy.
	Backoff Backoff
	// Stable is how long a service has to be up to count as recovered. Default 10 s.
	Stable time.Duration
	// DownGrace is how long a service may go on failing before Probe fails; at least Stable. Default 1 min.
	DownGrace time.Duration
	// Optional tells of a service, by its name, that the program does its work without it: Alive and Probe hold nothing
	// against it. Default: none is.
	Optional func(service string) bool
	// Reserve is how much of the teardown's time each stage keeps for itself, whatever the stages before it do: half
	// for services to come back after their grace has ended, half for Close. Default: a twentieth of the whole, at most
	// 1 s. In any case all reserves together take at most half of the time.
	Reserve time.Duration
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Optional == nil {
		o.Optional = func(string) bool { return false }
	}
	def := func(d *time.Duration, value time.Duration) {
		if *d <= 0 {
			*d = value
		}
	}
	def(&o.Backoff.Min, 100*time.Millisecond)
	def(&o.Backoff.Max, 30*time.Second)
	def(&o.Stable, 10*time.Second)
	def(&o.DownGrace, time.Minute)
	o.DownGrace = max(o.DownGrace, o.Stable)
	return o
}

// Tree runs services in stages. Its methods are safe for concurrent use; stages are stopped in the reverse of the
// order in which their Start was called.
type Tree struct {
	opts   Options
	root   *suture.Supervisor
	cancel context.CancelFunc // ends root; called when all stages are down
	done   <-chan error       // from root

	closing   context.Context // ends when Stop begins
	endStarts context.CancelFunc
	once      sync.Once
	receipt   Receipt                 // of the first Stop
	progress  atomic.Pointer[Receipt] // of a Stop under way

	units atomic.Pointer[[]*unit] // of all stages, in the order of the start; replaced, never changed

	mu     sync.Mutex // held for bookkeeping only, never while anything is called
	stages []*stage
	alive  flight // a question to root
}

// NewTree returns a Tree without stages. It has a goroutine, which ends with Stop.
func NewTree(opts Options) *Tree {
	t := &Tree{opts: opts.withDefaults(), root: newSupervisor("root")}
	t.units.Store(new([]*unit))
	t.closing, t.endStarts = context.WithCancel(context.Background())
	var ctx context.Context
	// A context that nobody else can end, because suture stops everything at once when it ends.
	ctx, t.cancel = context.WithCancel(context.Background())
	t.done = t.root.ServeBackground(ctx)
	return t
}

// Start opens a stage, starts its services and returns once all of them are ready. When ctx ends first, or Stop begins,
// it returns at once, even if Open hangs. All errors are a *StartError. After an error the stage remains in the tree as
// far as it came, and Stop takes that down.
func (t *Tree) Start(ctx context.Context, def Stage) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(t.closing, func() { cancel(errStopping) })()

	err := t.start(ctx, def)
	if _, ok := errors.AsType[*StartError](err); err == nil || ok {
		return err
	}
	return &StartError{Stage: def.Name, Err: err}
}

func (t *Tree) start(ctx context.Context, def Stage) error {
	st, err := t.open(ctx, def)
	if err != nil {
		return err
	}
	if err := t.launch(st); err != nil {
		return err
	}
	if err := st.awaitReady(ctx); err != nil {
		return err
	}
	return t.markUp(st)
}

// open enters the stage in the tree and waits for its Open.
func (t *Tree) open(ctx context.Context, def Stage) (*stage, error) {
	st, err := t.enter(ctx, def)
	if err != nil {
		return nil, err
	}
	select {
	case <-st.open.done:
		return st, st.open.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// enter begins Open under the same lock that Stop takes to list the stages, so that a Stop either prevents an Open or
// knows of it.
func (t *Tree) enter(ctx context.Context, def Stage) (*stage, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.refusal(ctx); err != nil {
		return nil, err
	}
	for _, st := range t.stages {
		if st.def.Name == def.Name {
			return nil, fmt.Errorf("stage name %q is taken", def.Name)
		}
	}
	st := newStage(def)
	st.open = begin(ctx, def.Open)
	t.stages = append(t.stages, st)
	return st, nil
}

// refusal says why nothing can be started any more, or nil. The lock is held.
func (t *Tree) refusal(ctx context.Context) error {
	if t.closing.Err() != nil {
		return errStopping
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// launch hands the services to suture. A Stop in between finds their units, and closes the gates before suture comes.
func (t *Tree) launch(st *stage) error {
	units, err := st.build(&t.opts)
	if err != nil {
		return fmt.Errorf("make services: %w", err)
	}
	if err := t.adopt(st, units); err != nil || len(units) == 0 {
		return err
	}
	for _, u := range units {
		st.sup.Add(u)
	}
	t.root.Add(st.sup)
	return nil
}

func (t *Tree) adopt(st *stage, units []*unit) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closing.Err() != nil {
		return errStopping
	}
	known := *t.units.Load()
	if err := checkNames(known, units); err != nil {
		return err
	}
	all := append(slices.Clip(known), units...)
	t.units.Store(&all)
	st.units = units
	return nil
}

func (t *Tree) markUp(st *stage) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closing.Err() != nil {
		return errStopping
	}
	st.up = true
	return nil
}

// Snapshot lists all services in the order of the start. It takes no lock.
func (t *Tree) Snapshot() []Status {
	units := *t.units.Load()
	list := make([]Status, len(units))
	for i, u := range units {
		list[i] = *u.status.Load()
	}
	return list
}
