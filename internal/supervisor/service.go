package supervisor

import (
	"context"
	"time"
)

// Service is one supervised part of a program.
type Service interface {
	// Name identifies the service in logs and snapshots. It is constant and unique in its tree.
	Name() string
	// Run works until ctx ends, and calls h.Ready once it can do its work. Returning before ctx ends is a failure,
	// whatever the error: before the first Ready it fails the start, later the service is restarted. After ctx has
	// ended Run cleans up and returns, at the latest when h.Grace ends.
	Run(ctx context.Context, h Handle) error
}

// Handle is how a running service talks to its supervisor. It belongs to one run: what a run says after it has ended
// is ignored.
type Handle interface {
	// Ready says that the service does its work now. Only the first call of a run counts.
	Ready()
	// Grace ends when the service's share of the teardown is spent, or when the teardown is cut short.
	Grace() context.Context
	// Beat promises another Beat, or the end of the run, within d. A broken promise fails Tree.Probe.
	Beat(d time.Duration)
}
