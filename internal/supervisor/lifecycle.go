package supervisor

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Phase is where a program stands between its start and its end. It only moves forward.
type Phase int32

// The phases of a program.
const (
	Starting Phase = iota
	Running
	Stopping
	Stopped
)

var phaseNames = [...]string{"starting", "running", "stopping", "stopped"}

// String returns the name of the phase: starting, running, stopping or stopped.
func (p Phase) String() string { return nameOf(phaseNames[:], int(p)) }

// Cause is why a program ends. It is an error, so that context.Cause of Lifecycle.Stopping can carry it.
type Cause struct {
	Reason string // for logs, as in "received SIGTERM"
	Err    error  // nil for a stop that was asked for; otherwise the program failed, and its exit code is 1
	Code   int    // exit code of a stop that was asked for and was cut short, unclean, or earlier than the end of the start
}

// Error returns the reason and the error, as far as they are there.
func (c Cause) Error() string {
	switch {
	case c.Err == nil:
		return c.Reason
	case c.Reason == "":
		return c.Err.Error()
	}
	return c.Reason + ": " + c.Err.Error()
}

// Unwrap returns Err.
func (c Cause) Unwrap() error { return c.Err }

// Lifecycle holds the phase of a program, the one cause of its end, and what the exit code follows from. It is safe for
// concurrent use, and nothing that it does waits.
type Lifecycle struct {
	phase    atomic.Int32 // written under mu
	stopping context.Context
	stop     context.CancelCauseFunc
	forced   context.Context
	force    context.CancelCauseFunc

	mu    sync.Mutex
	cause *Cause // of the first Shutdown
	ran   bool   // MarkRunning came before the cause
	cut   bool
}

// NewLifecycle returns a Lifecycle in phase Starting.
func NewLifecycle() *Lifecycle {
	l := &Lifecycle{}
	l.stopping, l.stop = context.WithCancelCause(context.Background())
	l.forced, l.force = context.WithCancelCause(context.Background())
	return l
}

// Shutdown asks for the end of the program. The first cause wins: it moves the phase to Stopping at once and ends the
// context Stopping. Later causes change nothing, and Shutdown returns false.
func (l *Lifecycle) Shutdown(c Cause) (first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil || l.Phase() == Stopped {
		return false
	}
	l.cause = &c
	l.phase.Store(int32(Stopping))
	l.stop(c)
	return true
}

// CutShort ends the context Forced: the teardown that is under way leaves behind what it would wait for. Before a
// Shutdown and after MarkStopped there is no teardown, and it does nothing.
func (l *Lifecycle) CutShort(reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Phase() != Stopping {
		return
	}
	l.cut = true
	l.force(errors.New(reason))
}

// MarkRunning tells that the start has finished. It returns false, and changes nothing, when a shutdown came first.
func (l *Lifecycle) MarkRunning() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Phase() != Starting {
		return false
	}
	l.ran = true
	l.phase.Store(int32(Running))
	return true
}

// MarkStopped tells that the teardown has finished.
func (l *Lifecycle) MarkStopped() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.phase.Store(int32(Stopped))
}

// Phase returns the phase, without taking a lock.
func (l *Lifecycle) Phase() Phase { return Phase(l.phase.Load()) }

// Stopping returns a context that ends at Shutdown, with the Cause as its context.Cause.
func (l *Lifecycle) Stopping() context.Context { return l.stopping }

// Forced returns a context that ends at CutShort, with the reason as its context.Cause.
func (l *Lifecycle) Forced() context.Context { return l.forced }

// Cause returns the cause of the shutdown; ok is false while there is none.
func (l *Lifecycle) Cause() (c Cause, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause == nil {
		return Cause{}, false
	}
	return *l.cause, true
}

// ExitCode returns the exit code that follows from the cause and the outcome; clean is Receipt.Clean. A failure is 1.
// A stop that was asked for is 0 if it was clean, was not cut short, and came after the start had finished; otherwise
// it is the Code of the cause, or 1 where that is 0. Without a cause clean alone decides between 0 and 1.
func (l *Lifecycle) ExitCode(clean bool) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.cause == nil && clean:
		return 0
	case l.cause == nil || l.cause.Err != nil:
		return 1
	case clean && l.ran && !l.cut:
		return 0
	}
	return cmp.Or(l.cause.Code, 1)
}
