package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"

	"vpo/internal/config"
	"vpo/internal/logging"
	"vpo/internal/media"
	"vpo/internal/scan"
	"vpo/internal/store"
)

// Watch is how a caller follows a scan. The zero Watch follows nothing.
type Watch struct {
	Meter *scan.Meter      // may be read while the scan runs
	Event func(scan.Event) // called after a file was stored, one call at a time
}

// Scan catalogues the folders of opts in the library that the settings name, and creates that library where there is none.
// A dry run neither creates nor changes it. The summary is valid whatever the error.
func Scan(ctx context.Context, settings *config.Settings, log *slog.Logger, opts scan.Options, watch Watch) (summary scan.Summary, err error) {
	cfg := scan.Config{Meter: watch.Meter, Event: watch.Event}
	look := opts.DryRun || !anyFolder(opts.Roots)
	db, err := openForScan(ctx, settings.Config.DatabasePath, logging.Named(log, "vpo.database"), look)
	if err != nil {
		return scan.NoSummary(opts), err
	}
	if db != nil {
		defer func() { err = errors.Join(err, db.Close()) }()
		cfg.Catalog = db
	}
	probe, err := prober(settings.Config.Tools.FFprobe, logging.Named(log, "vpo.scan"))
	if err != nil {
		return scan.NoSummary(opts), fmt.Errorf("scan: %w", err)
	}
	cfg.Prober = probe
	if cfg.Catalog == nil && !opts.DryRun {
		opts.DryRun = true // there is nothing to scan: the summary tells, and no library is made
		summary, err = scan.Run(ctx, cfg, opts)
		summary.DryRun = false
		return summary, err
	}
	return scan.Run(ctx, cfg, opts)
}

// anyFolder tells whether there is a folder among the names. A mistyped name is no reason to create a library.
func anyFolder(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		info, err := os.Stat(name)
		return err == nil && info.IsDir()
	})
}

// openForScan opens the library. Where it is only looked at, it is neither made nor changed, and nil if there is none.
func openForScan(ctx context.Context, path string, log *slog.Logger, look bool) (*store.DB, error) {
	options := store.Options{Logger: log}
	if !look {
		return store.Create(ctx, path, options)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return store.OpenReadOnly(ctx, path, options)
}

// prober reads files from their own headers, with ffprobe as the second opinion where there is one.
func prober(configured string, log *slog.Logger) (*media.Prober, error) {
	path, err := media.FindFFprobe(configured)
	switch {
	case err == nil:
		return &media.Prober{Second: media.FFprobe{Path: path}.Probe}, nil
	case errors.Is(err, media.ErrNoFFprobe):
		log.Info("ffprobe was not found: it is only needed for the few files whose own headers do not tell all; the package ffmpeg has it")
		return &media.Prober{}, nil
	}
	return nil, err
}
