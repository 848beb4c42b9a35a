package services

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"vpo/internal/supervisor"
)

const (
	censusEvery   = 10 * time.Second
	censusTimeout = 5 * time.Second
)

// Tally is what the library holds at one moment.
type Tally struct {
	Known    bool // false until it was counted for the first time
	Files    int
	LastScan string // when the newest file was scanned, as library.FormatTime has it; "" where there is none
}

// Census counts the library every ten seconds. A count that fails changes nothing: the health of the database is told by
// DBHealth.
type Census struct {
	count     func(context.Context) (Tally, error)
	log       *slog.Logger
	published atomic.Pointer[Tally]
}

var _ supervisor.Service = (*Census)(nil)

// NewCensus returns a Census that counts by count, which must obey its context.
func NewCensus(count func(context.Context) (Tally, error), log *slog.Logger) *Census {
	c := &Census{count: count, log: log}
	c.published.Store(&Tally{})
	return c
}

// Name returns "census".
func (c *Census) Name() string { return "census" }

// Tally returns the newest count.
func (c *Census) Tally() Tally { return *c.published.Load() }

// Run counts until ctx ends.
func (c *Census) Run(ctx context.Context, h supervisor.Handle) error {
	tick := time.NewTicker(censusEvery)
	defer tick.Stop()
	h.Ready()
	for {
		c.runOnce(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func (c *Census) runOnce(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, censusTimeout)
	defer cancel()
	tally, err := c.count(ctx)
	if err != nil {
		c.log.Debug("library was not counted", "error", err)
		return
	}
	tally.Known = true
	c.published.Store(&tally)
}
