package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"vpo/internal/library"
	"vpo/internal/supervisor"
)

const (
	wellEvery     = time.Second            // between checks of a database that is well
	sickEvery     = 500 * time.Millisecond // of one that is not
	lockedEvery   = 200 * time.Millisecond // of one that was found locked, until it is certain
	lockedCertain = 750 * time.Millisecond // without a break: an ordinary write is over by then
	replacedShown = time.Second            // that a file was replaced is told at least so long

	// maxVerdictAge leaves half a second of the three within which a hung check must show.
	maxVerdictAge = 2500 * time.Millisecond

	deepEveryDefault = 24 * time.Hour
	deepFirst        = 5 * time.Minute  // after the start, which has enough to do
	deepAgain        = 10 * time.Minute // after one that found damage or did not come to an end

	dbBeat = 10 * time.Second // the loop turns at least every second
)

// DBHealthConfig is what a DBHealth asks. Its functions are called one after the other, never twice at a time, and may
// hang: that is noticed. Deep alone runs beside the others. Reopen and Deep may be nil.
type DBHealthConfig struct {
	Check  func(context.Context) library.Verdict // a round; well under a millisecond
	Reopen func(context.Context) error           // opens the file that replaced the one that is open
	// Deep looks for damage in every page. A library.Fault in its error is what it found; any other error says
	// that it could not tell.
	Deep      func(context.Context) error
	DeepEvery time.Duration // 24 hours if 0
	Logger    *slog.Logger
}

// DBHealth watches the database. It is ready when the first check has finished, or is known to hang.
//
// The loop of Run holds time; check and deep hold the work, each in a goroutine of its own, of which there is never more
// than one. A check that hangs thereby stops neither the loop nor the service.
type DBHealth struct {
	cfg       DBHealthConfig
	published atomic.Pointer[library.Verdict]
	checked   atomic.Pointer[library.Verdict] // by the newest deep check that came to an end
	wanted    atomic.Bool                     // a deep check, at once

	// All below belongs to the goroutine of Run.
	quick, deep job
	checkAt     time.Time // when the next check is due
	deepAt      time.Time

	lockedSince   time.Time // zero unless the newest check found it locked
	replacedSince time.Time // zero unless a reopening is wanted
	sickSince     time.Time // zero while the published verdict is good
	damage        library.Verdict
}

var _ supervisor.Service = (*DBHealth)(nil)

// NewDBHealth returns a DBHealth that has not checked anything.
func NewDBHealth(cfg DBHealthConfig) *DBHealth {
	if cfg.DeepEvery == 0 {
		cfg.DeepEvery = deepEveryDefault
	}
	d := &DBHealth{cfg: cfg, quick: newJob(), deep: newJob()}
	d.published.Store(&library.Verdict{})
	d.checked.Store(&library.Verdict{})
	return d
}

// Name returns "dbhealth".
func (d *DBHealth) Name() string { return "dbhealth" }

// Verdict returns the newest verdict, the zero Verdict if there is none. Its At is when a check last finished.
func (d *DBHealth) Verdict() library.Verdict { return *d.published.Load() }

// CheckDeeply asks for a deep check as soon as the database is well otherwise. It does not wait for it.
func (d *DBHealth) CheckDeeply() { d.wanted.Store(true) }

// DeepVerdict returns what the newest deep check said that came to an end, the zero Verdict if there is none.
func (d *DBHealth) DeepVerdict() library.Verdict { return *d.checked.Load() }

// MaxAge is how old a verdict may become before it says nothing any more.
func (d *DBHealth) MaxAge() time.Duration { return maxVerdictAge }

