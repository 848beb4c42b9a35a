package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"sync"
)

// gate lets requests in until it is drained, and counts those inside.
type gate struct {
	mu      sync.Mutex
	inside  int
	drained chan struct{} // nil while open; closed when the last one has left
}

func (g *gate) guard(next handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !g.enter() {
			return errDraining
		}
		defer g.leave()
		return next(w, r)
	}
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.drained != nil {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.drained != nil && g.inside == 0 {
		close(g.drained)
	}
}

// shut turns new requests away and returns the channel that is closed when nobody is inside.
func (g *gate) shut() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.drained == nil {
		g.drained = make(chan struct{})
		if g.inside == 0 {
			close(g.drained)
		}
	}
	return g.drained
}

func (g *gate) drain(ctx context.Context) error {
	select {
	case <-g.shut():
		return nil
	case <-ctx.Done():
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.inside == 0 {
			return nil
		}
		return fmt.Errorf("drain the HTTP API: %d requests still inside: %w", g.inside, context.Cause(ctx))
	}
}
