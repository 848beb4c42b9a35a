package services

import (
	"context"
	"time"

	"vpo/internal/supervisor"
)

const (
	heraldEvery = 500 * time.Millisecond // between two looks at the daemon
	// readyWait is how long READY=1 waits, once everything has started, for a daemon that is degraded. It serves all the
	// same, and a start that waits for ever holds up whoever waits for it, such as the boot.
	readyWait = 30 * time.Second
	// extendBy is how long systemd is asked to wait, and extendEvery how often: a slow moment of the machine costs nothing.
	extendBy    = 15 * time.Second
	extendEvery = 3 * time.Second
	// openWait bounds how long a start may keep systemd waiting: the update of a large library takes minutes.
	openWait = 10 * time.Minute
)

// Stand is how the daemon is at one moment, for systemd.
type Stand struct {
	Line     string        // for systemctl status
	Running  time.Duration // since everything has started; 0 before
	Starting time.Duration // since the start began, as long as it has not ended; else 0
	Stopping time.Duration // what is left to the teardown that is under way; else 0
	Healthy  bool          // /health answers 200
}

// Herald tells systemd how the daemon is, whenever that changes: the status line; READY=1 once the daemon is healthy, or
// has been running for readyWait; and that a long start or stop is under way and goes on, so that systemd's own time-outs,
// which know nothing of the library, do not end it. It is the first service to start and the last to stop.
type Herald struct {
	notifier *Notifier
	stand    func() Stand // must not wait
	nudge    chan struct{}

	// Of the goroutine of Run.
	waiting  wait
	extended time.Time // when systemd was last asked to wait
}

var _ supervisor.Service = (*Herald)(nil)

// NewHerald returns a Herald of the daemon that stand describes.
func NewHerald(n *Notifier, stand func() Stand) *Herald {
	return &Herald{notifier: n, stand: stand, nudge: make(chan struct{}, 1)}
}

// Name returns "herald".
func (h *Herald) Name() string { return "herald" }

// Nudge makes the Herald look at once. It does not wait for it.
func (h *Herald) Nudge() {
	select {
	case h.nudge <- struct{}{}:
	default:
	}
}

// Run looks every half second until ctx ends.
func (h *Herald) Run(ctx context.Context, handle supervisor.Handle) error {
	tick := time.NewTicker(heraldEvery)
	defer tick.Stop()
	handle.Ready()
	for {
		h.tell(h.stand(), time.Now())
		select {
		case <-tick.C:
		case <-h.nudge:
		case <-ctx.Done():
			return nil
		}
	}
}

// tell says what is new.
func (h *Herald) tell(s Stand, now time.Time) {
	if s.Running > 0 && (s.Healthy || s.Running >= readyWait) {
		h.notifier.Ready(s.Line)
	}
	h.notifier.Status(s.Line)
	wait := s.wait(h.notifier.isReady())
	if wait != h.waiting {
		h.waiting, h.extended = wait, time.Time{} // another time-out of systemd is running now
	}
	if wait != noWait && now.Sub(h.extended) >= extendEvery {
		h.extended = now
		h.notifier.Extend(extendBy)
	}
}

// wait is what keeps systemd waiting and may go on.
type wait int

const (
	noWait wait = iota
	forStart
	forStop
)

func (s Stand) wait(ready bool) wait {
	switch {
	case s.Stopping > 0:
		return forStop
	case s.Starting > 0 && s.Starting < openWait:
		return forStart
	case s.Running > 0 && s.Running < readyWait && !s.Healthy && !ready:
		return forStart
	}
	return noWait
}