// Run checks until ctx ends. It waits for a check that is under way then until the grace ends.
func (d *DBHealth) Run(ctx context.Context, h supervisor.Handle) error {
	began := time.Now()
	d.checkAt = began
	if d.deepAt.IsZero() {
		d.deepAt = began.Add(deepFirst)
	}
	work, cancel := context.WithCancel(ctx)
	defer cancel()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		h.Beat(dbBeat)
		select {
		case <-ctx.Done():
			return d.finish(h)
		case <-timer.C:
			d.startDue(work, time.Now())
			d.noticeHang(began, time.Now())
		case r := <-d.quick.results:
			d.quick.busy = false
			if err := d.take(r, d.observe); err != nil {
				return err
			}
		case r := <-d.deep.results:
			d.deep.busy = false
			if err := d.take(r, d.observeDeep); err != nil {
				return err
			}
		}
		if v := d.Verdict(); !v.At.IsZero() || v.Fault != library.FaultNone {
			h.Ready()
		}
		timer.Reset(d.pause(time.Now()))
	}
}

// take hands the verdict of a check on. One that was cancelled has none: it is left over from a run before, or this run
// is about to end.
func (d *DBHealth) take(r result, observe func(library.Verdict, time.Time)) error {
	if r.err == nil {
		observe(r.verdict, time.Now())
		return nil
	}
	if errors.Is(r.err, context.Canceled) {
		return nil
	}
	return r.err
}

// pause is how long the loop may sleep.
func (d *DBHealth) pause(now time.Time) time.Duration {
	if d.quick.busy {
		return sickEvery / 2 // to notice a hang
	}
	return max(0, min(d.checkAt.Sub(now), wellEvery))
}

// startDue starts what is due and not under way. A deep check waits for a database that is well otherwise.
func (d *DBHealth) startDue(ctx context.Context, now time.Time) {
	if !d.quick.busy && !now.Before(d.checkAt) {
		reopen := !d.replacedSince.IsZero() && now.Sub(d.replacedSince) >= replacedShown
		d.quick.start(ctx, maxVerdictAge, func(ctx context.Context) library.Verdict { return d.check(ctx, reopen) })
	}
	if d.wanted.Swap(false) {
		d.deepAt = now
	}
	if d.cfg.Deep != nil && !d.deep.busy && !now.Before(d.deepAt) && d.shallow().OK() {
		d.deep.start(ctx, d.cfg.DeepEvery, d.checkDeep)
	}
}

// shallow is the published verdict without the damage that only a deep check sees.
func (d *DBHealth) shallow() library.Verdict {
	v := d.Verdict()
	if d.damage.Fault != library.FaultNone && v.Fault == d.damage.Fault {
		v.Fault = library.FaultNone
	}
	return v
}

// noticeHang publishes that the check under way does not finish. The age of the verdict goes on growing.
func (d *DBHealth) noticeHang(began, now time.Time) {
	last := d.Verdict()
	since := last.At
	if since.Before(began) {
		since = began
	}
	if d.quick.busy && last.Fault != library.FaultHung && now.Sub(since) >= maxVerdictAge {
		last.Fault, last.Cause = library.FaultHung, nil
		d.publish(last, now)
	}
}

// finish waits for what is under way: whoever closes the database next must not find it in use.
func (d *DBHealth) finish(h supervisor.Handle) error {
	quick, deep := d.quick.wait(h.Grace()), d.deep.wait(h.Grace())
	if quick && deep {
		return nil
	}
	return fmt.Errorf("a check of the database does not end: %w", context.Cause(h.Grace()))
}

// check is one round of work: the file that replaced ours is opened first if that is wanted.
func (d *DBHealth) check(ctx context.Context, reopen bool) library.Verdict {
	if reopen && d.cfg.Reopen != nil {
		if err := d.cfg.Reopen(ctx); err != nil {
			return library.Verdict{Fault: faultOf(err, library.FaultReplaced), Cause: fmt.Errorf("reopen: %w", err)}
		}
	}
	v := d.cfg.Check(ctx)
	if v.Fault != library.FaultNone && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		v.Fault = library.FaultHung
	}
	return v
}

func (d *DBHealth) checkDeep(ctx context.Context) library.Verdict {
	err := d.cfg.Deep(ctx)
	if err == nil {
		return library.Verdict{}
	}
	return library.Verdict{Fault: faultOf(err, library.FaultUnknown), Cause: err}
}

func faultOf(err error, otherwise library.Fault) library.Fault {
	if fault, ok := errors.AsType[library.Fault](err); ok {
		return fault
	}
	return otherwise
}
