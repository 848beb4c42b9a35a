package supervisor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
)

var (
	errGoexit    = errors.New("runtime.Goexit called")
	errEnded     = errors.New("ended by itself")
	errStopping  = errors.New("the tree is being stopped")
	errCut       = errors.New("the teardown was cut short")
	errSpent     = errors.New("the share of the teardown is spent")
	errSkipped   = errors.New("skipped, no time was left")
	errNotInTime = errors.New("did not return in time")
)

// Fatal marks err as one that a restart cannot mend. A service that ends with it after its first Ready is not
// restarted but reported to Options.OnFatal. Fatal(nil) is nil.
func Fatal(err error) error {
	if err == nil {
		return nil
	}
	return &fatalError{err}
}

type fatalError struct{ err error }

func (e *fatalError) Error() string { return e.err.Error() }
func (e *fatalError) Unwrap() error { return e.err }

func isFatal(err error) bool {
	_, ok := errors.AsType[*fatalError](err)
	return ok
}

// StartError says what kept a stage from starting.
type StartError struct {
	Stage   string
	Service string // empty where the stage itself failed, as in Open
	Err     error
}

// Error names the service, or the stage where it was no service.
func (e *StartError) Error() string {
	name := e.Service
	if name == "" {
		name = e.Stage
	}
	return fmt.Sprintf("start %s: %v", name, e.Err)
}

// Unwrap returns what went wrong.
func (e *StartError) Unwrap() error { return e.Err }

// PanicError is a panic of a service or a hook.
type PanicError struct {
	Value any
	Stack []byte // of the goroutine that panicked
}

// Error is one line, without the stack.
func (e *PanicError) Error() string {
	return "panic: " + strings.ReplaceAll(fmt.Sprint(e.Value), "\n", " ")
}

// Unwrap returns the panic's value where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// guard calls f, and then done with the outcome, however f ended: by returning, by a panic or by runtime.Goexit. After
// Goexit guard does not return, but done is called all the same.
func guard(f func() error, done func(error)) {
	err := errGoexit
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
		done(err)
	}()
	err = f()
}

// logStack logs the stack of a panic, at debug level. Its message is logged or returned by others.
func logStack(log *slog.Logger, err error) {
	if p, ok := errors.AsType[*PanicError](err); ok {
		log.Debug("stack of the panic", "panic", p.Error(), "stack", string(p.Stack))
	}
}

// lastWord is what remains to be told of the end of a run that had been asked to stop, nil for a clean end. Coming back
// with nothing but context.Canceled is clean, unless it was the grace that ran out: then it tells of work cut off.
func lastWord(err error, grace context.Context) error { //nolint:revive // the context is asked about, not passed on
	switch {
	case err == nil:
		return nil
	case grace.Err() == nil && onlyCanceled(err):
		return nil
	case err == context.Canceled && context.Cause(grace) == errCut: //nolint:errorlint // the bare error, as of ctx.Err()
		return nil
	}
	return err
}

// onlyCanceled tells whether err holds nothing but context.Canceled. errors.Is would also accept a joined error that
// hides a real one.
func onlyCanceled(err error) bool {
	switch e := err.(type) { //nolint:errorlint // walks the chain itself
	case *PanicError:
		return false
	case interface{ Unwrap() []error }:
		for _, sub := range e.Unwrap() {
			if !onlyCanceled(sub) {
				return false
			}
		}
		return true
	case interface{ Unwrap() error }:
		return onlyCanceled(e.Unwrap())
	}
	return err == context.Canceled //nolint:errorlint // the end of the chain
}
