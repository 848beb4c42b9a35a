// Package scan catalogues the video files below some folders.
//
// A scan is a pipeline: walk → compare with the catalogue → hash → probe → batch. One goroutine walks, a few read files,
// one writes. A file that cannot be read is data, with its reason; only the catalogue, or the end of the context, ends a
// scan, and what was finished by then is kept. A scan lives as long as Run.
package scan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"vpo/internal/library"
)

// DefaultWorkers is how many files are read at once where Options does not say.
const DefaultWorkers = 4

// Catalog is what a scan needs of the store.
type Catalog interface {
	Known(ctx context.Context, root string) (map[string]library.Known, error)
	Save(ctx context.Context, files []library.File) error
	MarkMissing(ctx context.Context, ids []int64) (int, error)
	Mounts(ctx context.Context) ([]library.Mount, error)
	SaveMount(ctx context.Context, mount library.Mount) error
}

// Prober reads what a file holds. Its errors are reasons for people, but for library.ErrProberUnavailable.
type Prober interface {
	Probe(ctx context.Context, path string) (library.Media, error)
}

// Config is what a scan works with.
type Config struct {
	Catalog Catalog     // nil where there is none, which a dry run can do with
	Prober  Prober      // nil: files are catalogued as pending, without tracks
	Meter   *Meter      // shows how far the scan has come; nil for none
	Event   func(Event) // called after a file was stored, one call at a time; nil for none
}

// Options are what the user asks for.
type Options struct {
	Roots      []string // folders
	Extensions []string // in the form of library.NormalizeExtensions
	Full       bool     // read unchanged files again, too
	VerifyHash bool     // hash unchanged files, and read those again whose hash has changed
	Samples    bool     // catalogue samples, too
	DryRun     bool     // count what would be done, and write nothing
	Workers    int      // files read at once; DefaultWorkers if 0
}

// ErrRoot says that a root could not be scanned; the summary's errors tell which and why.
var ErrRoot = errors.New("a folder could not be scanned")

// Run scans. The summary is valid whatever the error: ErrRoot where a root could not be scanned, the error of the
// catalogue, or the cause of ctx with Summary.Interrupted set.
func Run(ctx context.Context, cfg Config, opts Options) (Summary, error) {
	began := time.Now()
	if cfg.Catalog == nil && !opts.DryRun {
		return Summary{DryRun: opts.DryRun, Errors: []FileError{}}, errors.New("scan: a catalogue is needed, except for a dry run")
	}
	opts.Extensions = library.NormalizeExtensions(opts.Extensions)
	if opts.Workers <= 0 {
		opts.Workers = DefaultWorkers
	}
	if cfg.Event == nil {
		cfg.Event = func(Event) {}
	}
	s := &scan{cfg: cfg, opts: opts, report: newReport(cfg.Meter, opts.DryRun)}
	err := s.run(ctx)
	summary := s.report.finish(time.Since(began))
	switch {
	case err != nil && ctx.Err() != nil:
		summary.Interrupted = true
		err = interruption(ctx, err)
	case err == nil && len(s.badRoots) > 0:
		err = ErrRoot
	}
	return summary, err
}

// interruption is the cause of ctx, and with it what else went wrong, such as that the last files could not be saved.
func interruption(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if errors.Is(err, cause) || errors.Is(err, ctx.Err()) {
		return cause
	}
	return errors.Join(cause, err)
}

// scan is one Run.
type scan struct {
	cfg      Config
	opts     Options
	report   *report
	badRoots []string

	unavailable sync.Once // the prober was found not to work, and it was said
	mounts      *mounts
	known       map[string]library.Known // what the walk has not met so far
}

func (s *scan) run(ctx context.Context) error {
	roots := s.openRoots()
	if err := s.remember(ctx, roots); err != nil {
		return err
	}
	walk := newWalk(s, roots)
	if err := s.pipeline(ctx, walk); err != nil {
		return err
	}
	return s.settle(ctx, walk)
}

// remember loads what the catalogue knows below the roots.
func (s *scan) remember(ctx context.Context, roots []string) error {
	s.known = make(map[string]library.Known)
	s.mounts = newMounts(nil)
	if s.cfg.Catalog == nil {
		return nil
	}
	for _, root := range roots {
		known, err := s.cfg.Catalog.Known(ctx, root)
		if err != nil {
			return err
		}
		maps.Copy(s.known, known)
		s.cfg.Meter.change(func(p *Progress) { p.Expected += len(known) })
	}
	remembered, err := s.cfg.Catalog.Mounts(ctx)
	if err != nil {
		return err
	}
	s.mounts = newMounts(remembered)
	return nil
}

// pipeline walks, reads and writes at the same time, and returns when all of it has ended.
func (s *scan) pipeline(ctx context.Context, walk *walk) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	group, gctx := errgroup.WithContext(ctx)
	candidates := make(chan candidate, 4*s.opts.Workers)
	files := make(chan library.File, saveBatch)

	group.Go(func() error {
		defer close(candidates)
		err := walk.run(gctx, candidates)
		s.cfg.Meter.change(func(p *Progress) { p.Walked = err == nil })
		return err
	})
	readers, rctx := errgroup.WithContext(gctx)
	for range s.opts.Workers {
		readers.Go(func() error { return s.read(rctx, candidates, files) })
	}
	group.Go(func() error {
		defer close(files)
		return readers.Wait()
	})
	var unsaved error // told before an interruption, which may come first
	group.Go(func() error {
		if unsaved = s.write(gctx, files); unsaved != nil {
			stop(unsaved)
			for range files { // the readers end when they have handed on what they have
			}
		}
		return unsaved
	})
	if err := group.Wait(); unsaved == nil {
		return err
	}
	return unsaved
}

// settle marks what is missing and remembers the mounts, after a walk that came to its end.
func (s *scan) settle(ctx context.Context, walk *walk) error {
	hidden := s.outOfSight(walk)
	gone, err := s.missing(ctx, walk, hidden)
	if err != nil {
		return err
	}
	if s.opts.DryRun || s.cfg.Catalog == nil {
		s.report.missing(len(gone))
		return nil
	}
	if len(gone) > 0 {
		if _, err := s.cfg.Catalog.MarkMissing(ctx, gone); err != nil {
			return err
		}
		s.report.missing(len(gone))
		for path, known := range s.known {
			if slices.Contains(gone, known.ID) {
				s.cfg.Event(Event{Path: path, Outcome: OutcomeMissing})
			}
		}
	}
	for _, mount := range s.mounts.toRemember(walk.files, hidden) {
		if err := s.cfg.Catalog.SaveMount(ctx, mount); err != nil {
			return fmt.Errorf("remember the file system of %s: %w", mount.Path, err)
		}
	}
	return nil
}
