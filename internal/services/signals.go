package services

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"vpo/internal/supervisor"
)

// burst is how long after the first SIGTERM or SIGINT further ones are the same request, whichever of the two they are:
// a terminal, a shell and a service manager may each pass on the one that a person asked for.
const burst = 250 * time.Millisecond

// SignalsConfig is what a Signals calls. OnStop and OnCut are called on the loop that hears the signals and must return
// at once.
type SignalsConfig struct {
	OnStop   func(os.Signal)       // the first SIGTERM or SIGINT
	OnCut    func(os.Signal)       // the first one after its burst
	OnReload func(context.Context) // SIGHUP; several that come during a reload make one more
	Logger   *slog.Logger
}

// Signals hears the signals of the process from NewSignals until Stop. What comes while it is not run is kept for the
// next Run.
//
// SIGPIPE is heard and forgotten: a log reader that goes away must not kill the daemon. It is not ignored, since
// child processes would inherit that.
type Signals struct {
	cfg      SignalsConfig
	stops    chan os.Signal // SIGTERM, SIGINT: apart from SIGHUP, a flood of which must not crowd them out
	reloads  chan os.Signal // has room for one: more are the same request
	pipes    chan os.Signal
	stopping atomic.Bool
	busy     atomic.Bool // with a reload

	// Of the loop, kept from run to run.
	first time.Time // when the first stop signal was heard
	cut   bool
}

var _ supervisor.Service = (*Signals)(nil)

// NewSignals returns a Signals that hears already. It is to be made before anything else that a signal may interrupt.
func NewSignals(cfg SignalsConfig) *Signals {
	s := newSignals(cfg)
	signal.Notify(s.stops, syscall.SIGTERM, syscall.SIGINT)
	signal.Notify(s.reloads, syscall.SIGHUP)
	signal.Notify(s.pipes, syscall.SIGPIPE)
	return s
}

func newSignals(cfg SignalsConfig) *Signals {
	return &Signals{
		cfg:     cfg,
		stops:   make(chan os.Signal, 8),
		reloads: make(chan os.Signal, 1),
		pipes:   make(chan os.Signal, 1),
	}
}

// SetLogger replaces the logger. Signals have to be heard before the configuration is read, which says how to log; call
// it before Run.
func (s *Signals) SetLogger(log *slog.Logger) { s.cfg.Logger = log }

// SetReload replaces what SIGHUP does, for the same reason; call it before Run.
func (s *Signals) SetReload(reload func(context.Context)) { s.cfg.OnReload = reload }

// Stop gives the signals back to the operating system. A SIGTERM kills the process from then on.
func (s *Signals) Stop() {
	for _, c := range []chan os.Signal{s.stops, s.reloads, s.pipes} {
		signal.Stop(c)
	}
}

// Name returns "signals".
func (s *Signals) Name() string { return "signals" }

// Run acts on the signals until ctx ends. A reload that is under way then is awaited until the grace ends; a second signal,
// which ends the grace, is still heard.
func (s *Signals) Run(ctx context.Context, h supervisor.Handle) error {
	reloadCtx, cancel := context.WithCancel(ctx)
	reloader := make(chan error, 1)
	go func() { reloader <- s.reload(reloadCtx) }()
	h.Ready()
	ended, err := s.listen(ctx, reloader)
	cancel()
	if ended {
		return err
	}
	if ended, err := s.listen(h.Grace(), reloader); ended {
		return err
	}
	if !s.busy.Load() {
		return <-reloader // it ends at once; that there was no grace at all is no fault of it
	}
	return fmt.Errorf("a reload does not end: %w", context.Cause(h.Grace()))
}

// listen acts on the stop signals until ctx ends, or the reloader did, with its error.
func (s *Signals) listen(ctx context.Context, reloader <-chan error) (ended bool, err error) {
	for {
		select {
		case sig := <-s.stops:
			s.heard(sig, time.Now())
		case err := <-reloader:
			return true, err
		case <-ctx.Done():
			return false, nil
		}
	}
}

func (s *Signals) heard(sig os.Signal, now time.Time) {
	switch {
	case s.first.IsZero():
		s.first = now
		s.stopping.Store(true)
		s.cfg.Logger.Info("Received " + SignalName(sig) + ", initiating shutdown") //nolint:sloglint // a fixed text that scripts look for
		s.cfg.OnStop(sig)
	case now.Sub(s.first) < burst || s.cut:
		s.cfg.Logger.Debug("signal repeated", "signal", SignalName(sig))
	default:
		s.cut = true
		s.cfg.Logger.Warn("second signal, cutting the shutdown short", "signal", SignalName(sig))
		s.cfg.OnCut(sig)
	}
}

// reload runs the reloads, one at a time, until ctx ends. It has a goroutine of its own, so that a slow one delays no
// SIGTERM; a panic of one becomes its error.
func (s *Signals) reload(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Logger.Debug("stack of the panic", "stack", string(debug.Stack()))
			err = fmt.Errorf("reload: panic: %v", p)
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.reloads:
		}
		s.reloadOnce(ctx)
	}
}

// reloadOnce acts on one SIGHUP. It is busy before it looks whether ctx has ended: who has ended ctx and finds it idle
// knows that no reload begins any more.
func (s *Signals) reloadOnce(ctx context.Context) {
	s.busy.Store(true)
	defer s.busy.Store(false)
	if s.stopping.Load() || ctx.Err() != nil {
		s.cfg.Logger.Debug("SIGHUP ignored during the shutdown")
		return
	}
	s.cfg.Logger.Info("Received SIGHUP, reloading the configuration")
	s.cfg.OnReload(ctx)
}

// SignalName is the name that users know: os.Signal says "terminated" for SIGTERM.
func SignalName(sig os.Signal) string {
	if number, ok := sig.(syscall.Signal); ok {
		return unix.SignalName(number)
	}
	return sig.String()
}
