package services

import (
	"context"
	"log"
	"log/slog"
	"strings"
)

// serverLog takes the lines that net/http writes to its ErrorLog. Most are about what clients do, and interest nobody;
// what is about the server itself is a warning.
type serverLog struct{ logger *slog.Logger }

func newServerLog(logger *slog.Logger) *log.Logger { return log.New(serverLog{logger}, "", 0) }

// Write logs the first line. What follows is a stack, for debugging.
func (l serverLog) Write(p []byte) (int, error) {
	line, rest, _ := strings.Cut(strings.TrimSpace(string(p)), "\n")
	level := slog.LevelDebug
	if strings.Contains(line, "Accept error") || strings.Contains(line, "panic serving") {
		level = slog.LevelWarn
	}
	l.logger.Log(context.Background(), level, "message of the HTTP server", "detail", line)
	if rest != "" {
		l.logger.Debug("rest of the message of the HTTP server", "detail", rest)
	}
	return len(p), nil
}
