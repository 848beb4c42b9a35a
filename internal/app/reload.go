package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vpo/internal/config"
	"vpo/internal/httpapi"
)

// reloader takes over a changed configuration while the daemon runs, one reload at a time.
type reloader struct {
	load  func() (*config.Settings, error)
	level *slog.LevelVar
	log   *slog.Logger
	begin func() // systemd is told that a reload is under way
	ended func() // ... and that it is over

	turn    sync.Mutex
	running *config.Settings // what is in force; under turn
	timeout atomic.Int64     // server.shutdown_timeout in force, in nanoseconds
	known   atomic.Pointer[configState]
}

// configState is what is to be told of the configuration.
type configState struct {
	at       time.Time // of the newest reload, or of the start
	reloaded bool
	problem  string   // why the newest reload was refused, without paths or values; "" if it was not
	waiting  []string // keys whose new values wait for a restart
}

// liveKeys are the keys that take effect in a running daemon.
var liveKeys = map[string]func(*reloader, *config.Settings){
	"logging.level": func(r *reloader, next *config.Settings) {
		r.level.Set(next.Config.Logging.Level)
		r.running.Config.Logging.Level = next.Config.Logging.Level
	},
	"server.shutdown_timeout": func(r *reloader, next *config.Settings) {
		r.timeout.Store(int64(next.Config.Server.ShutdownTimeout))
		r.running.Config.Server.ShutdownTimeout = next.Config.Server.ShutdownTimeout
	},
}

func newReloader(d Daemon, settings *config.Settings, level *slog.LevelVar, log *slog.Logger) *reloader {
	inForce := *settings
	r := &reloader{load: d.Load, level: level, log: log, running: &inForce, begin: func() {}, ended: func() {}}
	r.timeout.Store(int64(settings.Config.Server.ShutdownTimeout))
	r.known.Store(&configState{at: time.Now()})
	return r
}

// shutdownTimeout is how long a teardown that begins now may take.
func (r *reloader) shutdownTimeout() time.Duration { return time.Duration(r.timeout.Load()) }

// reload reads the configuration again: all or nothing. What can be changed in a running daemon takes effect, of the rest
// it is said that a restart is needed. It returns what was done, for whoever asked; the error is why nothing was.
func (r *reloader) reload(context.Context) (string, error) {
	r.turn.Lock()
	defer r.turn.Unlock()
	r.begin()
	defer r.ended()
	next, err := r.load()
	if err != nil {
		r.log.Error("configuration was not reloaded, the running one stays", "error", err)
		state := configState{at: time.Now(), problem: summary(err), waiting: r.known.Load().waiting}
		r.known.Store(&state)
		return "", fmt.Errorf("%w\nthe running configuration stays", err)
	}
	return r.adopt(next), nil
}

// adopt takes a valid configuration over.
func (r *reloader) adopt(next *config.Settings) string {
	changes := r.running.Changes(next)
	report := []string{"configuration reloaded"}
	var waiting []string
	for _, c := range changes {
		attrs := []any{"key", c.Key, "from", c.From, "to", c.To, "origin", c.Origin}
		line := fmt.Sprintf("%s: %s -> %s", c.Key, orNone(c.From), orNone(c.To))
		if take, live := liveKeys[c.Key]; live {
			take(r, next)
			r.log.Info("setting changed", attrs...)
		} else {
			waiting = append(waiting, c.Key)
			line += " (takes effect after a restart)"
			r.log.Warn("setting changed, a restart is needed for it", attrs...)
		}
		report = append(report, line)
	}
	if len(changes) == 0 {
		report[0] += ", nothing changed"
	}
	r.known.Store(&configState{at: time.Now(), reloaded: true, waiting: waiting})
	r.log.Info("configuration reloaded", "changed", len(changes), "restart_needed", len(waiting))
	return strings.Join(report, "\n")
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// summary says what is wrong with a configuration in words that anybody may read.
func summary(err error) string {
	problems, ok := errors.AsType[*config.Problems](err)
	switch {
	case !ok:
		return "its file cannot be read"
	case len(problems.List()) == 1:
		return "it has a problem"
	}
	return fmt.Sprintf("it has %d problems", len(problems.List()))
}

// String is what there is to say for the status line; "" where all is as it should be.
func (c configState) String() string {
	switch {
	case c.problem != "":
		return "configuration was not reloaded: " + c.problem + ", see the log; the running one stays"
	case len(c.waiting) > 0:
		return "restart needed for " + strings.Join(c.waiting, ", ")
	}
	return ""
}

// check tells /health of the configuration.
func (c configState) check() httpapi.Check {
	check := httpapi.Check{Name: "config", Status: httpapi.Pass, Message: c.String(), At: c.at}
	switch {
	case c.problem != "":
		check.Status = httpapi.Warn
	case check.Message != "":
	case c.reloaded:
		check.Message = "reloaded"
	default:
		check.Message = "as at the start"
	}
	return check
}
