package config

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"
)

// Input is what Load reads from, so that it depends on nothing else but the files.
type Input struct {
	File       string   // value of --config; "" where it was not given
	Env        []string // environment, as os.Environ has it
	Credential string   // folder of the credentials, as systemd's $CREDENTIALS_DIRECTORY has it; "" for none
	Flags      []Flag   // flags that the user set; of two for one key the later holds
	Home       string   // home directory; "" where it is not known
	SystemFile string   // "" for /etc/vpo/config.toml
}

// Flag is a command line flag that sets a key.
type Flag struct {
	Name  string // "--port"
	Key   string // "server.port"
	Value string
}

// PortKey is the name of the key of the port.
const PortKey = "server.port"

// Settings is a loaded configuration with its history.
type Settings struct {
	Config  Config
	File    string   // configuration file that was read; "" for none
	Values  []Value  // one a key, always in the same order
	Notices []Notice // what the caller should log
}

// Value is the effective value of a key and where it came from.
type Value struct {
	Key   string
	Value string // a mask where the key is a secret that is set
	// Origin is "default", "/etc/vpo/config.toml:12", "credential auth_token", "environment VPO_SERVER_PORT" or "flag --port".
	Origin      string
	Environment string // environment variable of the key
}

// Notice is something about the configuration that is worth a line in the log and no obstacle.
type Notice struct {
	Level   slog.Level
	Key     string // the key it is about; PortKey for a port under 1024, which need not be told where it can be bound
	Message string
	Attrs   []slog.Attr
}

// Load reads the configuration. The error is a *Problems where the user has values to correct, all of them at once, and
// otherwise tells why the file could not be read.
func Load(in Input) (*Settings, error) {
	settings, problems, err := load(in)
	if err != nil {
		return nil, err
	}
	if len(problems.list) > 0 {
		return nil, problems
	}
	return settings, nil
}

// CheckFlag tells what is wrong with the value of a flag by itself. Load tells it too, among everything else.
func CheckFlag(f Flag) error {
	if k, ok := findKey(f.Key); ok {
		_, err := k.parse(words(f.Value))
		return err
	}
	return nil
}

// DatabasePath returns the path of the database as far as it can be told from a configuration that Load refuses, with what
// is wrong in it left out; "" where it cannot. It is how to find the daemon that has to be told of that configuration.
func DatabasePath(in Input) string {
	settings, _, err := load(in)
	if err != nil { // of a file that cannot be read nothing can be told
		in.File = os.DevNull
		if settings, _, err = load(in); err != nil {
			return ""
		}
	}
	return settings.Config.DatabasePath
}

// load collects the sources and their problems. Of a source with problems the settings have the rest.
func load(in Input) (*Settings, *Problems, error) {
	l := &loader{home: in.Home, env: newEnviron(in.Env)}
	dataDir := l.dataDir()
	file, err := findFile(in, l.env, dataDir)
	if err != nil {
		return nil, nil, err
	}
	fromFile, unused, err := l.fromFile(file)
	if err != nil {
		return nil, nil, err
	}
	fromCredentials := l.fromCredentials(in.Credential)
	fromEnvironment := l.fromEnvironment()
	fromFlags, err := l.fromFlags(in.Flags)
	if err != nil {
		return nil, nil, err
	}
	c, origins, err := merge(defaults(dataDir), fromFile, fromCredentials, fromEnvironment, fromFlags)
	if err != nil {
		return nil, nil, err
	}
	if c.DatabasePath == "" && !l.problems.about("data_dir", "database_path") {
		l.problems.add(environmentSource+"HOME", "", "is not set, and the data directory is below the home directory; "+
			"set HOME or VPO_DATA_DIR, or name the database with --db")
	}
	return &Settings{
		Config:  c,
		File:    file,
		Values:  values(c, origins),
		Notices: slices.Concat(unusedNotice(unused, l.env.pythons()), portNotice(c), l.env.unknown()),
	}, &l.problems, nil
}

// layer is what one source sets, by the name of the key.
type layer map[string]entry

type entry struct {
	value  any // of the type that the field of Config has
	origin string
}

// loader reads the sources and collects what is wrong with them.
type loader struct {
	home     string
	env      environ
	problems Problems
}

// dataDir returns the data directory, which has to be known before the file can be looked for, and "" where it cannot be
// known. What is wrong with it is reported when its key is read.
func (l *loader) dataDir() string {
	dir := "~/.vpo"
	if k, ok := findKey("data_dir"); ok {
		if _, value, ok := l.env.lookup(k); ok {
			dir = value
		}
	}
	dir, err := expand(dir, l.home)
	if err != nil {
		return ""
	}
	return dir
}

