package services

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// sweepEvery is the pause between two looks at the connections, in a drain and while there is no room.
	sweepEvery = 10 * time.Millisecond
	// evictAfter is how long a connection without a request keeps its place while others wait for one.
	evictAfter = time.Second
)

// farewell is how a drain takes leave of connections that wait for their client.
type farewell struct {
	quiet    time.Duration // how long one that sends nothing is kept: a request may be on its way
	first    time.Duration // the same for one that has not asked at all so far: who connects wants to ask
	patience time.Duration // how long a request may take to arrive, however steadily it trickles in
}

var (
	// briefly is for a socket of our own: while a drain lasts, new clients find nobody.
	briefly = farewell{quiet: 200 * time.Millisecond, first: 200 * time.Millisecond, patience: 450 * time.Millisecond}
	// patiently is for sockets that systemd holds: new clients wait in their queue meanwhile, and a keep-alive client
	// has time to ask once more and to be told that it is the last time.
	patiently = farewell{quiet: time.Second, first: 2 * time.Second, patience: 3 * time.Second}
)

// silence is how long c may send nothing.
func (f farewell) silence(c *conn) time.Duration {
	if c.asked.Load() {
		return f.quiet
	}
	return f.first
}

// conn is a connection of the server. It is busy while a handler works on its request or an answer is being written;
// otherwise it waits for its client.
type conn struct {
	net.Conn
	asked    atomic.Bool // at least once
	handling atomic.Bool
	writing  atomic.Bool
	progress moment // when bytes last came or went
	waiting  moment // since when it waits for a request: its accept, or the end of the last answer
}

// moment is a time that one goroutine sets and others read.
type moment struct{ unixNano atomic.Int64 }

func (m *moment) set()                            { m.unixNano.Store(time.Now().UnixNano()) }
func (m *moment) ago(now time.Time) time.Duration { return now.Sub(time.Unix(0, m.unixNano.Load())) }

func newConn(stream net.Conn) *conn {
	c := &conn{Conn: stream}
	c.progress.set()
	c.waiting.set()
	return c
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.progress.set()
	}
	return n, err
}

func (c *conn) Write(p []byte) (int, error) {
	c.writing.Store(true)
	defer c.writing.Store(false)
	defer c.progress.set()
	return c.Conn.Write(p)
}

// CloseWrite lets the server end an answer whose request it has not read to the end.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (c *conn) busy() bool { return c.handling.Load() || c.writing.Load() }

type connKey struct{}

func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// conns knows the connections of one run of the server.
type conns struct {
	max      int
	farewell farewell
	stopping atomic.Bool

	mu  sync.Mutex
	all map[*conn]struct{}
}

func newConns(limit int, f farewell) *conns {
	return &conns{max: limit, farewell: f, all: make(map[*conn]struct{})}
}

// changed is the server's hook: a connection is known from its accept to the end of its goroutine.
func (cs *conns) changed(c net.Conn, state http.ConnState) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	switch state {
	case http.StateNew:
		cs.all[c.(*conn)] = struct{}{}
	case http.StateClosed, http.StateHijacked:
		delete(cs.all, c.(*conn))
	}
}

// track marks the connections whose request is being handled, and lets none be used again once the server stops.
func (cs *conns) track(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := r.Context().Value(connKey{}).(*conn)
		c.handling.Store(true)
		c.asked.Store(true)
		defer func() {
			c.waiting.set()
			c.handling.Store(false)
		}()
		if cs.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// awaitRoom returns when another connection may be accepted. If all places are taken, those go that have been without
// a request for long; there is no limit once the server stops, since what is in the queue then is all that comes.
func (cs *conns) awaitRoom() {
	for !cs.stopping.Load() && cs.len() >= cs.max {
		cs.hangUp(func(c *conn, now time.Time) bool { return c.waiting.ago(now) >= evictAfter && !unread(c.Conn) })
		time.Sleep(sweepEvery) //nolint:forbidigo // Accept has no context; stop ends the loop at its next turn
	}
}

func (cs *conns) len() int {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return len(cs.all)
}

// hangUp closes the connections that wait for their client and for whom it is over. It returns how many there
// were of each kind.
func (cs *conns) hangUp(over func(*conn, time.Time) bool) (busy, waiting int) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	now := time.Now()
	for c := range cs.all {
		switch {
		case c.busy():
			busy++
		case over(c, now):
			_ = c.Close() // its goroutine ends, and takes it out of all
			fallthrough
		default:
			waiting++
		}
	}
	return busy, waiting
}

// stop begins the drain: from now on every answer closes its connection.
func (cs *conns) stop() { cs.stopping.Store(true) }

// wait returns when every connection has gone: answered, or hung up because its client has nothing to ask. If grace ends
// first, the error says how many requests are cut off.
func (cs *conns) wait(grace context.Context) error {
	stopped := time.Now()
	over := func(c *conn, now time.Time) bool {
		silent := min(now.Sub(stopped), c.progress.ago(now), c.waiting.ago(now))
		return now.Sub(stopped) >= cs.farewell.patience || (silent >= cs.farewell.silence(c) && !unread(c.Conn))
	}
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		busy, waiting := cs.hangUp(over)
		if busy+waiting == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-grace.Done():
			if busy == 0 {
				return nil
			}
			return fmt.Errorf("serve HTTP: %d requests cut off: %w", busy, context.Cause(grace))
		}
	}
}
