// Package app wires the parts of vpo together, and is the only package that knows them all. Serve is the daemon, Scan
// one scan, AskHealth a question to a running daemon. Each lives as long as its call.
package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime/debug"
	"syscall"
	"time"

	"vpo/internal/config"
	"vpo/internal/logging"
	"vpo/internal/services"
	"vpo/internal/supervisor"
)

// backstop is how long after its deadline a teardown may still be waited for, whatever hangs.
const backstop = 2 * time.Second

// Daemon is what Serve needs of the command line.
type Daemon struct {
	Version string
	// Load reads the configuration: at the start, and again at each reload.
	Load func() (*config.Settings, error)
	// Logger makes the logger that the configuration asks for, and the level that a reload changes.
	Logger func(*config.Settings) (*slog.Logger, *slog.LevelVar)
}

// Serve runs the daemon until it is told to stop, and returns its exit code. An error is why it could not start; it has
// not been logged.
func Serve(d Daemon) (code int, err error) {
	debug.SetTraceback("all") // whoever aborts a stuck daemon, as the watchdog of systemd does, is told where it is stuck
	life := supervisor.NewLifecycle()
	signals := services.NewSignals(signalsConfig(life)) // before anything that takes time
	host, err := takeHost()
	if err == nil {
		code, err = serve(d, host, life, signals)
	}
	if err != nil {
		host.notifier.Failed(err)
	}
	return code, err
}

func serve(d Daemon, host host, life *supervisor.Lifecycle, signals *services.Signals) (code int, err error) {
	settings, err := d.Load()
	if err != nil {
		return 1, err
	}
	s, err := newServer(d, settings, life, signals, host)
	if err != nil {
		return 1, err
	}
	return s.run()
}

// signalsConfig translates signals into causes. The exit code of a process that a signal ended is 128 + the signal.
func signalsConfig(life *supervisor.Lifecycle) services.SignalsConfig {
	return services.SignalsConfig{
		OnStop: func(sig os.Signal) {
			code := 1
			if number, ok := sig.(syscall.Signal); ok {
				code = 128 + int(number)
			}
			life.Shutdown(supervisor.Cause{Reason: "received " + services.SignalName(sig), Code: code})
		},
		OnCut: func(sig os.Signal) { life.CutShort("second signal, " + services.SignalName(sig)) },
	}
}

// run starts the stages, waits for the cause of the end, and takes everything down in time.
func (s *server) run() (code int, err error) {
	s.announce()
	ended := make(chan struct{})
	var receipt supervisor.Receipt
	go func() {
		defer close(ended)
		s.start()
		<-s.life.Stopping().Done()
		timeout := s.reloader.shutdownTimeout()
		s.until.Store(new(time.Now().Add(timeout)))
		s.notifier.Stopping(s.line())
		s.notifier.Extend(timeout + 2*backstop) // the herald may be gone before the last part has ended
		s.herald.Nudge()
		receipt = supervisor.Teardown(s.life, s.tree, timeout)
	}()
	if !s.awaitEnd(ended) {
		s.log.Error("shutdown does not end, leaving without it", "timeout", s.reloader.shutdownTimeout())
		s.notifier.Status("the stop did not end in time and was given up")
		return s.life.ExitCode(false), nil
	}
	return s.conclude(receipt)
}

// start brings the stages up. An error is the cause of the end, unless another one came first.
func (s *server) start() {
	for _, stage := range s.stages {
		s.step.Store(&stage.Name)
		s.herald.Nudge()
		if err := s.tree.Start(s.life.Stopping(), stage); err != nil {
			s.life.Shutdown(supervisor.Cause{Reason: "the start failed", Err: err})
			return
		}
	}
	if s.life.MarkRunning() {
		s.since.Store(new(time.Now()))
		s.herald.Nudge()
		s.log.Info("vpo is serving", "address", s.http.Addr(), "database", s.settings.Config.DatabasePath,
			"version", s.daemon.Version, "start_took", time.Since(s.began).Round(time.Millisecond))
	}
}

// awaitEnd waits for the teardown; false when it has not ended long after its deadline.
func (s *server) awaitEnd(ended <-chan struct{}) bool {
	select {
	case <-ended:
		return true
	case <-s.life.Stopping().Done():
	}
	timer := time.NewTimer(s.reloader.shutdownTimeout() + backstop)
	defer timer.Stop()
	select {
	case <-ended:
		return true
	case <-timer.C:
		return false
	}
}

// conclude logs the receipt, and returns the exit code and, where the start failed, why.
func (s *server) conclude(receipt supervisor.Receipt) (code int, err error) {
	code = s.life.ExitCode(receipt.Clean())
	cause, _ := s.life.Cause()
	level := slog.LevelInfo
	switch {
	case !receipt.Clean() || receipt.CutShort != "":
		level = slog.LevelWarn
	case cause.Err != nil:
		level = slog.LevelDebug // the caller tells the cause, and there was nothing else
	}
	s.log.Log(context.Background(), level, "vpo has stopped", "cause", cause.Reason, "exit_code", code, "shutdown", receipt)
	s.lastWord(receipt)
	return code, startFailure(cause)
}

// announce logs what the configuration has to say.
func (s *server) announce() {
	log := logging.Named(s.log, "vpo.config")
	for _, notice := range s.settings.Notices {
		if notice.Key != config.PortKey { // binding the port tells, and with more certainty
			log.LogAttrs(context.Background(), notice.Level, notice.Message, notice.Attrs...) //nolint:sloglint // constant where the notice is made
		}
	}
	if s.settings.File != "" {
		log.Debug("configuration read", "file", s.settings.File)
	}
}

// startFailure is why the daemon could not start or go on, in the words for the user; nil after a stop that was asked for.
func startFailure(cause supervisor.Cause) error {
	if cause.Err == nil {
		return nil
	}
	if start, ok := errors.AsType[*supervisor.StartError](cause.Err); ok {
		return start.Err
	}
	return cause
}
