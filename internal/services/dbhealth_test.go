package services

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vpo/internal/library"
)

// disk is a database as the checks find it.
type disk struct {
	mu       sync.Mutex
	fault    library.Fault
	hang     chan struct{} // checks wait for it and ignore their context
	checks   int
	inside   atomic.Int64
	reopened error // what Reopen says
	reopens  int
	deep     error
	deeps    int
	deepWait bool // a deep check waits for its context
	panics   bool
	book     logbook
}

func (d *disk) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

func (d *disk) check(context.Context) library.Verdict {
	if d.inside.Add(1) > 1 {
		panic("two checks at a time")
	}
	defer d.inside.Add(-1)
	d.mu.Lock()
	hang := d.hang
	d.checks++
	d.mu.Unlock()
	if hang != nil {
		<-hang
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.panics {
		panic("boom")
	}
	if d.fault != library.FaultNone {
		return library.Verdict{Fault: d.fault, Cause: errors.New("inside")}
	}
	return library.Verdict{At: time.Now()}
}

func (d *disk) reopen(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reopens++
	if d.reopened == nil {
		d.fault = library.FaultNone
	}
	return d.reopened
}

func (d *disk) checkDeep(ctx context.Context) error {
	d.mu.Lock()
	err, wait := d.deep, d.deepWait
	d.deeps++
	d.mu.Unlock()
	if wait {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

func (d *disk) health() *DBHealth {
	return NewDBHealth(DBHealthConfig{Check: d.check, Reopen: d.reopen, Deep: d.checkDeep, Logger: d.book.logger()})
}

// flipsAfter is how long it takes, in steps of 10 ms and at most 5 s, until the verdict has the fault.
func flipsAfter(t *testing.T, h *DBHealth, fault library.Fault) time.Duration {
	t.Helper()
	began := time.Now()
	for h.Verdict().Fault != fault {
		<-time.After(10 * time.Millisecond)
		synctest.Wait()
		if time.Since(began) > 5*time.Second {
			t.Fatalf("it does not become %q but stays %q", fault, h.Verdict().Fault)
		}
	}
	return time.Since(began)
}

// inBubble runs a test of a ready DBHealth in fake time.
func inBubble(t *testing.T, name string, test func(*testing.T, *disk, *DBHealth, *running)) {
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := &disk{}
			h := d.health()
			test(t, d, h, startReady(t, h))
		})
	})
}

func TestDBHealth_Start(t *testing.T) {
	t.Run("LockedDatabaseIsReadyAndFailing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := &disk{fault: library.FaultLocked}
			h := d.health()
			if h.Verdict().OK() {
				t.Error("well before the first check")
			}
			startReady(t, h)
			if got := h.Verdict().Fault; got != library.FaultLocked {
				t.Errorf("got %q", got)
			}
			d.set(func() { d.fault = library.FaultNone })
			if took := flipsAfter(t, h, library.FaultNone); took > time.Second {
				t.Errorf("recovered after %v", took)
			}
		})
	})
	t.Run("HungCheckIsReadyAndFailing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := &disk{hang: make(chan struct{})}
			h := d.health()
			began := time.Now()
			startReady(t, h)
			if v := h.Verdict(); v.Fault != library.FaultHung || !v.At.IsZero() || time.Since(began) > 3*time.Second {
				t.Errorf("got %+v after %v", v, time.Since(began))
			}
			close(d.hang)
		})
	})
}

func TestDBHealth_Lock(t *testing.T) {
	inBubble(t, "OrdinaryOneDoesNotShowAtAnyMoment", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		for offset := range 100 {
			<-time.After(1500*time.Millisecond + time.Duration(offset)*10*time.Millisecond)
			d.set(func() { d.fault = library.FaultLocked })
			for range 70 {
				<-time.After(10 * time.Millisecond)
				synctest.Wait()
				if v := h.Verdict(); !v.OK() || time.Since(v.At) > h.MaxAge() {
					t.Fatalf("offset %d: %+v", offset, v)
				}
			}
			d.set(func() { d.fault = library.FaultNone })
		}
	})
	inBubble(t, "LongOneShowsWithinTwoSecondsAtAnyMoment", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		for offset := range 100 {
			<-time.After(1500*time.Millisecond + time.Duration(offset)*10*time.Millisecond)
			d.set(func() { d.fault = library.FaultLocked })
			if took := flipsAfter(t, h, library.FaultLocked); took < 700*time.Millisecond || took >= 1800*time.Millisecond {
				t.Errorf("offset %d: shown after %v", offset, took)
			}
			d.set(func() { d.fault = library.FaultNone })
			if took := flipsAfter(t, h, library.FaultNone); took > time.Second {
				t.Errorf("offset %d: recovered after %v", offset, took)
			}
		}
	})
	inBubble(t, "OneAfterAnotherIsNotOneLongLock", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		for range 20 {
			d.set(func() { d.fault = library.FaultLocked })
			<-time.After(600 * time.Millisecond)
			d.set(func() { d.fault = library.FaultNone })
			<-time.After(210 * time.Millisecond)
			synctest.Wait()
			if !h.Verdict().OK() {
				t.Fatalf("got %+v", h.Verdict())
			}
		}
	})
}

