package app

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"vpo/internal/config"
	"vpo/internal/httpapi"
	"vpo/internal/logging"
	"vpo/internal/services"
	"vpo/internal/supervisor"
)

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
		Logger:   logging.Named(log, "vpo.supervisor"),
		Optional: func(service string) bool { return !s.vital(service) },
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
