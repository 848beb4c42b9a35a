package services

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

const (
	// lastCall is how long a listener waits for one more connection. After two in vain, with nothing in its queue, it is done;
	// after one a connection may still be on its way.
	lastCall = 10 * time.Millisecond
	// lastCalls bounds how often it does so while connections keep coming.
	lastCalls = 25
)

// streamListener is what *net.TCPListener and *net.UnixListener have in common.
type streamListener interface {
	net.Listener
	SetDeadline(time.Time) error
}

func closeAll(listeners []streamListener) (err error) {
	for _, ln := range listeners {
		err = errors.Join(err, ln.Close())
	}
	return err
}

// listener accepts connections as long as there is room for them. When drained, one of its own socket first empties the
// kernel's queue: closing at once would reset the connections whose clients have been told that they are connected. The
// queue of a shared socket outlives this process, and is left to the next one.
type listener struct {
	streamListener
	shared   bool // with systemd, which goes on holding the socket
	conns    *conns
	draining atomic.Bool
	calls    int // deadlines that passed, all told and in a row; both belong to the goroutine that accepts
	empty    int
}

// Accept returns the next connection, and net.ErrClosed when it is over while draining.
func (l *listener) Accept() (net.Conn, error) {
	for {
		l.conns.awaitRoom()
		c, err := l.streamListener.Accept()
		if err == nil {
			l.empty = 0
			return newConn(c), nil
		}
		if !l.draining.Load() || !errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, err
		}
		// A deadline that has passed hides what is in the queue, and on a busy machine it may pass before the first look.
		if l.waiting() {
			l.empty = -1
		}
		if l.calls, l.empty = l.calls+1, l.empty+1; l.shared || l.empty >= 2 || l.calls >= lastCalls {
			return nil, net.ErrClosed
		}
		_ = l.SetDeadline(time.Now().Add(lastCall))
	}
}

// drain makes Accept end: at once on a shared socket, else when it has returned what is in the queue.
func (l *listener) drain() {
	l.draining.Store(true)
	if l.shared {
		_ = l.SetDeadline(time.Now())
		return
	}
	_ = l.refuseNew() // without it a connection may slip in between the last look at the queue and its end
	_ = l.SetDeadline(time.Now().Add(lastCall))
}
