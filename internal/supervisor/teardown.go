package supervisor

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// lateClose is what Close may take for a stage whose Open succeeded after the teardown had given it up.
const lateClose = 5 * time.Second

// Teardown stops the tree within timeout, or as soon as possible once the lifecycle is cut short, and marks it stopped.
// It is called when Lifecycle.Stopping has ended.
func Teardown(l *Lifecycle, t *Tree, timeout time.Duration) Receipt {
	ctx, cancel := context.WithTimeout(l.Forced(), timeout)
	defer cancel()
	receipt := t.Stop(ctx)
	l.MarkStopped()
	return receipt
}

// Stop drains all stages, then takes them down in the reverse order of their start, and returns what came of it.
//
// The deadline of ctx is the deadline of all that together. Draining gets at most half of it, and each stage keeps its
// reserve, so that a stuck service keeps nothing below it from being closed. Cancelling ctx cuts the teardown short:
// every stage is still told to stop and closed, but all of that takes less than a fifth of a second. Without a deadline
// Stop waits for as long as it takes. Only the first Stop counts; further ones wait for it and return its receipt.
func (t *Tree) Stop(ctx context.Context) Receipt {
	t.once.Do(func() { t.receipt = t.stop(ctx) })
	return t.receipt
}

func (t *Tree) stop(ctx context.Context) Receipt {
	began := time.Now()
	stages := t.shut()
	td := &teardown{plan: newPlan(ctx, len(stages), t.opts.Reserve), log: t.opts.Logger}
	reports := td.drain(stages)
	for i, st := range stages {
		t.progress.Store(&Receipt{Started: began, Took: time.Since(began), Stages: slices.Clone(reports[:i])})
		td.stopStage(st, len(stages)-1-i, &reports[i])
	}
	t.sweep()
	receipt := Receipt{Started: began, Took: time.Since(began), Stages: reports}
	if td.isCut() {
		receipt.CutShort = context.Cause(ctx).Error()
	}
	return receipt
}

// Progress returns the receipt of a teardown that is under way, as far as it has come: the stages that are down. It is
// for the Close of a stage that keeps the receipt; Stop returns the whole one.
func (t *Tree) Progress() Receipt {
	if r := t.progress.Load(); r != nil {
		return *r
	}
	return Receipt{}
}

// shut ends all starts and lists the stages in the order in which they are stopped. From here on no stage is entered,
// no service launched, no stage marked as up.
func (t *Tree) shut() []*stage {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.endStarts()
	stages := slices.Clone(t.stages)
	slices.Reverse(stages)
	return stages
}

// sweep ends the suture supervisors, which have nothing to do any more.
func (t *Tree) sweep() {
	t.cancel()
	select {
	case <-t.done:
	case <-time.After(2 * sweepTimeout):
	}
}

// teardown is a Stop at work.
type teardown struct {
	*plan
	log *slog.Logger
}

// drain runs all drains at the same time, so that one that hangs takes nothing from the others.
func (td *teardown) drain(stages []*stage) []StageReport {
	reports := make([]StageReport, len(stages))
	calls := make(map[*StageReport]*call)
	ctx, cancel := withLimit(td.ctx, td.drained())
	defer cancel()
	for i, st := range stages {
		r := &reports[i]
		r.Stage = st.def.Name
		switch {
		case !st.up || st.def.Drain == nil:
		case ctx.Err() != nil:
			r.DrainErr = errSkipped.Error()
		default:
			calls[r] = begin(ctx, st.def.Drain)
		}
	}
	for _, c := range calls {
		td.wait(c.done, td.drained)
	}
	until := td.soon()
	for r, c := range calls {
		r.Drain, r.DrainErr = td.outcome(c, until, "drain", r)
	}
	return reports
}

// stopStage takes one stage down; below is the number of stages that come after it.
func (td *teardown) stopStage(st *stage, below int, r *StageReport) {
	began := time.Now()
	td.stopServices(st, below, r)
	td.closeStage(st, below, r)
	r.Took = time.Since(began)
}

// stopServices closes the gates of a stage and waits for its services.
func (td *teardown) stopServices(st *stage, below int, r *StageReport) {
	defer context.AfterFunc(td.ctx, func() { st.endGrace(td.graceCause()) })()
	for _, u := range st.units {
		u.closeGate()
	}
	left := td.waitUnits(st.units, td.before(below, graceEnds))
	st.endGrace(td.graceCause())
	left = td.waitUnits(left, td.before(below, servicesLeft))
	for _, u := range st.units {
		if slices.Contains(left, u) {
			r.Stuck = append(r.Stuck, u.name())
		} else if err := u.remark(); err != nil {
			r.ended(u.name(), err)
		}
	}
}

// graceCause is why the grace of a stage ends when it ends now.
func (td *teardown) graceCause() error {
	if td.isCut() {
		return errCut
	}
	return errSpent
}

// waitUnits returns the units that are not idle at the limit.
func (td *teardown) waitUnits(units []*unit, until limit) (left []*unit) {
	for _, u := range units {
		if !td.wait(u.idle, until) {
			left = append(left, u)
		}
	}
	return left
}

// closeStage calls Close if Open has succeeded. An Open that still hangs is left behind with a goroutine that closes
// what it may yield later.
func (td *teardown) closeStage(st *stage, below int, r *StageReport) {
	if !td.wait(st.open.done, td.before(below, servicesLeft)) {
		r.hung("open")
		go td.closeLate(st)
		return
	}
	if st.open.err != nil || st.def.Close == nil {
		return
	}
	until := td.before(below, closeEnds)
	ctx, cancel := withLimit(context.WithoutCancel(td.ctx), until())
	defer cancel()
	c := begin(ctx, st.def.Close)
	td.wait(c.done, until)
	cancel()
	_, r.CloseErr = td.outcome(c, td.before(below, closeAbandoned), "close", r)
}

// outcome is what came of a function whose context has ended and which has until the limit to obey.
func (td *teardown) outcome(c *call, until limit, name string, r *StageReport) (took time.Duration, text string) {
	if !td.wait(c.done, until) {
		r.hung(name)
		return time.Since(c.began), errNotInTime.Error()
	}
	if c.err == nil {
		return c.took, ""
	}
	logStack(td.log.With("stage", r.Stage), c.err)
	return c.took, c.err.Error()
}

func (td *teardown) closeLate(st *stage) {
	<-st.open.done
	if st.open.err != nil || st.def.Close == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lateClose)
	defer cancel()
	c := begin(ctx, st.def.Close)
	<-c.done
	td.log.Warn("stage opened after its teardown and was closed again", "stage", st.def.Name, "error", c.err)
}
