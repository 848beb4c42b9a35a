package supervisor

import (
	"context"
	"time"
)

// call is a function at work in a goroutine of its own, so that one that hangs can be left behind.
type call struct {
	began time.Time
	done  chan struct{} // closed when the function has ended
	err   error         // outcome; read after done
	took  time.Duration // read after done
}

// begin calls f, or ends at once where f is nil. A panic of f becomes the error.
func begin(ctx context.Context, f func(context.Context) error) *call {
	c := &call{began: time.Now(), done: make(chan struct{})}
	if f == nil {
		close(c.done)
		return c
	}
	go guard(
		func() error { return f(ctx) },
		func(err error) {
			c.err, c.took = err, time.Since(c.began)
			close(c.done)
		},
	)
	return c
}

// closed tells whether c is closed, without waiting.
func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
