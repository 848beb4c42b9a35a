package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write puts text into a file and returns its path.
func write(t *testing.T, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// loadText loads a file with the given text, on a system on which nothing else is set.
func loadText(t *testing.T, text string) (*Settings, error) {
	t.Helper()
	return Load(Input{File: write(t, text), Home: "/home/vpo"})
}

// problemsOf returns the problems of err, one line each, with the folder of a file cut off.
func problemsOf(t *testing.T, err error) []string {
	t.Helper()
	p, ok := errors.AsType[*Problems](err)
	if !ok {
		t.Fatalf("got %v (%T), want problems", err, err)
	}
	var out []string
	for _, problem := range p.List() {
		problem.Source = filepath.Base(problem.Source)
		out = append(out, problem.String())
	}
	return out
}

// wantProblems compares problems by beginning and content: each is "source: key" + " ... " + a part of the message.
func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	got := problemsOf(t, err)
	if len(got) != len(want) {
		t.Fatalf("got %d problems, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i, w := range want {
		begin, part, _ := strings.Cut(w, " ... ")
		if !strings.HasPrefix(got[i], begin) || !strings.Contains(got[i], part) {
			t.Errorf("problem %d: got %q, want %q", i, got[i], w)
		}
	}
}

func TestFile(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"MalformedLineIsNamed": {
			"[server]\nport = = 1\n", []string{"c.toml:2:8: malformed TOML: "}},
		"KeyThatIsSetTwiceIsMalformed": {
			"[server]\nport = 1\nport = 2\n", []string{"c.toml:3:1: malformed TOML: key port is already defined; "}},
		"UnknownKeyHasItsNearest": {
			"[server]\nprot = 1\n", []string{`c.toml:2:1: server.prot: unknown key; the nearest known key is "server.port"`}},
		"UnknownTableIsToldOnce": {
			"[servr]\nport = 1\nbind = 2\n[servr.more]\nx = 1\n",
			[]string{`c.toml:1:2: servr: unknown key; the nearest known key is "server"`}},
		"KeyOutsideItsTableIsRecognised": {
			"port = 1\n", []string{`c.toml:1:1: port: unknown key; the nearest known key is "server.port"`}},
		"KeyInTheWrongTableIsRecognised": {
			"[server]\nformat = \"json\"\n",
			[]string{`c.toml:2:1: server.format: unknown key; the nearest known key is "logging.format"`}},
		"TypingErrorInASectionOfPythonIsUnknown": {
			"[jbos]\nx = 1\n", []string{`c.toml:1:2: jbos: unknown key; the nearest known key is "jobs"`}},
		"CaseMatters": {
			"[Server]\n", []string{`c.toml:1:2: Server: unknown key; the nearest known key is "server"`}},
		"DottedKeyPointsAtTheUnknownPart": {
			"server . prot = 1\n", []string{"c.toml:1:10: server.prot: unknown key"}},
		"QuotedKeyIsNotADottedOne": {
			"\"server.port\" = 1\n'' = 2\n\"a\\nb\" = 3\n",
			[]string{`c.toml:1:1: "server.port": unknown`, `c.toml:2:1: "": unknown`, `c.toml:3:1: "a\nb": unknown`}},
		"QuotedPartsCountAsBare": {
			"[ \"server\" ]\n'port' = 0\n", []string{"c.toml:2:1: server.port: 0 is out of range"}},
		"InlineTableHasPositions": {
			"server = { port = 0, x = 1 }\n", []string{"c.toml:1:12: server.port: 0 is out", "c.toml:1:22: server.x: unknown"}},
		"NestedInlineTableIsUnknownOnce": {
			"x = { y = { z = [ { port = 1 } ] } }\n", []string{"c.toml:1:1: x: unknown"}},
		"ListOfTablesIsUnknownOnce": {
			"[[x.y]]\na = 1\n[[x.y]]\nb = 1\n[[x.y.z]]\n", []string{"c.toml:1:3: x: unknown"}},
		"ListOfTablesIsNoSection": {
			"[[server]]\nport = 1\n[[server]]\nport = 2\n",
			[]string{"c.toml:1:3: server: found a list of tables; write the table [server]"}},
		"SectionIsNoValue": {
			"server = 8321\nlogging = [ {level = 1} ]\n",
			[]string{"c.toml:1:1: server: found a whole number; write the table [server]", "c.toml:2:1: logging: found a list"}},
		"KeyIsNoTable": {
			"[server.port]\nx = 1\ny = 2\n[tools]\nffprobe = {}\n[logging]\nlevel.x = 1\n",
			[]string{"c.toml:1:9: server.port: found a table", "c.toml:5:1: tools.ffprobe: found a table", "c.toml:7:1: logging.level: found a table"}},
		"DataDirectoryIsNotForTheFile": {
			"data_dir = \"/x\"\n", []string{"c.toml:1:1: data_dir: cannot be set in the file ... VPO_DATA_DIR"}},
		"EveryProblemIsTold": {
			"x = 1\ndatabase_path = 5\n[server]\nport = \"8321\"\nbind = \"a b\"\nshutdown_timeout = 0\n[logging]\nlevel = \"loud\"\n",
			[]string{"c.toml:1:1: x: unknown", "c.toml:2:1: database_path: found a whole number",
				"c.toml:4:1: server.port: found a string ... without quotes", `c.toml:5:1: server.bind: "a b"`,
				"c.toml:6:1: server.shutdown_timeout: is out of range", `c.toml:8:1: logging.level: "loud"`}},
		"CRLFCountsAsOneLine": {
			"[server]\r\nbind = 'a'\r\nport = 0\r\n", []string{"c.toml:3:1: server.port"}},
		"CarriageReturnAloneIsMalformed": {
			"[server]\rport = 1\r", []string{"c.toml:1:9: malformed TOML"}},
		"ByteOrderMarkIsSkipped": {
			"\ufeff[server]\nport = 0\n", []string{"c.toml:2:1: server.port"}},
		"InvalidUTF8IsNamed": {
			"[server]\nbind = '\xe4'\n", []string{"c.toml:2:9: is not UTF-8 text; save the file as UTF-8"}},
		"UTF16IsNamed": {
			"\xff\xfe[\x00s\x00", []string{"c.toml:1:1: is not UTF-8 text"}},
		"NULIsMalformed": {
			"[server]\x00\n", []string{"c.toml:1:9: malformed TOML"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadText(t, c.text)
			wantProblems(t, err, c.want...)
		})
	}
	t.Run("WrongFileIsNotTranscribed", func(t *testing.T) {
		var b strings.Builder
		for i := range 5_000 {
			fmt.Fprintf(&b, "line%d = 1\n", i)
		}
		_, err := loadText(t, b.String())
		got := problemsOf(t, err)
		if len(got) != maxFileProblems+1 || !strings.HasSuffix(got[maxFileProblems], "the rest of the file was not checked") {
			t.Errorf("got %d problems, the last is %q", len(got), got[len(got)-1])
		}
	})
	t.Run("LongKeyIsCut", func(t *testing.T) {
		_, err := loadText(t, strings.Repeat("k", 100_000)+" = 1\n")
		if got := err.Error(); len(got) > 400 {
			t.Errorf("%d bytes of error", len(got))
		}
	})
}

