package supervisor

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/thejerf/suture/v4"
)

// errRestart is all that suture is told of a failure. The real error stays here, since suture gives some errors a
// meaning of its own.
var errRestart = errors.New("restart")

// unit is the only thing that suture ever sees of a service. It holds the gate by which the service is stopped, keeps
// the books, and catches what suture drops: errors and panics during a stop.
type unit struct {
	svc    Service
	opts   *Options
	grace  context.Context
	first  chan<- firstWord // gets one word: at the first Ready, or when a run has ended before that
	gate   chan struct{}    // closed by closeGate: no run begins any more
	idle   chan struct{}    // closed when the gate is closed, and no run and no log line of one is under way
	status atomic.Pointer[Status]
	asked  flight // a question to the service, if it is a Prober

	mu      sync.Mutex         // never held while the service runs
	cancel  context.CancelFunc // ends the run under way; nil between runs
	closed  bool               // the gate is
	beenUp  bool               // has been ready, in this run or an earlier one
	over    bool               // failed, and is not to be restarted
	telling bool               // the log is being told of a failure; the unit is not idle before it was
	trouble trouble
	beatBy  time.Time // the promise of the run under way; zero is none
	ended   error     // what is to be told of the run that was told to stop
}

func newUnit(st *stage, svc Service, opts *Options) *unit {
	u := &unit{svc: svc, opts: opts, grace: st.grace, first: st.first,
		gate: make(chan struct{}), idle: make(chan struct{})}
	u.status.Store(&Status{Stage: st.def.Name, Service: svc.Name(), State: StateIdle, Since: time.Now()})
	return u
}

// String is the name that suture uses; without it suture would print the whole struct.
func (u *unit) String() string { return u.name() }

func (u *unit) name() string  { return u.status.Load().Service }
func (u *unit) stage() string { return u.status.Load().Stage }

// Serve is one run, after the pause that the failures before it call for. suture calls it again for each restart, and
// also, whatever it would have returned, after a Goexit: hence the checks in begin.
func (u *unit) Serve(ctx context.Context) (err error) {
	if !u.wait(ctx) {
		return suture.ErrDoNotRestart
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h, ok := u.begin(cancel)
	if !ok {
		return suture.ErrDoNotRestart
	}
	guard(
		func() error { return u.svc.Run(ctx, h) },
		func(outcome error) { err = u.end(outcome) },
	)
	return err
}

// wait holds the pause before a restart. It returns false when the service was told to stop meanwhile.
func (u *unit) wait(ctx context.Context) bool {
	u.mu.Lock()
	pause := u.trouble.pause
	u.mu.Unlock()
	if pause == 0 {
		return true
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-u.gate:
	case <-ctx.Done():
	}
	return false
}

// begin opens the books of a run; ok is false when there is to be none.
func (u *unit) begin(cancel context.CancelFunc) (h *handle, ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed || u.over {
		return nil, false
	}
	u.cancel = cancel
	next := *u.status.Load()
	next.State, next.Since = StateStarting, time.Now()
	next.Starts++
	u.status.Store(&next)
	return &handle{unit: u, run: next.Starts}, true
}

// end closes the books of a run, tells who has to know, and returns what suture is told. It tells after the lock is
// released, so that a slow log or hook holds up nothing but this service.
func (u *unit) end(err error) error {
	log := u.opts.Logger.With("service", u.name())
	outcome := err
	restart, err := u.book(outcome)
	logStack(log, outcome) // after the books are closed: a log that hangs must not hold up a stop
	switch {
	case restart:
		defer u.told()
		u.logRestart(log, err)
		return errRestart
	case isFatal(err):
		u.reportFatal(log, err)
	}
	return suture.ErrDoNotRestart
}

// book enters the end of a run. err comes back nil where there is nothing to be told: the start or the stop tells it.
func (u *unit) book(err error) (restart bool, _ error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.cancel, u.beatBy = nil, time.Time{}
	if u.closed {
		u.ended = lastWord(err, u.grace)
		u.enter(StateStopped, u.ended)
		close(u.idle)
		return false, nil
	}
	if err == nil {
		err = errEnded
	}
	if !u.beenUp {
		u.over = true
		u.enter(StateDown, err)
		u.first <- firstWord{u.name(), err}
		return false, nil
	}
	now := time.Now()
	if u.stable(now) {
		u.trouble = trouble{}
	}
	u.trouble.add(now, u.opts.Backoff)
	u.over = isFatal(err)
	u.telling = !u.over || u.opts.OnFatal == nil
	u.enter(StateDown, err)
	return !u.over, err
}

// told ends the telling of a failure. A stop that came meanwhile has waited for it, so that no program ends before its
// log has the line.
func (u *unit) told() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.telling = false
	if u.closed {
		u.enter(StateStopped, nil)
		close(u.idle)
	}
}

// stable tells whether the run under way has been up for long enough to count as recovered. The lock is held.
func (u *unit) stable(now time.Time) bool {
	s := u.status.Load()
	return s.State == StateUp && now.Sub(s.Since) >= u.opts.Stable
}

// enter publishes a new state, and err unless it is nil. The lock is held.
func (u *unit) enter(state State, err error) {
	next := *u.status.Load()
	next.State, next.Since = state, time.Now()
	if err != nil {
		next.LastErr = err
	}
	u.status.Store(&next)
}

func (u *unit) logRestart(log *slog.Logger, err error) {
	u.mu.Lock()
	pause, restarts := u.trouble.pause, u.status.Load().Starts
	u.mu.Unlock()
	log.Warn("service restarts", "error", err, "backoff", pause, "restarts", restarts)
}

func (u *unit) reportFatal(log *slog.Logger, err error) {
	if u.opts.OnFatal == nil {
		defer u.told()
		log.Error("service failed for good", "error", err)
		return
	}
	u.opts.OnFatal(u.name(), err)
}

// remark is what is to be told of the end of the run that was told to stop, or nil.
func (u *unit) remark() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.ended
}

// closeGate tells the service to stop. The caller waits for idle.
func (u *unit) closeGate() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return
	}
	u.closed = true
	close(u.gate)
	if u.telling {
		return
	}
	if u.cancel == nil {
		u.enter(StateStopped, nil)
		close(u.idle)
		return
	}
	u.enter(StateStopping, nil)
	u.cancel()
}
