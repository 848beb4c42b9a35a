// Package logging writes log records as lines to one stream, in the three shapes that vpo offers: text for people, text
// for the systemd journal, and JSON for machines.
//
//	2026-01-02T03:04:05.678Z INFO vpo.http request served status=200 took=1.2ms
//	<6>INFO vpo.http request served status=200 took=1.2ms
//	{"timestamp":"2026-01-02T03:04:05.678Z","level":"INFO","logger":"vpo.http","message":"request served","status":200,"took":0.0012}
//
// In the journal a line of JSON has the priority prefix, too. Every record is one line and one write, whatever it holds,
// so that a priority always stands for the whole of it: line breaks, control characters and invalid UTF-8 are
// escaped. A duration is written for reading in text, and as a number of seconds in JSON. Groups are dotted keys in text
// and nested objects in JSON. A field of a JSON line that would repeat one of the four leading names gets an underscore
// appended.
//
// A logger is built once, in main, and passed to whoever needs it; the package keeps no state of its own.
package logging

import (
	"io"
	"log/slog"
)

// rootLogger is the name that records carry before Named has given another.
const rootLogger = "vpo"

// loggerKey is the attribute by which a logger is named.
const loggerKey = "logger"

// Options are the choices of New.
type Options struct {
	Level   slog.Leveler // lowest level that is written; a *slog.LevelVar can change it later; nil is Info
	Format  string       // "json", or anything else for text
	Journal bool         // the stream is the systemd journal's: lines get a priority prefix, and text no time
}

// New returns a logger, named "vpo", that writes one line a record to w. It may be used from several goroutines at once.
func New(w io.Writer, o Options) *slog.Logger {
	return slog.New(newHandler(w, o))
}

// Named returns a logger whose records carry name, "vpo.http", in the logger field. The newest name holds. Name a logger
// before opening a group on it: inside a group the name would be an ordinary field.
func Named(l *slog.Logger, name string) *slog.Logger {
	return l.With(slog.String(loggerKey, name))
}

// levelName returns the name of the highest of the four levels that does not lie above l.
func levelName(l slog.Level) string {
	switch {
	case l < slog.LevelInfo:
		return "DEBUG"
	case l < slog.LevelWarn:
		return "INFO"
	case l < slog.LevelError:
		return "WARNING"
	default:
		return "ERROR"
	}
}
