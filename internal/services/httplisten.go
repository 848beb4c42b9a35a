package services

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

const (
	// lastCall is how long a listener waits for one more connection. After two in vain its queue is empty; after
	// one it may be that a busy machine did not even let it look.
	lastCall = 10 * time.Millisecond
	// lastCalls bounds how often it does so while connections keep coming.
	lastCalls = 25
)

// listener accepts connections as long as there is room for them. When drained it first empties the kernel's queue:
// closing at once would reset the connections whose clients have been told that they are connected.
type listener struct {
	*net.TCPListener
	conns    *conns
	draining atomic.Bool
	calls    int // deadlines that passed, all told and in a row; both belong to the goroutine that accepts
	empty    int
}

// Accept returns the next connection, and net.ErrClosed when the queue is empty while draining.
func (l *listener) Accept() (net.Conn, error) {
	for {
		l.conns.awaitRoom()
		c, err := l.AcceptTCP()
		if err == nil {
			l.empty = 0
			return newConn(c), nil
		}
		if !l.draining.Load() || !errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, err
		}
		if l.calls, l.empty = l.calls+1, l.empty+1; l.empty >= 2 || l.calls >= lastCalls {
			return nil, net.ErrClosed
		}
		_ = l.SetDeadline(time.Now().Add(lastCall))
	}
}

// drain makes Accept return what is in the queue, and end then.
func (l *listener) drain() {
	l.draining.Store(true)
	_ = l.refuseNew() // without it a connection may slip in between the last look at the queue and its end
	_ = l.SetDeadline(time.Now().Add(lastCall))
}
