package supervisor

import (
	"context"
	"errors"
	"time"
)

const (
	// cutShare is what is left of a teardown once it was cut short, for all stages together.
	cutShare = 120 * time.Millisecond
	// overtime is what the teardown may take beyond its end, shared by all that is still to come.
	overtime = 30 * time.Millisecond
	// Where no time is left, everything gets a blink: its part of the overtime, within these bounds.
	longBlink, shortBlink = 3 * time.Millisecond, time.Millisecond
)

// plan is how a teardown spends its time: the end, and before it a slot for each stage that is still to come. The grace
// of a stage is all time before its slot. In the first half of the slot its services come back after their grace; in
// the third quarter Close works, in the last it comes back after its context has ended. When the teardown is cut short
// the plan is drawn up anew, with cutShare for the rest.
//
// A plan belongs to the goroutine of Stop.
type plan struct {
	ctx    context.Context
	over   <-chan struct{} // ctx.Done until the end of ctx was noticed, then nil
	stages int
	began  time.Time
	end    time.Time // zero: there is no deadline
	slot   time.Duration
}

func newPlan(ctx context.Context, stages int, reserve time.Duration) *plan {
	p := &plan{ctx: ctx, over: ctx.Done(), stages: max(stages, 1), began: time.Now()}
	end, ok := ctx.Deadline()
	if !ok {
		return p
	}
	total := max(end.Sub(p.began), 0)
	if reserve <= 0 {
		reserve = min(total/20, time.Second)
	}
	p.end = end
	p.slot = min(reserve, total/2/time.Duration(p.stages))
	return p
}

// isCut tells whether the teardown was cut short, which is another thing than its deadline.
func (p *plan) isCut() bool { return errors.Is(p.ctx.Err(), context.Canceled) }

// noticeEnd draws the plan up anew when its context has ended.
func (p *plan) noticeEnd() {
	p.over = nil
	if !p.isCut() {
		return
	}
	end := time.Now().Add(cutShare)
	if p.end.IsZero() || end.Before(p.end) {
		p.end = end
	}
	p.slot = min(cutShare, max(time.Until(p.end), 0)) / time.Duration(p.stages)
}

// limit returns a moment of the plan; the zero time is never. It is asked again when the plan has changed.
type limit func() time.Time

// The moments of a slot, as quarters that are left of it.
const (
	graceEnds      = 4
	servicesLeft   = 2
	closeEnds      = 1
	closeAbandoned = 0
)

// before is the moment at which a stage, with below stages still to come after it, has that many quarters of its slot
// left. A stage that comes late gets a blink all the same.
func (p *plan) before(below, quarters int) limit {
	earliest := time.Now().Add(p.blink(below))
	return func() time.Time {
		if p.end.IsZero() {
			return time.Time{}
		}
		kept := time.Duration(4*below+quarters) * p.slot / 4
		if t := p.end.Add(-kept); t.After(earliest) {
			return t
		}
		return earliest
	}
}

// drained is the moment at which draining has to end: half of the time.
func (p *plan) drained() time.Time {
	if p.end.IsZero() {
		return time.Time{}
	}
	return p.began.Add(p.end.Sub(p.began) / 2)
}

// soon is what a drain gets to come back after its context has ended.
func (p *plan) soon() limit {
	t := time.Now().Add(max(p.slot/4, p.blink(p.stages)))
	return func() time.Time { return t }
}

// blink is what something gets at least, with below stages still to come after it. Each stage waits four times.
func (p *plan) blink(below int) time.Duration {
	if p.end.IsZero() {
		return longBlink
	}
	left := time.Until(p.end.Add(overtime))
	return min(longBlink, max(shortBlink, left/time.Duration(4*(below+1))))
}

// wait waits for done until the limit, and tells whether it came.
func (p *plan) wait(done <-chan struct{}, until limit) bool {
	for {
		timer := alarm(until())
		select {
		case <-done:
			return true
		case <-timer:
			return closed(done)
		case <-p.over:
			p.noticeEnd()
		}
	}
}

// alarm fires at t, and never for the zero time.
func alarm(t time.Time) <-chan time.Time {
	if t.IsZero() {
		return nil
	}
	return time.After(time.Until(t))
}

// withLimit returns a context for a function that is to end at the limit.
func withLimit(ctx context.Context, t time.Time) (context.Context, context.CancelFunc) {
	if t.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, t)
}
