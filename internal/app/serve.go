// Package app wires the parts of vpo together, and is the only package that knows them all. Serve is the daemon, Scan
// one scan, AskHealth a question to a running daemon. Each lives as long as its call.
package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"vpo/internal/config"
	"vpo/internal/httpapi"
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
	life := supervisor.NewLifecycle()
	signals := services.NewSignals(signalsConfig(life)) // before anything that takes time
	settings, err := d.Load()
	if err != nil {
		return 1, err
	}
	s, err := newServer(d, settings, life, signals)
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
			life.Shutdown(supervisor.Cause{Reason: "received " + signalName(sig), Code: code})
		},
		OnCut: func(sig os.Signal) { life.CutShort("second signal, " + signalName(sig)) },
	}
}

// signalName is the name that users know: os.Signal says "terminated" for SIGTERM.
func signalName(sig os.Signal) string {
	if number, ok := sig.(syscall.Signal); ok {
		return unix.SignalName(number)
	}
	return sig.String()
}

// server is the daemon while it runs.
type server struct {
	daemon   Daemon
	settings *config.Settings
	began    time.Time
	log      *slog.Logger
	reloader *reloader

	life     *supervisor.Lifecycle
	tree     *supervisor.Tree
	signals  *services.Signals
	database *database
	api      *httpapi.API
	http     *services.HTTP
	watchdog *services.Watchdog
	stages   []supervisor.Stage
}

func newServer(d Daemon, settings *config.Settings, life *supervisor.Lifecycle, signals *services.Signals) (*server, error) {
	began := time.Now()
	log, level := d.Logger(settings)
	notify, err := services.TakeNotify()
	if err != nil {
		return nil, err
	}
	s := &server{daemon: d, settings: settings, began: began, log: log, life: life}
	s.reloader = &reloader{load: d.Load, level: level, running: settings, log: logging.Named(log, "vpo.config")}
	s.tree = supervisor.NewTree(supervisor.Options{
		Logger: logging.Named(log, "vpo.supervisor"),
		OnFatal: func(service string, err error) {
			life.Shutdown(supervisor.Cause{Reason: service + " failed for good", Err: err})
		},
	})
	s.database = newDatabase(settings.Config.DatabasePath, d.Version, logging.Named(log, "vpo.database"), s.tree.Progress)
	s.api, err = httpapi.New(httpapi.Config{
		Version: d.Version, Started: began, State: s.state, Alive: s.tree.Alive, Logger: logging.Named(log, "vpo.http"),
	})
	if err != nil {
		return nil, err
	}
	s.http = services.NewHTTP(services.HTTPConfig{
		Host: settings.Config.Server.Bind, Port: settings.Config.Server.Port, Handler: s.api, Logger: logging.Named(log, "vpo.http"),
	})
	s.watchdog = services.NewWatchdog(services.WatchdogConfig{
		Notify: notify, Probe: s.tree.Probe, Status: s.status, Logger: logging.Named(log, "vpo.watchdog"),
	})
	s.signals = signals
	s.signals.SetLogger(logging.Named(log, "vpo.signals"))
	s.signals.SetReload(s.reloader.reload)
	s.stages = s.inventory()
	return s, nil
}

// inventory lists the stages of the daemon, in the order of the start. The stop goes back up.
func (s *server) inventory() []supervisor.Stage {
	stages := []supervisor.Stage{
		{
			Name:     "signals",
			Services: func() []supervisor.Service { return []supervisor.Service{s.signals} },
		},
		{
			Name:     "database",
			Open:     s.database.open,
			Services: func() []supervisor.Service { return []supervisor.Service{s.database.health} },
			Close:    s.database.close,
		},
		{
			Name:     "http",
			Open:     s.http.Open,
			Services: func() []supervisor.Service { return []supervisor.Service{s.http} },
			Drain:    s.api.Drain,
			Close:    s.http.Close,
		},
	}
	if s.watchdog.Enabled() {
		stages = append(stages, supervisor.Stage{
			Name:     "watchdog",
			Services: func() []supervisor.Service { return []supervisor.Service{s.watchdog} },
		})
	}
	return stages
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
		s.watchdog.Stopping()
		receipt = supervisor.Teardown(s.life, s.tree, s.settings.Config.Server.ShutdownTimeout)
	}()
	if !s.awaitEnd(ended) {
		s.log.Error("shutdown does not end, leaving without it", "timeout", s.settings.Config.Server.ShutdownTimeout)
		return s.life.ExitCode(false), nil
	}
	return s.conclude(receipt)
}

// start brings the stages up. An error is the cause of the end, unless another one came first.
func (s *server) start() {
	for _, stage := range s.stages {
		if err := s.tree.Start(s.life.Stopping(), stage); err != nil {
			s.life.Shutdown(supervisor.Cause{Reason: "the start failed", Err: err})
			return
		}
	}
	if s.life.MarkRunning() {
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
	timer := time.NewTimer(s.settings.Config.Server.ShutdownTimeout + backstop)
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

// status is the line that systemctl status shows.
func (s *server) status() string {
	line := s.life.Phase().String() + " on " + s.http.Addr()
	if verdict := s.database.verdict(); verdict.Fault != "" {
		line += "; " + string(verdict.Fault)
	}
	return line
}

// state is the snapshot for the probes. It waits for nothing.
func (s *server) state() httpapi.State {
	statuses := s.tree.Snapshot()
	state := httpapi.State{
		Phase:          httpapi.Phase(s.life.Phase().String()),
		Database:       s.database.verdict(),
		DatabaseMaxAge: s.database.maxAge(),
		Services:       make([]httpapi.Service, len(statuses)),
	}
	for i, status := range statuses {
		state.Services[i] = httpapi.Service{
			Name: status.Service, State: status.State.String(), Up: status.State == supervisor.StateUp,
			Vital: status.Service != s.watchdog.Name(), Since: status.Since, Restarts: max(0, status.Starts-1),
		}
	}
	return state
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
