package services

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// ErrNoDaemon is that nobody listens where a daemon was looked for.
var ErrNoDaemon = errors.New("no daemon listens")

// RefusedError is why a daemon did not do what it was asked for.
type RefusedError struct{ Reason string }

// Error returns the reason, in the daemon's words.
func (e *RefusedError) Error() string { return e.Reason }

// AskReload asks the daemon whose Control listens at path for a reload and returns what it tells. The error is
// ErrNoDaemon where nobody listens there, and a *RefusedError where the daemon goes on as it was.
func AskReload(ctx context.Context, path string) (string, error) {
	name, done, err := socketPath(path)
	if err != nil {
		return "", noDaemon(err)
	}
	defer done()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", name)
	if err != nil {
		return "", noDaemon(err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })()
	if _, err := io.WriteString(conn, controlReload); err != nil {
		return "", fmt.Errorf("ask for a reload: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, maxAnswer))
	if err != nil {
		return "", fmt.Errorf("wait for the outcome of the reload: %w", err)
	}
	if text, ok := strings.CutPrefix(string(answer), controlDone); ok {
		return plain(text), nil
	}
	if reason, ok := strings.CutPrefix(string(answer), controlNo); ok {
		return "", &RefusedError{Reason: plain(reason)}
	}
	return "", errors.New("the daemon ended before it told the outcome of the reload")
}

// plain is text that a terminal can do nothing with but print it: whoever may write to the folder can listen there.
func plain(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text))
}

// Listens tells whether a daemon's Control listens at path.
func Listens(ctx context.Context, path string) bool {
	name, done, err := socketPath(path)
	if err != nil {
		return false
	}
	defer done()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", name)
	if err != nil {
		return false
	}
	_ = conn.Close() // a question that never comes is nothing to it
	return true
}

// noDaemon makes ErrNoDaemon of the errors that say so.
func noDaemon(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOTDIR) {
		return ErrNoDaemon
	}
	return fmt.Errorf("ask for a reload: %w", err)
}
