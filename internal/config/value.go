package config

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// words is a raw value that came as text, from the environment or a flag, where a number has no quotes to tell it from a
// string. Raw values of the file are what go-toml makes of them: string, int64, float64, bool and so on.
type words string

const wantDuration = `a number of seconds, or a duration such as "30s"`

const (
	minTokenLength     = 16 // characters
	maxShutdownTimeout = time.Hour
	maxQuoted          = 60 // bytes of what a user wrote that are shown again
)

// mismatch says that a raw value has the wrong type. It never holds the value itself.
func mismatch(raw any, want string) error {
	return fmt.Errorf("found %s; write %s", typeName(raw), want)
}

// typeName names the type of a raw value in terms of TOML.
func typeName(raw any) string {
	switch raw.(type) {
	case words, string:
		return "a string"
	case int64:
		return "a whole number"
	case float64:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	default:
		return "a date or time"
	}
}

// text reads a string.
func text(raw any) (string, error) {
	switch v := raw.(type) {
	case words:
		return string(v), nil
	case string:
		return v, nil
	default:
		return "", mismatch(raw, "a string in quotes")
	}
}

func parseSecret(raw any) (Secret, error) {
	s, err := text(raw)
	return Secret(s), err
}

func parsePort(raw any) (int, error) {
	const want = "a whole number from 1 to 65535"
	var digits string
	switch v := raw.(type) {
	case words:
		digits = strings.TrimSpace(string(v))
	case int64:
		digits = strconv.FormatInt(v, 10)
	case string:
		return 0, mismatch(raw, want+", without quotes")
	default:
		return 0, mismatch(raw, want)
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, fmt.Errorf("%s is no port; write %s", quote(digits), want)
	}
	return n, nil
}

func checkPort(port int) error {
	if port < 1 || port > 65535 {
		return fmt.Errorf("%d is out of range; use a port from 1 to 65535", port)
	}
	return nil
}

// parseSeconds reads a number of seconds, or a duration.
func parseSeconds(raw any) (time.Duration, error) {
	switch v := raw.(type) {
	case int64:
		return seconds(float64(v)), nil
	case float64:
		return seconds(v), nil
	case words:
		return parseDuration(string(v))
	case string:
		return parseDuration(v)
	default:
		return 0, mismatch(raw, wantDuration)
	}
}

// parseDuration reads a number of seconds without a unit, or a duration as time.ParseDuration has it.
func parseDuration(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	if number, err := strconv.ParseFloat(s, 64); err == nil {
		return seconds(number), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%s is no duration; write %s", quote(s), wantDuration)
	}
	return d, nil
}

// seconds converts a number of seconds. What no Duration can hold becomes one that no rule allows.
func seconds(n float64) time.Duration {
	const most = float64(math.MaxInt64 / int64(time.Second))
	switch {
	case math.IsNaN(n) || n < 0:
		return -1
	case n > most:
		return math.MaxInt64
	default:
		return time.Duration(math.Round(n * float64(time.Second)))
	}
}

func checkShutdownTimeout(d time.Duration) error {
	if d <= 0 || d > maxShutdownTimeout {
		return errors.New("is out of range; use more than 0 and at most 3600 seconds")
	}
	return nil
}

// checkAuthToken speaks of the token's shape only.
func checkAuthToken(token Secret) error {
	s := token.Reveal()
	switch {
	case s == "":
		return nil
	case strings.TrimSpace(s) != s:
		return errors.New("starts or ends with white space; remove it")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return errors.New("holds characters that cannot be typed; use letters, digits and punctuation")
	case utf8.RuneCountInString(s) < minTokenLength:
		return fmt.Errorf("is too short; use at least %d characters", minTokenLength)
	}
	return nil
}

// ParseLevel reads the name of a log level, debug, info, warning (or warn) or error, in any case.
func ParseLevel(name string) (slog.Level, error) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warning", "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	default:
		return 0, fmt.Errorf("%s is no log level; use debug, info, warning or error", quote(name))
	}
}

func parseLevel(raw any) (slog.Level, error) {
	s, err := text(raw)
	if err != nil {
		return 0, err
	}
	return ParseLevel(s)
}

func checkLevel(l slog.Level) error {
	if levelName(l) == "" {
		return fmt.Errorf("%d is no log level; use debug, info, warning or error", l)
	}
	return nil
}

// levelName is the reverse of ParseLevel, and "" for a level between the four.
func levelName(l slog.Level) string {
	switch l {
	case slog.LevelDebug:
		return "debug"
	case slog.LevelInfo:
		return "info"
	case slog.LevelWarn:
		return "warning"
	case slog.LevelError:
		return "error"
	default:
		return ""
	}
}

func parseFormat(raw any) (string, error) {
	s, err := text(raw)
	return strings.ToLower(strings.TrimSpace(s)), err
}

func checkFormat(format string) error {
	if format != "text" && format != "json" {
		return fmt.Errorf("%s is no log format; use text or json", quote(format))
	}
	return nil
}

// parseBind reads an address, and takes the brackets off an IPv6 one.
func parseBind(raw any) (string, error) {
	s, err := text(raw)
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, "["); ok {
		inner, closed := strings.CutSuffix(inner, "]")
		if a, err := netip.ParseAddr(inner); closed && err == nil && a.Is6() {
			return inner, nil
		}
	}
	return s, err
}

func checkBind(bind string) error {
	if _, err := netip.ParseAddr(bind); err == nil || isHostName(bind) {
		return nil
	}
	hint := "use an IP address such as 127.0.0.1 or ::1, 0.0.0.0 for all interfaces, or a host name"
	if host, port, ok := strings.Cut(bind, ":"); ok && host != "" && !strings.Contains(port, ":") {
		hint = "use the address alone, and set the port by server.port"
	}
	return fmt.Errorf("%s is no address; %s", quote(bind), hint)
}

// isHostName tells whether s has the form of a host name (RFC 1123, section 2.1), underscores allowed as container names
// have them. A last label of digits alone is a mistyped IPv4 address.
func isHostName(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return false
	}
	labels := strings.Split(s, ".")
	for _, label := range labels {
		if !isLabel(label) {
			return false
		}
	}
	return strings.Trim(labels[len(labels)-1], "0123456789") != ""
}

func isLabel(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	return s != "" && len(s) <= 63 && strings.Trim(s, letters) == "" && s[0] != '-' && s[len(s)-1] != '-'
}

func checkPath(p string) error {
	if strings.ContainsRune(p, 0) {
		return errors.New("holds a NUL character; write the path without it")
	}
	return nil
}

func checkDatabasePath(p string) error {
	if p == "" {
		return errors.New("is empty; name the database file")
	}
	return checkPath(p)
}

// show renders a value for people; a secret is masked.
func show(v any) string {
	if level, ok := v.(slog.Level); ok {
		return levelName(level)
	}
	return fmt.Sprint(v)
}

// quote renders text that a user wrote, cut where it is long.
func quote(s string) string {
	if len(s) > maxQuoted {
		s = strings.ToValidUTF8(s[:maxQuoted], "") + "..."
	}
	return strconv.Quote(s)
}
