package config

import (
	"log/slog"
	"strings"
	"time"
)

// key is what there is to know of one configuration key.
type key struct {
	name string // its path in the file, "server.port"
	env  string // its environment variable
	role role

	parse func(raw any) (any, error) // reads and checks a value of any source
	check func(Config) error
	get   func(Config) any
}

// role is what Load has to do with a value beyond reading it.
type role int

const (
	plain   role = iota
	folder       // a path, and one that cannot be set in the file, because the file is looked for in it
	path         // a path that is made absolute
	command      // a path, or a name to look up on PATH
	secret       // text that is never shown
)

// blankIsUnset tells whether an empty string in the file is the same as no line at all.
func (r role) blankIsUnset() bool { return r == path || r == command || r == secret }

// regularEnv returns the environment variable that a key has by rule; for most it is the same as its env.
func regularEnv(name string) string {
	return "VPO_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
}

// keys lists every key, in the order in which they are shown.
var keys = []key{
	newKey(key{name: "data_dir", env: "VPO_DATA_DIR", role: folder},
		text, checkPath, func(c Config) string { return c.DataDir }),
	newKey(key{name: "database_path", env: "VPO_DATABASE_PATH", role: path},
		text, checkDatabasePath, func(c Config) string { return c.DatabasePath }),
	newKey(key{name: "server.bind", env: "VPO_SERVER_BIND"},
		parseBind, checkBind, func(c Config) string { return c.Server.Bind }),
	newKey(key{name: PortKey, env: "VPO_SERVER_PORT"},
		parsePort, checkPort, func(c Config) int { return c.Server.Port }),
	newKey(key{name: "server.shutdown_timeout", env: "VPO_SERVER_SHUTDOWN_TIMEOUT"},
		parseSeconds, checkShutdownTimeout, func(c Config) time.Duration { return c.Server.ShutdownTimeout }),
	newKey(key{name: "server.auth_token", env: "VPO_AUTH_TOKEN", role: secret},
		parseSecret, checkAuthToken, func(c Config) Secret { return c.Server.AuthToken }),
	newKey(key{name: "logging.level", env: "VPO_LOG_LEVEL"},
		parseLevel, checkLevel, func(c Config) slog.Level { return c.Logging.Level }),
	newKey(key{name: "logging.format", env: "VPO_LOG_FORMAT"},
		parseFormat, checkFormat, func(c Config) string { return c.Logging.Format }),
	newKey(key{name: "tools.ffprobe", env: "VPO_FFPROBE_PATH", role: command},
		text, checkPath, func(c Config) string { return c.Tools.FFprobe }),
}

// newKey completes k for a field of type T: parse reads a value of any source, check tells whether it is allowed.
func newKey[T any](k key, parse func(raw any) (T, error), check func(T) error, get func(Config) T) key {
	k.parse = func(raw any) (any, error) {
		v, err := parse(raw)
		if err == nil {
			err = check(v)
		}
		return v, err
	}
	k.check = func(c Config) error { return check(get(c)) }
	k.get = func(c Config) any { return get(c) }
	return k
}

func findKey(name string) (key, bool) {
	for _, k := range keys {
		if k.name == name {
			return k, true
		}
	}
	return key{}, false
}

// isSection tells whether name is a table of the file that holds keys.
func isSection(name string) bool {
	for _, k := range keys {
		if strings.HasPrefix(k.name, name+".") {
			return true
		}
	}
	return false
}
