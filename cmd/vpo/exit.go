package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"vpo/internal/logging"
)

// The exit codes of every command. 130 and 143 are 128 + the signal, as a shell has it.
const (
	exitOK      = 0
	exitFailure = 1
)

// outcome is a command's end that fixes its exit code. err may be nil: then there is nothing left to report.
type outcome struct {
	code int
	err  error
}

func (o *outcome) Error() string {
	if o.err == nil {
		return fmt.Sprintf("exit code %d", o.code)
	}
	return o.err.Error()
}

func (o *outcome) Unwrap() error { return o.err }

// exitCode is the one place where an error becomes an exit code.
func exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	if o, ok := errors.AsType[*outcome](err); ok {
		return o.code
	}
	return exitFailure
}

// report tells the user why a command failed, once: as a log line where the log is read by a program, else as text.
func (c *cli) report(err error) {
	if o, ok := errors.AsType[*outcome](err); err == nil || (ok && o.err == nil) {
		return
	}
	message := strings.TrimRight(err.Error(), "\n")
	if c.logJSON || c.logJournal {
		log := logging.New(c.stderr, logging.Options{Level: slog.LevelInfo, Format: c.logFormat(), Journal: c.logJournal})
		for line := range strings.SplitSeq(message, "\n") {
			logging.Named(log, "vpo").Error(line) //nolint:sloglint // the text is the error, made for people
		}
		return
	}
	fmt.Fprintf(c.stderr, "%s: %s\n", programName(), message)
}

func (c *cli) logFormat() string {
	if c.logJSON {
		return "json"
	}
	return "text"
}

// usageError is a wrong command line: what is wrong, and how to see what is right.
func usageError(cmd *cobra.Command, err error) error {
	return fmt.Errorf("%w\nsee '%s --help'", err, cmd.CommandPath())
}

// withHint adds to cobra's error of an unknown command how to see the known ones.
func withHint(root *cobra.Command, err error) error {
	if err != nil && strings.HasPrefix(err.Error(), "unknown command ") && !strings.Contains(err.Error(), "--help") {
		return usageError(root, errors.New(strings.TrimSpace(err.Error())))
	}
	return err
}

// noArgs refuses arguments, by name.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError(cmd, fmt.Errorf("unexpected argument %q", args[0]))
	}
	return nil
}

// exactArgs asks for n arguments and says what they are where they are not there.
func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return usageError(cmd, fmt.Errorf("missing argument: %s", what))
		case len(args) > n:
			return usageError(cmd, fmt.Errorf("unexpected argument %q", args[n]))
		}
		return nil
	}
}
