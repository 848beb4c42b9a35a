package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vpo/internal/library"
)

// job runs one check at a time in a goroutine of its own, and outlives the run of a service that gave up waiting for it.
// Apart from results, it belongs to the goroutine that starts it.
type job struct {
	results chan result // has room for the one that may be under way
	busy    bool
	started time.Time
}

type result struct {
	verdict library.Verdict
	err     error // there is no verdict: the check was cancelled, or it panicked
}

func newJob() job { return job{results: make(chan result, 1)} }

// start runs check, which gets timeout to finish. The job must not be busy.
func (j *job) start(ctx context.Context, timeout time.Duration, check func(context.Context) library.Verdict) {
	j.busy, j.started = true, time.Now()
	results := j.results
	go func() {
		r := result{err: errors.New("check of the database ended its goroutine")}
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("check of the database: panic: %v", p)
			}
			results <- r
		}()
		limited, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		r = result{verdict: check(limited), err: ctx.Err()}
	}()
}

// wait returns true when nothing is under way, false if ctx ends first.
func (j *job) wait(ctx context.Context) bool {
	if !j.busy {
		return true
	}
	select {
	case <-j.results:
		j.busy = false
		return true
	case <-ctx.Done():
		return false
	}
}
