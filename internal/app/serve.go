// Package app wires the parts of vpo together, and is the only package that knows them all. Serve is the daemon, Scan
// one scan, AskHealth a question to a running daemon. Each lives as long as its call.
package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"sync/atomic"
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

// host is what the service manager gives to this process.
type host struct {
	notifier *services.Notifier
	interval time.Duration // of the watchdog; 0 for none
	sockets  services.Sockets
}

// takeHost reads what systemd has put into the environment. A wrong variable is an error, and systemd is told all the
// same where it can be.
func takeHost() (host, error) {
	notify, notifyErr := services.TakeNotify()
	sockets, socketsErr := services.TakeSockets()
	return host{
		notifier: services.NewNotifier(notify, slog.New(slog.DiscardHandler)),
		interval: notify.Interval,
		sockets:  sockets,
	}, errors.Join(notifyErr, socketsErr)
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
	settings *config.Settings // as they were at the start
	began    time.Time
	log      *slog.Logger
	reloader *reloader
	host

	life     *supervisor.Lifecycle
	tree     *supervisor.Tree
	signals  *services.Signals
	database *database
	api      *httpapi.API
	http     *services.HTTP
	control  *services.Control
	herald   *services.Herald
	watchdog *services.Watchdog
	stages   []supervisor.Stage

	step  atomic.Pointer[string]    // the stage that is being started
	since atomic.Pointer[time.Time] // when everything had started
	until atomic.Pointer[time.Time] // the deadline of the teardown under way
}

func newServer(d Daemon, settings *config.Settings, life *supervisor.Lifecycle, signals *services.Signals, host host) (*server, error) {
	log, level := d.Logger(settings)
	s := &server{daemon: d, settings: settings, began: time.Now(), log: log, life: life, host: host, signals: signals}
	s.notifier.SetLogger(logging.Named(log, "vpo.systemd"))
	s.tree = supervisor.NewTree(supervisor.Options{
		Logger: logging.Named(log, "vpo.supervisor"),
		OnFatal: func(service string, err error) {
			life.Shutdown(supervisor.Cause{Reason: service + " failed for good", Err: err})
		},
	})
	s.database = newDatabase(settings.Config.DatabasePath, d.Version, logging.Named(log, "vpo.database"), s.tree.Progress)
	if err := s.newFront(); err != nil {
		return nil, err
	}
	s.herald = services.NewHerald(s.notifier, s.stand)
	s.watchdog = services.NewWatchdog(services.WatchdogConfig{
		Interval: host.interval, Alive: s.notifier.Alive, Probe: s.tree.Probe, Logger: logging.Named(log, "vpo.watchdog"),
	})
	s.newReloading(level)
	s.stages = s.inventory()
	return s, nil
}

// newFront makes what answers over HTTP.
func (s *server) newFront() (err error) {
	log := logging.Named(s.log, "vpo.http")
	s.api, err = httpapi.New(httpapi.Config{
		Version: s.daemon.Version, Started: s.began, State: s.state, Alive: s.tree.Alive, Logger: log,
	})
	server := s.settings.Config.Server
	s.http = services.NewHTTP(services.HTTPConfig{Host: server.Bind, Port: server.Port, Sockets: s.sockets, Handler: s.api, Logger: log})
	return err
}

// newReloading makes the two ways to a reload, a signal and a request.
func (s *server) newReloading(level *slog.LevelVar) {
	s.reloader = newReloader(s.daemon, s.settings, level, logging.Named(s.log, "vpo.config"))
	s.reloader.begin = func() { s.notifier.Reloading("reloading the configuration") }
	s.reloader.ended = func() { s.notifier.Reloaded(s.line()) }
	s.signals.SetLogger(logging.Named(s.log, "vpo.signals"))
	s.signals.SetReload(func(ctx context.Context) { _, _ = s.reloader.reload(ctx) }) // it has logged what came of it
	s.control = services.NewControl(services.ControlConfig{
		Path:   controlPath(s.settings.Config.DatabasePath),
		Reload: s.reloader.reload,
		Logger: logging.Named(s.log, "vpo.control"),
	})
}

// inventory lists the stages of the daemon, in the order of the start. The stop goes back up.
func (s *server) inventory() []supervisor.Stage {
	return []supervisor.Stage{
		{
			Name:     "signals",
			Services: some(s.signals, when(s.notifier.Enabled(), s.herald)),
		},
		{
			Name:     "database",
			Open:     s.database.open,
			Services: some(s.database.health, when(s.notifier.Enabled(), s.database.census)),
			Close:    s.database.close,
		},
		{
			Name:     "http",
			Open:     s.openHTTP,
			Services: some(s.http),
			Drain:    s.api.Drain,
			Close:    s.http.Close,
		},
		{
			Name:     "control",
			Open:     s.openControl,
			Services: func() []supervisor.Service { return some(when(s.control.Enabled(), s.control))() },
			Close:    s.control.Close,
		},
		{
			Name:     "watchdog",
			Services: some(when(s.notifier.Enabled() && s.interval > 0, s.watchdog)),
		},
	}
}

// some makes the services of a stage; nil stands for one that is not wanted.
func some(list ...supervisor.Service) func() []supervisor.Service {
	return func() []supervisor.Service {
		return slices.DeleteFunc(slices.Clone(list), func(s supervisor.Service) bool { return s == nil })
	}
}

// when is the service if it is wanted, and nil otherwise.
func when(wanted bool, service supervisor.Service) supervisor.Service {
	if wanted {
		return service
	}
	return nil
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
			Vital: s.vital(status.Service), Since: status.Since, Restarts: max(0, status.Starts-1),
		}
	}
	state.Checks = append(state.Checks, s.reloader.known.Load().check())
	if check, ok := s.database.uncleanCheck(); ok {
		state.Checks = append(state.Checks, check)
	}
	return state
}

// vital tells whether the daemon is degraded while a service is down. What serves systemd and vpo reload is not.
func (s *server) vital(service string) bool {
	switch service {
	case s.watchdog.Name(), s.herald.Name(), s.database.census.Name(), s.control.Name():
		return false
	}
	return true
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
