package config

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
)

const (
	environmentSource = "environment "
	flagSource        = "flag "

	configPathVariable = "VPO_CONFIG_PATH"
)

// environ holds the variables of vpo that are set and not empty.
type environ map[string]string

func newEnviron(list []string) environ {
	e := environ{}
	for _, entry := range list {
		name, value, _ := strings.Cut(entry, "=")
		if _, seen := e[name]; !seen && value != "" && strings.HasPrefix(name, "VPO_") {
			e[name] = value
		}
	}
	return e
}

// lookup returns the variable that sets a key, and its value. The key's own name goes before the regular one.
func (e environ) lookup(k key) (name, value string, ok bool) {
	for _, name := range []string{k.env, regularEnv(k.name)} {
		if value, ok := e[name]; ok {
			return name, value, true
		}
	}
	return "", "", false
}

// unknown warns of variables that nobody reads. It never shows their values.
func (e environ) unknown() []Notice {
	known := []string{configPathVariable}
	for _, k := range keys {
		known = append(known, k.env, regularEnv(k.name))
	}
	var notices []Notice
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if slices.Contains(known, name) || isPythonVariable(name) {
			continue
		}
		notices = append(notices, Notice{
			Level:   slog.LevelWarn,
			Message: "unknown environment variable is ignored",
			Attrs:   []slog.Attr{slog.String("name", name), slog.String("nearest", nearest(name, known))},
		})
	}
	return notices
}

// pythons returns the variables that only the Python program reads.
func (e environ) pythons() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(e)), func(name string) bool { return !isPythonVariable(name) })
}
