package app

import (
	"context"
	"log/slog"

	"vpo/internal/config"
)

// reloader takes over a changed configuration while the daemon runs. It is used by one goroutine.
type reloader struct {
	load    func() (*config.Settings, error)
	level   *slog.LevelVar
	running *config.Settings // what is in force
	log     *slog.Logger
}

// reload reads the configuration again: all or nothing. What can be changed in a running daemon takes effect, of the rest
// it is said that a restart is needed.
func (r *reloader) reload(context.Context) {
	next, err := r.load()
	if err != nil {
		r.log.Error("configuration was not reloaded, the running one stays", "error", err)
		return
	}
	changed := 0
	for i, value := range next.Values {
		was := r.running.Values[i]
		if was.Value == value.Value {
			continue
		}
		changed++
		if value.Key == "logging.level" {
			r.log.Info("setting changed", "key", value.Key, "from", was.Value, "to", value.Value, "origin", value.Origin)
			continue
		}
		r.log.Warn("setting changed, a restart is needed for it", "key", value.Key, "from", was.Value, "to", value.Value, "origin", value.Origin)
	}
	r.level.Set(next.Config.Logging.Level)
	r.keep(next)
	r.log.Info("configuration reloaded", "changed", changed)
}

// keep remembers what took effect, so that the next reload names again what still waits for a restart.
func (r *reloader) keep(next *config.Settings) {
	for i, value := range next.Values {
		if value.Key == "logging.level" {
			r.running.Values[i] = value
		}
	}
}
