package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"vpo/internal/library"
	"vpo/internal/services"
	"vpo/internal/store"
	"vpo/internal/supervisor"
)

// database is the stage that owns the library: it opens and closes it, checks it, counts it, and books the runs of the
// daemon.
type database struct {
	path, version string
	log           *slog.Logger
	receipt       func() supervisor.Receipt // of the teardown, as far as it has come
	health        *services.DBHealth
	census        *services.Census
	db            *store.DB
	began         time.Time
	shared        bool                       // another daemon serves the library, too
	unclean       atomic.Pointer[uncleanEnd] // of the run before; nil if it ended well, or is not known so far

	booking sync.Mutex // a check that was left behind may still be at it
	run     store.Run  // with an ID once its start is booked
}

func newDatabase(path, version string, log *slog.Logger, receipt func() supervisor.Receipt) *database {
	d := &database{path: path, version: version, log: log, receipt: receipt, began: time.Now()}
	d.health = services.NewDBHealth(services.DBHealthConfig{
		Check:  d.check,
		Reopen: func(ctx context.Context) error { return d.db.Reopen(ctx) },
		Deep:   func(ctx context.Context) error { return d.db.QuickCheck(ctx) },
		Logger: log,
	})
	d.census = services.NewCensus(d.count, log)
	return d
}

func (d *database) verdict() library.Verdict { return d.health.Verdict() }
func (d *database) maxAge() time.Duration    { return d.health.MaxAge() }

func (d *database) open(ctx context.Context) error {
	db, err := store.Open(ctx, d.path, store.Options{Logger: d.log})
	if err != nil {
		return err
	}
	d.db = db
	d.shared = services.Listens(ctx, controlPath(d.path)) // this daemon does not listen so far
	d.begin(ctx)
	return nil
}

// check is a round of the health service. A start that could not be booked, since the library was locked, is booked when
// it is well.
func (d *database) check(ctx context.Context) library.Verdict {
	verdict := d.db.Check(ctx)
	if verdict.OK() {
		d.begin(ctx)
	}
	return verdict
}

func (d *database) count(ctx context.Context) (services.Tally, error) {
	stats, err := d.db.Stats(ctx)
	return services.Tally{Files: stats.Files, LastScan: stats.LastScanAt}, err
}

// close books the end of this run and closes the library.
func (d *database) close(ctx context.Context) error {
	return errors.Join(d.end(ctx), d.db.Close())
}
