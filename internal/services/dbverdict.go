package services

import (
	"time"

	"vpo/internal/library"
)

// observe takes in the verdict of a check and settles when the next one is due.
func (d *DBHealth) observe(v library.Verdict, now time.Time) {
	v.At, v.Took = now, now.Sub(d.quick.started)
	d.noteReplaced(v, now)
	if d.uncertain(v, now) {
		still := d.Verdict()
		still.At, still.Took = v.At, v.Took // a check has finished: the verdict that it leaves standing is as new
		d.publish(still, now)
		certain := d.lockedSince.Add(lockedCertain)
		d.checkAt = earlier(d.quick.started.Add(lockedEvery), certain)
		return
	}
	if v.Fault == library.FaultNone && d.damage.Fault != library.FaultNone {
		v.Fault, v.Cause = d.damage.Fault, d.damage.Cause
	}
	d.publish(v, now)
	d.checkAt = d.quick.started.Add(wellEvery)
	if !v.OK() {
		d.checkAt = d.quick.started.Add(sickEvery)
	}
}

// uncertain tells whether v is a lock that may be an ordinary write of another process.
func (d *DBHealth) uncertain(v library.Verdict, now time.Time) bool {
	if v.Fault != library.FaultLocked {
		d.lockedSince = time.Time{}
		return false
	}
	if d.lockedSince.IsZero() {
		d.lockedSince = d.quick.started
	}
	return d.Verdict().OK() && now.Sub(d.lockedSince) < lockedCertain
}

// noteReplaced asks for a reopening from the first check that finds the file replaced to the first good one. Damage that
// was found in the file before says nothing of this one, until a deep check of it, which is due at once, is good.
func (d *DBHealth) noteReplaced(v library.Verdict, now time.Time) {
	switch {
	case v.Fault == library.FaultReplaced && d.replacedSince.IsZero():
		d.replacedSince = now
	case v.OK() && !d.replacedSince.IsZero():
		d.replacedSince = time.Time{}
		if d.damage.Fault != library.FaultNone {
			d.deepAt = now
		}
	}
}

// observeDeep takes in the verdict of a deep check. Damage stays until one is good; what else it says, the shallow checks
// say better.
func (d *DBHealth) observeDeep(v library.Verdict, now time.Time) {
	v.At, v.Took = now, now.Sub(d.deep.started)
	d.checked.Store(&v)
	switch v.Fault {
	case library.FaultNone:
		d.damage = library.Verdict{}
		d.deepAt = now.Add(d.cfg.DeepEvery)
	case library.FaultDamaged:
		d.damage = v
		d.deepAt = now.Add(min(deepAgain, d.cfg.DeepEvery))
	default:
		d.cfg.Logger.Debug("deep check of the database came to no end", "cause", v.Cause)
		d.deepAt = now.Add(min(deepAgain, d.cfg.DeepEvery))
		return
	}
	d.checkAt = now // the next check publishes it
}

// publish makes v the newest verdict, and logs it if it is another one than before.
func (d *DBHealth) publish(v library.Verdict, now time.Time) {
	before := d.Verdict()
	d.published.Store(&v)
	switch {
	case v.Fault != library.FaultNone && v.Fault != before.Fault:
		if d.sickSince.IsZero() {
			d.sickSince = now
		}
		attrs := []any{"fault", string(v.Fault)}
		if v.Cause != nil {
			attrs = append(attrs, "cause", v.Cause)
		}
		d.cfg.Logger.Warn("database is failing", attrs...)
	case v.Fault == library.FaultNone && before.Fault != library.FaultNone:
		d.cfg.Logger.Info("database is well again", "failed_for", now.Sub(d.sickSince).Round(time.Millisecond))
		d.sickSince = time.Time{}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
