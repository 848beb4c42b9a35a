package config

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func mustLoad(t *testing.T, in Input) *Settings {
	t.Helper()
	s, err := Load(in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// value returns the value of a key and its origin.
func value(t *testing.T, s *Settings, key string) (string, string) {
	t.Helper()
	for _, v := range s.Values {
		if v.Key == key {
			return v.Value, v.Origin
		}
	}
	t.Fatalf("no value for %s", key)
	return "", ""
}

func TestLoad(t *testing.T) {
	home := t.TempDir()

	t.Run("AllSourcesAreReportedAtOnce", func(t *testing.T) {
		_, err := Load(Input{
			Home:  home,
			File:  write(t, "x = 1\n[server]\nport = 0\n"),
			Env:   []string{"VPO_SERVER_PORT=abc", "VPO_LOGGING_LEVEL=loud", "VPO_DATABASE_PATH=~bob/x"},
			Flags: []Flag{{Name: "--shutdown-timeout", Key: "server.shutdown_timeout", Value: "soon"}},
		})
		wantProblems(t, err,
			"c.toml:1:1: x: unknown key",
			"c.toml:3:1: server.port: 0 is out of range; use a port from 1 to 65535",
			`environment VPO_DATABASE_PATH: "~bob" is not understood`,
			`environment VPO_SERVER_PORT: "abc" is no port; write a whole number from 1 to 65535`,
			`environment VPO_LOGGING_LEVEL: "loud" is no log level; use debug, info, warning or error`,
			`flag --shutdown-timeout: "soon" is no duration; write a number of seconds, or a duration such as "30s"`)
		if n := strings.Count(err.Error(), "\n"); n != 5 {
			t.Errorf("%d line breaks in %q", n, err)
		}
	})
	t.Run("BadValueThatIsOverriddenIsStillTold", func(t *testing.T) {
		_, err := Load(Input{Home: home, File: write(t, "server.port = 0"), Env: []string{"VPO_SERVER_PORT=1234"}})
		wantProblems(t, err, "c.toml:1:8: server.port")
	})
	t.Run("MalformedFileDoesNotHideTheEnvironment", func(t *testing.T) {
		_, err := Load(Input{Home: home, File: write(t, "a = "), Env: []string{"VPO_SERVER_PORT=0"}})
		wantProblems(t, err, "c.toml:1:", "environment VPO_SERVER_PORT: 0 is out of range")
	})
	t.Run("FlagOfNoKeyIsAnError", func(t *testing.T) {
		for _, key := range []string{"server.prot", "data_dir", ""} {
			_, err := Load(Input{Home: home, Flags: []Flag{{Name: "--x", Key: key, Value: "1"}}})
			if err == nil || !strings.Contains(err.Error(), "flag --x cannot set") {
				t.Errorf("key %q: %v", key, err)
			}
		}
	})
	t.Run("NothingSetIsTheDefaults", func(t *testing.T) {
		s := mustLoad(t, Input{Home: home, SystemFile: filepath.Join(home, "none")})
		if want := Default(filepath.Join(home, ".vpo")); s.Config != want {
			t.Errorf("got %+v, want %+v", s.Config, want)
		}
		if s.File != "" || len(s.Notices) != 0 {
			t.Errorf("file %q, notices %v", s.File, s.Notices)
		}
		want := "[{data_dir " + home + "/.vpo default VPO_DATA_DIR} {database_path " + home + "/.vpo/library.db default VPO_DATABASE_PATH} " +
			"{server.bind 127.0.0.1 default VPO_SERVER_BIND} {server.port 8321 default VPO_SERVER_PORT} " +
			"{server.shutdown_timeout 30s default VPO_SERVER_SHUTDOWN_TIMEOUT} {server.auth_token  default VPO_AUTH_TOKEN} " +
			"{logging.level info default VPO_LOG_LEVEL} {logging.format text default VPO_LOG_FORMAT} " +
			"{tools.ffprobe  default VPO_FFPROBE_PATH}]"
		if got := fmt.Sprint(s.Values); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("FlagsGoBeforeEnvironmentBeforeFile", func(t *testing.T) {
		in := Input{Home: home, File: write(t, "[server]\nport = 1111\n")}
		file := in.File
		for _, step := range []struct{ value, origin string }{
			{"1111", file + ":2"}, {"2222", "environment VPO_SERVER_PORT"}, {"3333", "flag --port"}, {"4444", "flag -p"},
		} {
			v, origin := value(t, mustLoad(t, in), "server.port")
			if v != step.value || origin != step.origin {
				t.Errorf("got %s from %s, want %s from %s", v, origin, step.value, step.origin)
			}
			switch {
			case in.Env == nil:
				in.Env = []string{"VPO_SERVER_PORT=2222"}
			case in.Flags == nil:
				in.Flags = []Flag{{Name: "--port", Key: "server.port", Value: "3333"}}
			default:
				in.Flags = append(in.Flags, Flag{Name: "-p", Key: "server.port", Value: "4444"})
			}
		}
	})
	t.Run("EveryKeyHasAllItsSources", func(t *testing.T) {
		c := Config{
			DataDir: "/data", DatabasePath: "/db", Server: ServerConfig{"::1", 1234, 90 * time.Second, token},
			Logging: LoggingConfig{slog.LevelWarn, "json"}, Tools: ToolsConfig{"/bin/ffprobe"},
		}
		raw := map[string]string{"server.auth_token": token, "server.shutdown_timeout": "1m30s"}
		var env, regular []string
		flags := []Flag{}
		for _, k := range keys {
			if _, ok := raw[k.name]; !ok {
				raw[k.name] = show(k.get(c))
			}
			env = append(env, k.env+"="+raw[k.name])
			regular = append(regular, regularEnv(k.name)+"="+raw[k.name])
			if k.role != folder {
				flags = append(flags, Flag{Name: "--x", Key: k.name, Value: raw[k.name]})
			}
		}
		for name, in := range map[string]Input{
			"own names": {Env: env}, "regular names": {Env: regular}, "flags": {Env: []string{"VPO_DATA_DIR=/data"}, Flags: flags},
		} {
			in.SystemFile = filepath.Join(home, "none")
			if got := mustLoad(t, in).Config; got != c {
				t.Errorf("%s: got %+v, want %+v", name, got, c)
			}
		}
	})
	t.Run("LoadedConfigIsValid", func(t *testing.T) {
		if err := mustLoad(t, Input{Home: home}).Config.Validate(); err != nil {
			t.Error(err)
		}
	})
}

func TestEnvironment(t *testing.T) {
	load := func(t *testing.T, env ...string) *Settings {
		return mustLoad(t, Input{Home: "/home/vpo", SystemFile: "/nonexistent", Env: env})
	}
	t.Run("UnknownVariableIsWarnedOfWithoutItsValue", func(t *testing.T) {
		s := load(t, "VPO_SERVER_PROT="+token, "VPO_AUTHTOKEN="+token, "PATH=/bin", "VPO_", "VPOX=1", "VPO_EMPTY=", "=x", "")
		want := "[{WARN  unknown environment variable is ignored [name=VPO_AUTHTOKEN nearest=VPO_AUTH_TOKEN]} " +
			"{WARN  unknown environment variable is ignored [name=VPO_SERVER_PROT nearest=VPO_SERVER_PORT]}]"
		if got := fmt.Sprint(s.Notices); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("VariableOfPythonIsNamedAsUnused", func(t *testing.T) {
		s := load(t, "VPO_PLUGIN_AUTO_LOAD=1", "VPO_JOBS_AUTO_PURGE=1", "VPO_LOGGING_FILE=x", "VPO_TOOLS_DETECTION_X=1",
			"VPO_RADARR_API_KEY="+token)
		want := "[{INFO  settings of the Python program are not used [environment=[VPO_JOBS_AUTO_PURGE VPO_LOGGING_FILE " +
			"VPO_PLUGIN_AUTO_LOAD VPO_RADARR_API_KEY VPO_TOOLS_DETECTION_X]]}]"
		if got := fmt.Sprint(s.Notices); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("OwnVariablesAreNoneOfPython", func(t *testing.T) {
		for _, k := range keys {
			if isPythonVariable(k.env) || isPythonVariable(regularEnv(k.name)) {
				t.Error(k.name)
			}
		}
	})
	t.Run("EmptyVariableIsUnset", func(t *testing.T) {
		s := load(t, "VPO_SERVER_PORT=", "VPO_DATA_DIR=", "VPO_CONFIG_PATH=", "VPO_LOG_LEVEL=", "VPO_LOGGING_LEVEL=debug")
		if s.Config.Server.Port != 8321 || s.Config.DataDir != "/home/vpo/.vpo" || s.Config.Logging.Level != slog.LevelDebug {
			t.Errorf("got %+v", s.Config)
		}
	})
	t.Run("OwnNameGoesBeforeTheRegularOne", func(t *testing.T) {
		s := load(t, "VPO_LOGGING_LEVEL=debug", "VPO_LOG_LEVEL=error")
		if v, origin := value(t, s, "logging.level"); v != "error" || origin != "environment VPO_LOG_LEVEL" {
			t.Errorf("got %s from %s", v, origin)
		}
	})
	t.Run("SpaceAroundANumberIsIgnored", func(t *testing.T) {
		s := load(t, "VPO_SERVER_PORT= 8322\n", "VPO_SERVER_SHUTDOWN_TIMEOUT=2.5 ")
		if s.Config.Server.Port != 8322 || s.Config.Server.ShutdownTimeout != 2500*time.Millisecond {
			t.Errorf("got %+v", s.Config.Server)
		}
	})
}

func TestPaths(t *testing.T) {
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("TildeWithoutHomeIsAProblem", func(t *testing.T) {
		_, err := Load(Input{SystemFile: "/nonexistent", Env: []string{"VPO_DATABASE_PATH=~/x.db"}})
		wantProblems(t, err, "environment VPO_DATABASE_PATH: the home directory that ~ stands for is not known; set HOME")
		_, err = Load(Input{SystemFile: "/nonexistent", Env: []string{"VPO_DATA_DIR=~"}})
		wantProblems(t, err, "environment VPO_DATA_DIR: the home directory")
	})
	t.Run("HomeThatIsNeededIsAskedFor", func(t *testing.T) {
		_, err := Load(Input{SystemFile: "/nonexistent"})
		wantProblems(t, err, "environment HOME: is not set ... set HOME or VPO_DATA_DIR, or name the database with --db")
	})
	t.Run("HomeIsNotAskedForWithoutNeed", func(t *testing.T) {
		s := mustLoad(t, Input{SystemFile: "/nonexistent", Env: []string{"VPO_DATABASE_PATH=/x.db"}})
		if s.Config.DataDir != "" || s.Config.DatabasePath != "/x.db" {
			t.Errorf("got %+v", s.Config)
		}
		s = mustLoad(t, Input{SystemFile: "/nonexistent", Env: []string{"VPO_DATA_DIR=/d"}})
		if s.Config.DatabasePath != "/d/library.db" {
			t.Errorf("got %+v", s.Config)
		}
	})
	t.Run("OtherUsersHomeIsRefused", func(t *testing.T) {
		_, err := Load(Input{Home: "/h", SystemFile: "/nonexistent", Env: []string{"VPO_FFPROBE_PATH=~bob/ffprobe"}})
		wantProblems(t, err, `environment VPO_FFPROBE_PATH: "~bob" is not understood`)
	})
	t.Run("EmptyFlagIsRefused", func(t *testing.T) {
		_, err := Load(Input{Home: "/h", SystemFile: "/nonexistent", Flags: []Flag{{"--db", "database_path", ""}}})
		wantProblems(t, err, "flag --db: is empty; name the database file")
	})
	t.Run("NULIsRefused", func(t *testing.T) {
		_, err := loadText(t, `database_path = "a\u0000b"`)
		wantProblems(t, err, "c.toml:1:1: database_path: holds a NUL")
	})
	t.Run("TheyAreAbsolute", func(t *testing.T) {
		s := mustLoad(t, Input{
			Home:       "/home/vpo",
			SystemFile: "/nonexistent",
			Env:        []string{"VPO_DATA_DIR=~", "VPO_FFPROBE_PATH=./bin/../ffprobe"},
			Flags:      []Flag{{"--db", "database_path", "films.db"}},
		})
		if s.Config.DataDir != "/home/vpo" || s.Config.Tools.FFprobe != filepath.Join(cwd, "ffprobe") ||
			s.Config.DatabasePath != filepath.Join(cwd, "films.db") {
			t.Errorf("got %+v", s.Config)
		}
	})
	t.Run("BareNameOfACommandIsLeftToPATH", func(t *testing.T) {
		s := mustLoad(t, Input{Home: "/h", SystemFile: "/nonexistent", Env: []string{"VPO_FFPROBE_PATH=ffprobe7"}})
		if s.Config.Tools.FFprobe != "ffprobe7" {
			t.Errorf("got %q", s.Config.Tools.FFprobe)
		}
	})
	t.Run("EmptyTextInTheFileIsUnset", func(t *testing.T) {
		s, err := loadText(t, "database_path = ''\nserver.auth_token = ''\ntools.ffprobe = ''\n")
		if err != nil {
			t.Fatal(err)
		}
		if want := Default("/home/vpo/.vpo"); s.Config != want {
			t.Errorf("got %+v, want %+v", s.Config, want)
		}
		if _, origin := value(t, s, "database_path"); origin != "default" {
			t.Errorf("database_path comes from %s", origin)
		}
	})
}

func TestPortNotice(t *testing.T) {
	for port, want := range map[string]int{"1": 1, "80": 1, "1023": 1, "1024": 0, "65535": 0} {
		s := mustLoad(t, Input{Home: "/h", SystemFile: "/nonexistent", Env: []string{"VPO_SERVER_PORT=" + port}})
		if len(s.Notices) != want {
			t.Errorf("port %s: notices %v", port, s.Notices)
		}
		for _, n := range s.Notices {
			if n.Key != PortKey || n.Level != slog.LevelWarn {
				t.Errorf("port %s: notice %+v", port, n)
			}
		}
	}
}

func TestConfigHasAKeyForEveryField(t *testing.T) {
	fields := 0
	var count func(reflect.Type)
	count = func(s reflect.Type) {
		for f := range s.Fields() {
			if f.Type.Kind() == reflect.Struct {
				count(f.Type)
			} else {
				fields++
			}
		}
	}
	count(reflect.TypeFor[Config]())
	if fields != len(keys) {
		t.Errorf("%d fields, %d keys", fields, len(keys))
	}
}
