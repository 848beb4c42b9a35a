package services

import (
	"context"
	"log/slog"
	"time"

	"vpo/internal/supervisor"
)

// WatchdogConfig is what a Watchdog is made of. All fields are needed.
type WatchdogConfig struct {
	Interval time.Duration               // within which systemd wants a sign of life
	Alive    func()                      // gives it
	Probe    func(context.Context) error // nil if the daemon lives
	Logger   *slog.Logger
}

// Watchdog gives systemd a sign of life at a third of the interval, as long as the daemon proves that it lives. Before it
// withholds one, it logs what every goroutine is doing: systemd ends a process that is silent.
type Watchdog struct {
	cfg      WatchdogConfig
	withheld int // heartbeats in a row; belongs to the goroutine of Run
}

var _ supervisor.Service = (*Watchdog)(nil)

// NewWatchdog returns a Watchdog.
func NewWatchdog(cfg WatchdogConfig) *Watchdog { return &Watchdog{cfg: cfg} }

// Name returns "watchdog".
func (w *Watchdog) Name() string { return "watchdog" }

// Run gives a sign of life at a third of the interval while the probe passes.
func (w *Watchdog) Run(ctx context.Context, h supervisor.Handle) error {
	every := max(w.cfg.Interval/3, time.Millisecond)
	tick := time.NewTicker(every)
	defer tick.Stop()
	h.Ready()
	for {
		w.beat(ctx, every/2)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// beat gives one sign of life if the daemon lives. The probe gets half of the pause between two: even if it hangs, the
// second one has failed, and the stacks are logged, at five sixths of the interval.
func (w *Watchdog) beat(ctx context.Context, timeout time.Duration) {
	probing, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := w.cfg.Probe(probing)
	switch {
	case ctx.Err() != nil: // what a probe says of a daemon that is being stopped means nothing
	case err != nil:
		w.withhold(ctx, err)
	default:
		if w.withheld > 0 {
			w.cfg.Logger.Info("watchdog heartbeat goes on", "withheld", w.withheld)
		}
		w.withheld = 0
		w.cfg.Alive()
	}
}

// withhold logs why there is no sign of life. The second one in a row is the last before systemd ends the process: by then
// it is no hiccup, and the stacks are logged, once in a series.
func (w *Watchdog) withhold(ctx context.Context, err error) {
	w.withheld++
	switch w.withheld {
	case 1:
		w.cfg.Logger.Warn("watchdog heartbeat withheld", "error", err)
	case 2:
		w.cfg.Logger.Error("the daemon does not live: without a heartbeat systemd will end it", "error", err)
		logGoroutines(ctx, w.cfg.Logger)
	}
}