func TestDBHealth_Faults(t *testing.T) {
	inBubble(t, "ShowAndGoWithinASecondAndAreLoggedOnce", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		for _, fault := range []library.Fault{library.FaultGone, library.FaultDiskFull, library.FaultReadOnly, library.FaultIO} {
			d.set(func() { d.fault = fault })
			if took := flipsAfter(t, h, fault); took > 1100*time.Millisecond {
				t.Errorf("%s: shown after %v", fault, took)
			}
			<-time.After(10 * time.Second)
			d.set(func() { d.fault = library.FaultNone })
			if took := flipsAfter(t, h, library.FaultNone); took > time.Second {
				t.Errorf("%s: recovered after %v", fault, took)
			}
			log := d.book.String()
			if strings.Count(log, fmt.Sprintf("level=WARN msg=%q fault=%q cause=inside", "database is failing", fault)) != 1 {
				t.Errorf("%s: logged %s", fault, log)
			}
		}
		if log := d.book.String(); strings.Count(log, "\n") != 8 || strings.Count(log, "level=INFO") != 4 {
			t.Errorf("logged %s", log)
		}
	})
	inBubble(t, "OneAfterAnotherIsOneFailure", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		d.set(func() { d.fault = library.FaultGone })
		flipsAfter(t, h, library.FaultGone)
		d.set(func() { d.fault = library.FaultLocked })
		if took := flipsAfter(t, h, library.FaultLocked); took > 600*time.Millisecond {
			t.Errorf("a lock of a database that fails anyway is held back for %v", took)
		}
	})
	inBubble(t, "PanicOfACheckFailsTheRunAndTheNextGoesOn", func(t *testing.T, d *disk, h *DBHealth, run *running) {
		d.set(func() { d.panics = true })
		if err := run.wait(); err == nil || !strings.Contains(err.Error(), "boom") {
			t.Errorf("got %v", err)
		}
		d.set(func() { d.panics = false; d.fault = library.FaultGone })
		start(t, h)
		flipsAfter(t, h, library.FaultGone)
	})
}

func TestDBHealth_Hang(t *testing.T) {
	inBubble(t, "ShowsWithinThreeSecondsAndStartsNoSecondCheck", func(t *testing.T, d *disk, h *DBHealth, run *running) {
		<-time.After(1100 * time.Millisecond)
		hang := make(chan struct{})
		d.set(func() { d.hang = hang })
		if took := flipsAfter(t, h, library.FaultHung); took > 3*time.Second {
			t.Errorf("shown after %v", took)
		}
		before := d.checks
		<-time.After(time.Minute)
		synctest.Wait()
		if age := time.Since(h.Verdict().At); d.checks != before || age < time.Minute {
			t.Errorf("%d checks, then %d; age %v", before, d.checks, age)
		}
		run.mu.Lock()
		if last := run.beats[len(run.beats)-1]; last.until.Before(time.Now()) {
			t.Error("a hung check stops the beat")
		}
		run.mu.Unlock()
		d.set(func() { d.hang = nil })
		close(hang)
		if took := flipsAfter(t, h, library.FaultNone); took > 10*time.Millisecond {
			t.Errorf("recovered after %v", took)
		}
	})
	inBubble(t, "IsReportedAtTheStopAndSurvivedByTheNextRun", func(t *testing.T, d *disk, h *DBHealth, run *running) {
		hang := make(chan struct{})
		d.set(func() { d.hang = hang })
		flipsAfter(t, h, library.FaultHung)
		run.cut()
		if err := run.stop(); err == nil || !strings.Contains(err.Error(), "does not end") {
			t.Errorf("got %v", err)
		}
		start(t, h)
		<-time.After(10 * time.Second)
		d.set(func() { d.hang = nil })
		close(hang)
		flipsAfter(t, h, library.FaultNone)
	})
	inBubble(t, "StopWaitsForACheckThatEnds", func(t *testing.T, d *disk, _ *DBHealth, run *running) {
		hang := make(chan struct{})
		d.set(func() { d.hang = hang })
		<-time.After(1100 * time.Millisecond)
		run.cancel()
		time.AfterFunc(time.Second, func() { close(hang) })
		if err := run.wait(); err != nil || d.inside.Load() != 0 {
			t.Errorf("got %v with %d checks under way", err, d.inside.Load())
		}
	})
}

