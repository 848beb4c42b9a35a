package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"vpo/internal/app"
	"vpo/internal/library"
	"vpo/internal/scan"
)

// scanFlags are the flags of vpo scan that are no setting.
type scanFlags struct {
	options    scan.Options
	extensions []string
	json       bool
	jsonLines  bool
	verbose    bool
}

func (c *cli) scanCommand() *cobra.Command {
	var flags scanFlags
	cmd := &cobra.Command{
		Use:   "scan DIR...",
		Short: "Catalogue the video files below some folders",
		Long: `Catalogue the video files below some folders, and create the database where there is none. The
files are read and never changed.

A scan reads only what is new or has changed since the last one. A file that cannot be read is kept
with its reason, and read again when it has changed. A file that was moved or renamed keeps its row.
Files that are gone are marked missing, except where their whole folder or disk is not there.

Hidden files, samples, and what a file .vpoignore or .nomedia names are passed over.

Interrupted (Ctrl-C), it keeps what is finished and exits with 130; SIGTERM gives 143.`,
		Example: `  vpo scan /srv/films /srv/series
  vpo scan --dry-run /srv/films
  vpo scan -e mkv,mp4 --json /srv/films | jq .files_new
  vpo scan --json-lines /srv/films | jq -r 'select(.outcome == "new").path'`,
		Args: folderArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.options.Roots = args
			flags.options.Extensions = flags.extensions
			return c.scan(cmd, flags)
		},
	}
	f := cmd.Flags()
	f.StringSliceVarP(&flags.extensions, "extensions", "e", nil, "only files with these extensions (default "+strings.Join(library.VideoExtensions(), ",")+")")
	f.BoolVar(&flags.options.Full, "full", false, "read unchanged files again, too, and accept a changed disk")
	f.BoolVar(&flags.options.VerifyHash, "verify-hash", false, "hash unchanged files, and read those again whose content has changed")
	f.BoolVar(&flags.options.DryRun, "dry-run", false, "say what would be done, and write nothing")
	f.BoolVar(&flags.options.SkipExtras, "skip-extras", false, "pass over trailers and other extras")
	f.BoolVar(&flags.options.Samples, "samples", false, "catalogue samples, too: short extracts that come with a film")
	f.BoolVar(&flags.json, "json", false, "print the summary as one JSON object")
	f.BoolVar(&flags.jsonLines, "json-lines", false, "print what happens as it happens, one JSON object a line; the summary is the last")
	f.IntVar(&flags.options.Workers, "workers", scan.DefaultWorkers, "files that are read at the same time")
	f.BoolVarP(&flags.verbose, "verbose", "v", false, "log more, and tell of links that were passed over or lead out of the folders")
	return cmd
}

// folderArgs asks for folders.
func folderArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError(cmd, errors.New("missing argument: the folders to scan"))
	}
	if slices.Contains(args, "") {
		return usageError(cmd, errors.New("the name of a folder is empty; is a variable not set?"))
	}
	return nil
}

func (c *cli) scan(cmd *cobra.Command, flags scanFlags) error {
	if flags.options.Workers < 1 {
		return usageError(cmd, fmt.Errorf("--workers is %d: use 1 or more", flags.options.Workers))
	}
	if flags.json && flags.jsonLines {
		return usageError(cmd, errors.New("--json and --json-lines exclude each other: one object, or one a line"))
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	settings, err := c.load(cmd)
	if err != nil {
		return err
	}
	terminal := newTerminal(c.stderr, os.Getenv)
	stderr := &screen{out: c.stderr, width: terminal.width}
	log, level := c.loggerTo(stderr, settings)
	if flags.verbose {
		level.Set(slog.LevelDebug)
	}
	notices(cmd.Context(), log, settings)
	meter := new(scan.Meter)
	report := c.scanReport(flags, terminal, stderr, meter, settings.Config.DatabasePath)
	summary, err := app.Scan(ctx, settings, log, flags.options, app.Watch{Meter: meter, Event: report.event})
	report.stop()
	if printErr := report.finish(summary, err); printErr != nil {
		return errors.Join(err, printErr)
	}
	return scanOutcome(ctx, summary, err)
}

// scanOutcome says how a scan exits: an interruption has the code of its signal.
func scanOutcome(ctx context.Context, summary scan.Summary, err error) error {
	if ctx.Err() == nil || (err == nil && !summary.Interrupted) {
		return err
	}
	code := signalCode(ctx)
	if cause := context.Cause(ctx); err != nil && err.Error() != cause.Error() && !errors.Is(err, context.Canceled) {
		return &outcome{code: code, err: fmt.Errorf("the scan was interrupted: %w", err)} // and something else went wrong
	}
	return &outcome{code: code, err: errors.New("the scan was interrupted; what was finished is kept, and the next scan goes on from there")}
}

// interrupted is the error of a command that a signal has ended: it has the code of that signal.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return &outcome{code: signalCode(ctx), err: errors.New("interrupted")}
}

// signalCode is the exit code for the signal that has ended ctx, as a shell has it.
func signalCode(ctx context.Context) int {
	if strings.Contains(context.Cause(ctx).Error(), syscall.SIGTERM.String()) {
		return 143
	}
	return 130
}

// scanReport is how a scan tells what it does and what came of it.
type scanReport struct {
	event  func(scan.Event) // nil for none
	stop   func()           // ends what is told while the scan runs
	finish func(scan.Summary, error) error
}

// scanReport chooses by the flags: a bar and a page for people, one JSON object, or a stream of JSON lines.
func (c *cli) scanReport(flags scanFlags, t terminal, stderr *screen, meter *scan.Meter, database string) scanReport {
	switch {
	case flags.jsonLines:
		stream := newEventStream(c.stdout)
		return scanReport{
			event: stream.file, stop: stream.start(meter),
			finish: func(s scan.Summary, _ error) error { return stream.finish(s) },
		}
	case flags.json:
		encoder := newEncoder(c.stdout)
		encoder.SetIndent("", "  ")
		return scanReport{stop: func() {}, finish: func(s scan.Summary, _ error) error { return encoder.Encode(s) }}
	}
	return scanReport{
		stop: startBar(t, stderr, meter),
		finish: func(s scan.Summary, err error) error {
			if flags.verbose {
				c.printNotes(s.Notes)
			}
			return c.printSummary(s, database, err)
		},
	}
}

// printNotes tells what is worth knowing and no error.
func (c *cli) printNotes(notes []scan.Note) {
	for _, n := range notes {
		fmt.Fprintf(c.stderr, "%s: %s\n", printable(n.Path), printable(n.Note))
	}
}

// printSummary tells people what came of a scan, unless it could not begin.
func (c *cli) printSummary(s scan.Summary, database string, err error) error {
	if began := err == nil || errors.Is(err, scan.ErrRoot) || s.Interrupted || s.FilesFound > 0; !began {
		return nil
	}
	for _, e := range s.Errors {
		fmt.Fprintf(c.stderr, "%s: %s\n", printable(e.Path), printable(e.Error))
	}
	width := newTerminal(c.stdout, os.Getenv).width()
	_, printErr := fmt.Fprint(c.stdout, describeScan(s, err, database, width))
	return printErr
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
