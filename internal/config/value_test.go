package config

import (
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"
)

// parseAs reads a raw value as the value of a key.
func parseAs(t *testing.T, name string, raw any) (any, error) {
	t.Helper()
	k, ok := findKey(name)
	if !ok {
		t.Fatalf("no key %s", name)
	}
	return k.parse(raw)
}

func TestValue(t *testing.T) {
	for _, c := range []struct {
		key     string
		refused []any
		allowed map[any]any
	}{
		{
			key: "server.port",
			refused: []any{int64(0), int64(-1), int64(65536), int64(1<<32 + 8321), int64(math.MinInt64), 8321.0, true, "8321",
				words("0"), words("65536"), words("8321.0"), words("0x50"), words("99999999999999999999"), words("http"),
				[]any{}, map[string]any{}, time.Time{}},
			allowed: map[any]any{int64(1): 1, int64(65535): 65535, words("8321"): 8321, words("08321"): 8321},
		},
		{
			key: "server.shutdown_timeout",
			refused: []any{int64(0), int64(-1), int64(3601), int64(math.MaxInt64), int64(math.MinInt64), 0.0, -0.5, 1e-10, 1e300,
				math.NaN(), math.Inf(1), math.Inf(-1), true, "", "soon", "0s", "-1s", "1h1s", "30 s", "1d", words("nan"),
				words("inf"), words("1e999"), words("0"), []any{int64(1)}},
			allowed: map[any]any{int64(30): 30 * time.Second, 30.0: 30 * time.Second, 0.5: 500 * time.Millisecond,
				"30s": 30 * time.Second, "1m30s": 90 * time.Second, "30": 30 * time.Second, "1h": time.Hour,
				int64(3600): time.Hour, words("2.5"): 2500 * time.Millisecond, words("250ms"): 250 * time.Millisecond},
		},
		{
			key: "server.bind",
			refused: []any{"", " ", "*", "a b", "127.0.0.1:8321", "[::1]:80", "[::1", "[127.0.0.1]", "256.1.1.1", "1.2.3", "::g", "-a",
				"a-", "a..b", "http://x", "übel", strings.Repeat("a", 64), strings.Repeat("a.", 127) + "a", int64(1), true},
			allowed: map[any]any{"127.0.0.1": "127.0.0.1", "0.0.0.0": "0.0.0.0", "::": "::", "::1": "::1", "[::1]": "::1",
				"fe80::1%eth0": "fe80::1%eth0", "localhost": "localhost", "my_container": "my_container",
				"nas.local.": "nas.local.", words("nas-1"): "nas-1", "1a": "1a"},
		},
		{
			key: "server.auth_token",
			refused: []any{"short", strings.Repeat("x", 15), "üüüüüüüüüüüüüüü", " 0123456789abcdef", "0123456789abcdef\n",
				"01234567\x0089abcdef", "0123456789abcdef\xff", strings.Repeat(" ", 20), int64(1234567890123456), true},
			allowed: map[any]any{"": Secret(""), "0123456789abcdef": Secret("0123456789abcdef"),
				words("two words are fine"): Secret("two words are fine")},
		},
		{
			key:     "logging.level",
			refused: []any{"", "loud", "critical", "notice", int64(20), true},
			allowed: map[any]any{"debug": slog.LevelDebug, "INFO": slog.LevelInfo, "warning": slog.LevelWarn, "Warn": slog.LevelWarn,
				words("error"): slog.LevelError},
		},
		{
			key:     "logging.format",
			refused: []any{"", "xml", "logfmt", int64(1)},
			allowed: map[any]any{"text": "text", "JSON": "json", words("json"): "json"},
		},
	} {
		for _, raw := range c.refused {
			if v, err := parseAs(t, c.key, raw); err == nil {
				t.Errorf("%s: %#v is allowed, as %v", c.key, raw, v)
			} else if msg := err.Error(); !strings.Contains(msg, "; ") || strings.Contains(msg, "\n") {
				t.Errorf("%s: %#v: %q does not say what to do, on one line", c.key, raw, msg)
			}
		}
		for raw, want := range c.allowed {
			if v, err := parseAs(t, c.key, raw); err != nil || v != want {
				t.Errorf("%s: %#v became %v, %v; want %v", c.key, raw, v, err, want)
			}
		}
	}
}

func TestBindWithPortIsExplained(t *testing.T) {
	_, err := parseAs(t, "server.bind", "0.0.0.0:80")
	if err == nil || !strings.Contains(err.Error(), "set the port by server.port") {
		t.Errorf("got %v", err)
	}
}

func TestValidateNamesEveryField(t *testing.T) {
	c := Config{
		Server:  ServerConfig{Port: 70000, ShutdownTimeout: -1, AuthToken: "short"},
		Logging: LoggingConfig{Level: 1, Format: "xml"},
		Tools:   ToolsConfig{FFprobe: "\x00"},
	}
	err := c.Validate()
	if err == nil {
		t.Fatal("it is valid")
	}
	for _, k := range keys {
		if k.role != folder && !strings.Contains(err.Error(), k.name+": ") {
			t.Errorf("%s is not named in:\n%v", k.name, err)
		}
	}
	if err := Default("/d").Validate(); err != nil {
		t.Errorf("the defaults are invalid: %v", err)
	}
}
