package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"vpo/internal/services"
)

// controlSuffix makes the path of the library that of the socket at which its daemon takes requests for a reload. A
// daemon is known by its library, and can write beside it whatever else its unit forbids.
const controlSuffix = ".sock"

// controlPath is where the daemon of the library at database is asked. Both sides follow links, so that they agree.
func controlPath(database string) string {
	if target, err := filepath.EvalSymlinks(database); err == nil {
		database = target
	}
	return database + controlSuffix
}

// openControl lets vpo reload reach this daemon. Where that cannot be had the daemon does without: there is SIGHUP.
func (s *server) openControl(ctx context.Context) error {
	err := s.control.Open(ctx)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		s.log.Info("another daemon serves this library, too; vpo reload reaches that one, SIGHUP this one")
	case err != nil:
		s.log.Warn("vpo reload cannot reach this daemon, SIGHUP can", "error", err)
	}
	return nil
}

// Reload asks the daemon that serves the library at database to read its configuration again, and returns what changed.
// The error is why it did not, in words for the user.
func Reload(ctx context.Context, database string) (string, error) {
	text, err := services.AskReload(ctx, controlPath(database))
	refused, isRefused := errors.AsType[*services.RefusedError](err)
	switch {
	case err == nil:
		return text, nil
	case isRefused:
		return "", fmt.Errorf("the configuration was not reloaded: %w", refused)
	case errors.Is(err, services.ErrNoDaemon):
		return "", &absentError{database: database}
	case errors.Is(err, fs.ErrPermission):
		return "", fmt.Errorf("the daemon of %s belongs to another user: use sudo, or systemctl reload vpo", database)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "", errors.New("the daemon does not tell the outcome of the reload; its log has it")
	}
	return "", err
}

// ErrNoDaemon is that nobody serves the library.
var ErrNoDaemon = services.ErrNoDaemon

// absentError is ErrNoDaemon in words for the user.
type absentError struct{ database string }

func (e *absentError) Error() string {
	return "no daemon serves " + e.database + ": start it with vpo serve, or name its library with --db"
}

func (e *absentError) Unwrap() error { return ErrNoDaemon }
