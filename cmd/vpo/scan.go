package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode"

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
	verbose    bool
}

func (c *cli) scanCommand() *cobra.Command {
	var flags scanFlags
	cmd := &cobra.Command{
		Use:   "scan DIR...",
		Short: "Catalogue the video files below some folders",
		Long: `Catalogue the video files below some folders, and create the database where there is none. The
files are read and never changed.

A scan reads only what is new or has changed since the last one, by size and modification time.
A file that cannot be read is kept with its reason, and read again when it has changed. Files that
are gone are marked missing, except where their whole folder or disk is not there.

Interrupted (Ctrl-C), it keeps what is finished and exits with 130; SIGTERM gives 143.`,
		Example: `  vpo scan /srv/films /srv/series
  vpo scan --dry-run /srv/films
  vpo scan -e mkv,mp4 --json /srv/films | jq .files_new`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError(cmd, errors.New("missing argument: the folders to scan"))
			}
			if slices.Contains(args, "") {
				return usageError(cmd, errors.New("the name of a folder is empty; is a variable not set?"))
			}
			return nil
		},
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
	f.BoolVar(&flags.json, "json", false, "print the summary as one JSON object")
	f.IntVar(&flags.options.Workers, "workers", scan.DefaultWorkers, "files that are read at the same time")
	f.BoolVarP(&flags.verbose, "verbose", "v", false, "log more")
	return cmd
}

func (c *cli) scan(cmd *cobra.Command, flags scanFlags) error {
	if flags.options.Workers < 1 {
		return usageError(cmd, fmt.Errorf("--workers is %d: use 1 or more", flags.options.Workers))
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	settings, err := c.load(cmd)
	if err != nil {
		return err
	}
	log, level := c.logger(settings)
	if flags.verbose {
		level.Set(slog.LevelDebug)
	}
	notices(cmd.Context(), log, settings)
	line := newProgressLine(c.stderr)
	summary, err := app.Scan(ctx, settings, log, flags.options, line.show)
	line.clear()
	if printErr := c.printSummary(summary, flags, settings.Config.DatabasePath, err); printErr != nil {
		return errors.Join(err, printErr)
	}
	return scanOutcome(ctx, summary, err)
}

// scanOutcome says how a scan exits: an interruption has the code of its signal.
func scanOutcome(ctx context.Context, summary scan.Summary, err error) error {
	if ctx.Err() == nil || (err == nil && !summary.Interrupted) {
		return err
	}
	code := 130
	if strings.Contains(context.Cause(ctx).Error(), syscall.SIGTERM.String()) {
		code = 143
	}
	if cause := context.Cause(ctx); err != nil && err.Error() != cause.Error() && !errors.Is(err, context.Canceled) {
		return &outcome{code: code, err: fmt.Errorf("the scan was interrupted: %w", err)} // and something else went wrong
	}
	return &outcome{code: code, err: errors.New("the scan was interrupted; what was finished is kept, and the next scan goes on from there")}
}

// printSummary tells what came of a scan, unless it could not begin.
func (c *cli) printSummary(s scan.Summary, flags scanFlags, database string, err error) error {
	began := err == nil || errors.Is(err, scan.ErrRoot) || s.Interrupted || s.FilesFound > 0
	if flags.json {
		encoder := json.NewEncoder(c.stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(s)
	}
	if !began {
		return nil
	}
	for _, e := range s.Errors {
		fmt.Fprintf(c.stderr, "%s: %s\n", printable(e.Path), printable(e.Error))
	}
	_, printErr := fmt.Fprint(c.stdout, describeScan(s, database))
	return printErr
}

// describeScan is the summary for people.
func describeScan(s scan.Summary, database string) string {
	var b strings.Builder
	verb := "Scanned"
	switch {
	case s.Interrupted:
		verb = "Interrupted after"
	case s.DryRun:
		verb = "Looked at"
	}
	fmt.Fprintf(&b, "%s %s in %s, %.1f s\n", verb, count(s.FilesFound, "video file"), count(s.DirectoriesScanned, "folder"), s.ElapsedSeconds)
	fmt.Fprintf(&b, "  %d new, %d updated, %d unchanged, %d missing, %d failed\n", s.FilesNew, s.FilesUpdated, s.FilesSkipped, s.FilesMissing, s.FilesFailed)
	if s.FilesPending > 0 {
		fmt.Fprintf(&b, "  %d without their tracks: install ffprobe (package ffmpeg) and scan again\n", s.FilesPending)
	}
	if s.DryRun {
		b.WriteString("Nothing was written: this was a dry run.\n")
	} else {
		fmt.Fprintf(&b, "Library: %s\n", database)
	}
	return b.String()
}

// printable shows control characters as \n and the like: a file's name must not move the cursor of a terminal.
func printable(s string) string {
	if !strings.ContainsFunc(s, unicode.IsControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