func defaults(dataDir string) layer {
	c := Default(dataDir)
	out := layer{}
	for _, k := range keys {
		if dataDir == "" && (k.role == folder || k.role == path) {
			continue
		}
		out[k.name] = entry{value: k.get(c), origin: "default"}
	}
	return out
}

// fromFile reads the file, if there is one, and returns the names in it that only the Python program uses too.
func (l *loader) fromFile(file string) (layer, []string, error) {
	out := layer{}
	if file == "" {
		return out, nil, nil
	}
	data, err := readFile(file)
	if err != nil {
		return nil, nil, err
	}
	d := document{path: file, problems: &l.problems, set: func(s setting) {
		if s.raw == "" && s.key.role.blankIsUnset() {
			return
		}
		l.read(out, s)
	}}
	d.read(data)
	return out, d.unused, nil
}

func (l *loader) fromEnvironment() layer {
	out := layer{}
	for _, k := range keys {
		if name, value, ok := l.env.lookup(k); ok {
			from := environmentSource + name
			l.read(out, setting{key: k, raw: words(value), origin: from, source: from})
		}
	}
	return out
}

// fromFlags reads the flags. A flag for a key that no flag can set is an error of the program, not of its user.
func (l *loader) fromFlags(flags []Flag) (layer, error) {
	out := layer{}
	for _, f := range flags {
		k, ok := findKey(f.Key)
		if !ok || k.role == folder {
			return nil, fmt.Errorf("flag %s cannot set the key %q", f.Name, f.Key)
		}
		from := flagSource + f.Name
		l.read(out, setting{key: k, raw: words(f.Value), origin: from, source: from})
	}
	return out, nil
}

// read turns the raw value of a setting into that of a field and puts it into out, or notes what is wrong with it.
func (l *loader) read(out layer, s setting) {
	value, err := s.key.parse(s.raw)
	if p, ok := value.(string); ok && err == nil {
		value, err = l.resolve(p, s.key.role)
	}
	if err != nil {
		l.problems.add(s.source, s.key.name, err.Error())
		return
	}
	out[s.key.name] = entry{value: value, origin: s.origin}
}

// resolve makes a path absolute, and leaves other text and the bare name of a command as it is.
func (l *loader) resolve(p string, r role) (string, error) {
	switch {
	case r == folder || r == path:
		return expand(p, l.home)
	case r == command && (strings.Contains(p, "/") || strings.HasPrefix(p, "~")):
		return expand(p, l.home)
	default:
		return p, nil
	}
}

// merge lays the layers over each other, the later ones on top, and tells where each value came from.
func merge(layers ...layer) (Config, map[string]string, error) {
	var c Config
	k := koanf.New(".")
	origins := map[string]string{}
	for _, l := range layers {
		flat := make(map[string]any, len(l))
		for name, e := range l {
			flat[name] = e.value
			origins[name] = e.origin
		}
		if err := k.Load(confmap.Provider(flat, "."), nil); err != nil {
			return c, nil, fmt.Errorf("merge configuration: %w", err)
		}
	}
	if err := k.Unmarshal("", &c); err != nil {
		return c, nil, fmt.Errorf("merge configuration: %w", err)
	}
	return c, origins, nil
}

func values(c Config, origins map[string]string) []Value {
	out := make([]Value, len(keys))
	for i, k := range keys {
		out[i] = Value{Key: k.name, Value: show(k.get(c)), Origin: origins[k.name], Environment: k.env}
	}
	return out
}

// unusedNotice names what only the Python program uses.
func unusedNotice(names, variables []string) []Notice {
	var attrs []slog.Attr
	if len(names) > 0 {
		attrs = append(attrs, slog.Any("keys", names))
	}
	if len(variables) > 0 {
		attrs = append(attrs, slog.Any("environment", variables))
	}
	if attrs == nil {
		return nil
	}
	return []Notice{{Level: slog.LevelInfo, Message: "settings of the Python program are not used", Attrs: attrs}}
}

// portNotice warns of a port that most users may not listen on.
func portNotice(c Config) []Notice {
	const unprivileged = 1024
	if c.Server.Port >= unprivileged {
		return nil
	}
	return []Notice{{
		Level:   slog.LevelWarn,
		Key:     PortKey,
		Message: "port below 1024 needs extra rights",
		Attrs:   []slog.Attr{slog.Int("port", c.Server.Port)},
	}}
}
