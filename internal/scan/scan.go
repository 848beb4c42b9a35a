// Package scan catalogues the video files below some folders.
//
// A scan is a pipeline: walk → compare with the catalogue → hash → probe → batch. A few workers walk, a few read files,
// one writes. A file that cannot be read is data, with its reason; only the catalogue, or the end of the context, ends a
// scan, and what was finished by then is kept. A scan lives as long as Run.
package scan

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"vpo/internal/library"
)

// DefaultWorkers is how many files are read at once where Options does not say.
const DefaultWorkers = 4

// Catalog is what a scan needs of the store.
type Catalog interface {
	Folders(ctx context.Context, visit func(library.Folder) error) error
	FilesIn(ctx context.Context, folder string) ([]library.Known, error)
	Save(ctx context.Context, batch library.Batch) error
	MarkMissing(ctx context.Context, paths []string) (int, error)
	Reunite(ctx context.Context, gone []int64) ([]library.Move, error)
	Settle(ctx context.Context) error
	Mounts(ctx context.Context) ([]library.Mount, error)
	SaveMount(ctx context.Context, mount library.Mount) error
}

// Prober reads what a file holds. Its errors are reasons for people, but for library.ErrProberUnavailable.
type Prober interface {
	Probe(ctx context.Context, file library.Content) (library.Media, error)
}

// Config is what a scan works with.
type Config struct {
	Catalog Catalog     // nil where there is none, which a dry run can do with
	Prober  Prober      // nil: files are catalogued as pending, without tracks
	Meter   *Meter      // tells how far the scan has come; nil for none
	Event   func(Event) // called for every file that was stored, one call at a time; nil for none

	Now func() time.Time // tells what has changed a moment ago; time.Now if nil
}

// Options are what the user asks for.
type Options struct {
	Roots      []string // folders
	Extensions []string // in the form of library.NormalizeExtensions
	Full       bool     // read unchanged files again, too, and accept a changed or emptied disk
	VerifyHash bool     // hash unchanged files, and read those again whose hash has changed
	Samples    bool     // catalogue samples, too
	SkipExtras bool     // pass over trailers and the like
	DryRun     bool     // count what would be done, and write nothing
	Workers    int      // folders looked into, and files read, at once; DefaultWorkers if 0
}

// ErrRoot says that a root could not be scanned; the summary's errors tell which and why.
var ErrRoot = errors.New("a folder could not be scanned")

// Run scans. The summary is valid whatever the error: ErrRoot where a root could not be scanned, the error of the
// catalogue, or the cause of ctx with Summary.Interrupted set.
func Run(ctx context.Context, cfg Config, opts Options) (Summary, error) {
	began := time.Now()
	if cfg.Catalog == nil && !opts.DryRun {
		return NoSummary(opts), errors.New("scan: a catalogue is needed, except for a dry run")
	}
	s := newScan(cfg, opts)
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
	wanted   map[string]bool // extensions
	seed     uint64          // of fingerprints
	meter    *Meter
	report   *report
	badRoots []string

	unavailable sync.Once // the prober was found not to work, and it was said
	mounts      *mounts
	book        *book
	unsettled   []library.Folder // with rows whose files were not met; by the writer
}

func newScan(cfg Config, opts Options) *scan {
	opts.Extensions = library.NormalizeExtensions(opts.Extensions)
	if opts.Workers <= 0 {
		opts.Workers = DefaultWorkers
	}
	if cfg.Meter == nil {
		cfg.Meter = &Meter{}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &scan{
		cfg: cfg, opts: opts, wanted: make(map[string]bool, len(opts.Extensions)), seed: seed(opts),
		meter: cfg.Meter, report: newReport(cfg.Meter, opts.DryRun),
	}
	for _, extension := range opts.Extensions {
		s.wanted[extension] = true
	}
	return s
}

func (s *scan) run(ctx context.Context) error {
	roots := s.openRoots()
	if len(roots) == 0 {
		return nil
	}
	if err := s.remember(ctx, roots); err != nil {
		return err
	}
	walk := newWalk(s, roots)
	if err := s.pipeline(ctx, walk); err != nil {
		return err
	}
	return s.settle(ctx, walk)
}

// remember loads what the catalogue knows of the roots.
func (s *scan) remember(ctx context.Context, roots []string) (err error) {
	if s.book, err = openBook(ctx, s.cfg.Catalog, roots); err != nil {
		return err
	}
	var remembered []library.Mount
	if s.cfg.Catalog != nil {
		if remembered, err = s.cfg.Catalog.Mounts(ctx); err != nil {
			return err
		}
	}
	s.mounts = newMounts(remembered)
	s.meter.expected.Store(int64(s.mounts.expected(roots, s.book.files)))
	return nil
}

// pipeline walks, reads and writes at the same time, and returns when all of it has ended.
func (s *scan) pipeline(ctx context.Context, walk *walk) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	group, gctx := errgroup.WithContext(ctx)
	candidates := make(chan candidate, 4*s.opts.Workers)
	results := make(chan result, saveBatch)
	walk.out, walk.found = candidates, results

	sources, sctx := errgroup.WithContext(gctx)
	sources.Go(func() error {
		defer close(candidates)
		return walk.run(sctx)
	})
	for range s.opts.Workers {
		sources.Go(func() error { return s.read(sctx, candidates, results) })
	}
	group.Go(func() error {
		defer close(results)
		return sources.Wait()
	})
	var unsaved error // told before an interruption, which may come first
	group.Go(func() error {
		if unsaved = s.write(gctx, results); unsaved != nil {
			stop(unsaved)
			for range results { // the readers end when they have handed on what they have
			}
		}
		return unsaved
	})
	if err := group.Wait(); unsaved == nil {
		return err
	}
	return unsaved
}

// tell hands on events.
func (s *scan) tell(events ...Event) {
	if s.cfg.Event == nil {
		return
	}
	for _, e := range events {
		s.cfg.Event(e)
	}
}