func TestDBHealth_Replaced(t *testing.T) {
	inBubble(t, "IsShownForASecondAndThenReopened", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		d.set(func() { d.fault = library.FaultReplaced })
		flipsAfter(t, h, library.FaultReplaced)
		if took := flipsAfter(t, h, library.FaultNone); took < time.Second || took > 2*time.Second {
			t.Errorf("recovered after %v", took)
		}
		<-time.After(10 * time.Second)
		if d.reopens != 1 {
			t.Errorf("%d reopenings", d.reopens)
		}
	})
	inBubble(t, "TellsWhyItCannotBeReopenedAndTriesAgain", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		d.set(func() { d.fault, d.reopened = library.FaultReplaced, fmt.Errorf("open: %w", library.FaultNotDatabase) })
		flipsAfter(t, h, library.FaultNotDatabase)
		d.set(func() { d.reopened = errors.New("no idea") })
		flipsAfter(t, h, library.FaultReplaced)
		d.set(func() { d.reopened = nil })
		flipsAfter(t, h, library.FaultNone)
	})
}

func TestDBHealth_Deep(t *testing.T) {
	inBubble(t, "DamageStaysUntilADeepCheckIsGood", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		d.set(func() { d.deep = fmt.Errorf("page 7: %w", library.FaultDamaged) })
		<-time.After(deepFirst - time.Second)
		if !h.Verdict().OK() {
			t.Errorf("got %+v", h.Verdict())
		}
		<-time.After(3 * time.Second)
		for range 60 { // meanwhile every ordinary check is good
			if got := h.Verdict().Fault; got != library.FaultDamaged {
				t.Fatalf("got %q", got)
			}
			<-time.After(time.Second)
		}
		d.set(func() { d.deep = nil })
		<-time.After(deepAgain)
		synctest.Wait()
		if !h.Verdict().OK() || d.deeps != 2 {
			t.Errorf("got %+v after %d deep checks", h.Verdict(), d.deeps)
		}
	})
	inBubble(t, "ReplacedFileIsCheckedAtOnceIfTheOldOneWasDamaged", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		d.set(func() { d.deep = library.FaultDamaged })
		<-time.After(deepFirst + 2*time.Second)
		d.set(func() { d.fault, d.deep = library.FaultReplaced, nil })
		flipsAfter(t, h, library.FaultReplaced)
		flipsAfter(t, h, library.FaultNone)
	})
	inBubble(t, "OneThatCannotTellChangesNothingAndIsRepeated", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		d.set(func() { d.deep = library.FaultLocked })
		<-time.After(deepFirst + deepAgain + 2*time.Second)
		synctest.Wait()
		if !h.Verdict().OK() || d.deeps != 2 {
			t.Errorf("got %+v after %d deep checks", h.Verdict(), d.deeps)
		}
	})
	inBubble(t, "OneThatIsAskedForComesAtOnceAndItsOutcomeIsTold", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		if got := h.DeepVerdict(); !got.At.IsZero() {
			t.Errorf("before the first one: %+v", got)
		}
		h.CheckDeeply()
		<-time.After(2 * wellEvery)
		synctest.Wait()
		if got := h.DeepVerdict(); !got.OK() || d.deeps != 1 {
			t.Errorf("got %+v after %d deep checks", got, d.deeps)
		}
		d.set(func() { d.deep = library.FaultDamaged })
		h.CheckDeeply()
		<-time.After(2 * wellEvery)
		synctest.Wait()
		if got := h.DeepVerdict(); got.Fault != library.FaultDamaged || d.deeps != 2 {
			t.Errorf("got %+v after %d deep checks", got, d.deeps)
		}
	})
	inBubble(t, "OneThatIsAskedForWaitsForADatabaseThatIsWell", func(t *testing.T, d *disk, h *DBHealth, _ *running) {
		d.set(func() { d.fault = library.FaultReadOnly })
		flipsAfter(t, h, library.FaultReadOnly)
		h.CheckDeeply()
		<-time.After(time.Minute)
		if d.deeps != 0 {
			t.Errorf("%d deep checks of a database that is not well", d.deeps)
		}
		d.set(func() { d.fault = library.FaultNone })
		<-time.After(2 * wellEvery)
		synctest.Wait()
		if d.deeps != 1 {
			t.Errorf("%d deep checks", d.deeps)
		}
	})
	inBubble(t, "LongOneDelaysNeitherTheOthersNorTheStop", func(t *testing.T, d *disk, h *DBHealth, run *running) {
		d.set(func() { d.deepWait = true })
		<-time.After(deepFirst + 2*time.Second)
		synctest.Wait()
		if d.deeps != 1 || time.Since(h.Verdict().At) > wellEvery {
			t.Errorf("%d deep checks, verdict of %v ago", d.deeps, time.Since(h.Verdict().At))
		}
		began := time.Now()
		if err := run.stop(); err != nil || time.Since(began) > 0 {
			t.Errorf("stopped after %v: %v", time.Since(began), err)
		}
	})
}
