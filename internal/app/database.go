package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"vpo/internal/library"
	"vpo/internal/services"
	"vpo/internal/store"
	"vpo/internal/supervisor"
)

// bookWait bounds the writes by which a run is booked. They are worth little against a start or a stop that waits.
const bookWait = 500 * time.Millisecond

// database is the stage that owns the library: it opens and closes it, checks it, and books the runs of the daemon.
type database struct {
	path, version string
	log           *slog.Logger
	receipt       func() supervisor.Receipt // of the teardown, as far as it has come
	health        *services.DBHealth
	db            *store.DB
	began         time.Time

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

// begin books the start of this run, and tells how the run before ended. A library that cannot be written to at this moment
// is no obstacle.
func (d *database) begin(ctx context.Context) {
	d.booking.Lock()
	defer d.booking.Unlock()
	if d.run.ID != 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, bookWait)
	defer cancel()
	run, previous, err := d.db.BeginRun(ctx, store.Run{StartedAt: d.began, PID: os.Getpid(), Version: d.version})
	if err != nil {
		d.log.Warn("the start of this run is not recorded so far", "error", err)
		return
	}
	d.run = run
	if previous != nil && previous.EndedAt.IsZero() {
		d.log.Warn("previous run ended uncleanly", "started_at", previous.StartedAt, "pid", previous.PID)
	}
}

// close books the end of this run and closes the library.
func (d *database) close(ctx context.Context) error {
	return errors.Join(d.end(ctx), d.db.Close())
}

func (d *database) end(ctx context.Context) error {
	d.booking.Lock()
	defer d.booking.Unlock()
	if d.run.ID == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, bookWait)
	defer cancel()
	receipt := d.receipt()
	text, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	d.run.EndedAt, d.run.Clean, d.run.Receipt = time.Now(), receipt.Clean(), text
	if err := d.db.EndRun(ctx, d.run); err != nil {
		d.log.Warn("the end of this run was not recorded", "error", err)
	}
	return nil
}