func TestPythonOnlyKeys(t *testing.T) {
	s, err := loadText(t, `
[tools]
ffmpeg = "/opt/ffmpeg"
ffprobe = "/opt/ffprobe"
detection = { cache_ttl_hours = 24 }
[server]
port = 8322
rate_limit.enabled = true
[logging]
file = "~/vpo.log"
max_bytes = "any type"
[jobs]
retention_days = 30
temp_directory = "/tmp"
[[plugins.metadata]]
url = "http://localhost"
`)
	if err != nil {
		t.Fatal(err)
	}
	if s.Config.Server.Port != 8322 || s.Config.Tools.FFprobe != "/opt/ffprobe" {
		t.Errorf("the keys beside them are lost: %+v", s.Config)
	}
	want := "[tools.ffmpeg tools.detection server.rate_limit logging.file logging.max_bytes jobs plugins]"
	if len(s.Notices) != 1 || s.Notices[0].Attrs[0].Value.String() != want {
		t.Errorf("got notices %v, want one with %s", s.Notices, want)
	}
}

func TestNearest(t *testing.T) {
	for typed, want := range map[string]string{
		"server.prot":               "server.port",
		"database-path":             "database_path",
		"databse_path":              "database_path",
		"db_path":                   "database_path",
		"log.level":                 "logging.level",
		"SERVER.BIND":               "server.bind",
		"server.shutdown":           "server.shutdown_timeout",
		"server.token":              "server.auth_token",
		"ffprobe":                   "tools.ffprobe",
		"loging":                    "logging",
		"":                          "jobs",
		strings.Repeat("x", 10<<10): "logging.max_bytes",
	} {
		if got := nearest(typed, fileNames()); got != want {
			t.Errorf("nearest to %.20q is %q, want %q", typed, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"kitten", "sitting", 3}, {"port", "prot", 2}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance of %q and %q is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// FuzzFile feeds any text as a file: Load must not panic, must place its problems inside the file, one a line, and must
// return a configuration that is valid. A token in the file is never shown.
func FuzzFile(f *testing.F) {
	const token = "Xyzzy-Plugh-0123456789"
	f.Add("[server]\nport = 80\nauth_token = \"" + token + "\"\n")
	f.Add("[server]\nauth_token = " + token + "\nport = 1e99999\n")
	f.Add("server = { port = 1, auth_token = '" + token + "', x.y = [ {} ] }\n[[a.\"b c\"]]\n'' = 1")
	f.Add("\ufeff[server]\r\n[server.port.x]\r\n[[logging]]\r\nlevel = 1")
	f.Add("database_path = '~a'\n[tools]\nffprobe = \"\\u0000\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		l := loader{home: "/home/vpo"}
		d := document{path: "c.toml", problems: &l.problems}
		var out []setting
		d.set = func(s setting) {
			out = append(out, s)
			l.read(layer{}, s)
		}
		d.read([]byte(text))

		known := strings.Count(text, token) == 1 &&
			slices.ContainsFunc(out, func(s setting) bool { return s.raw == token && s.key.role == secret })
		lines := strings.Count(text, "\n") + 1
		for _, p := range l.problems.list {
			line := p.String()
			if strings.ContainsAny(line, "\n\r") || !strings.HasPrefix(line, "c.toml") {
				t.Errorf("problem %q", line)
			}
			if known && strings.Contains(p.Message, token) {
				t.Errorf("token shown in %q", line)
			}
			if n := lineOf(p.Source); n > lines {
				t.Errorf("%q is beyond line %d", line, lines)
			}
		}
	})
}

// lineOf returns the line of "path:line:column", and 0 where there is none.
func lineOf(source string) int {
	n := 0
	if parts := strings.Split(source, ":"); len(parts) == 3 {
		for _, digit := range parts[1] {
			n = n*10 + int(digit-'0')
		}
	}
	return n
}
