package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vpo/internal/supervisor"
)

// Limits of a server that faces a hostile network.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 15 * time.Second // header and body
	writeTimeout   = 60 * time.Second // from the end of the header to the end of the answer
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 16 << 10
	resolveTimeout = 5 * time.Second

	// DefaultMaxConns is how many connections an HTTP serves at once if its configuration does not say.
	DefaultMaxConns = 512
)

// HTTPConfig is what an HTTP is made of.
type HTTPConfig struct {
	// Host is an IP address or a name. A name stands for one address, the IPv4 one where it has both; "::" listens
	// on both families, "0.0.0.0" on IPv4 alone.
	Host     string
	Port     int     // 0 takes a free one
	Sockets  Sockets // go before Host and Port where there are any; the HTTP closes them
	Handler  http.Handler
	MaxConns int // DefaultMaxConns if 0
	Logger   *slog.Logger
}

// HTTP serves a handler over TCP, or over the sockets of systemd. Open binds the address, so that one that cannot be had
// fails the start; Run serves until its context ends and then drains: every connection that was accepted and has sent a
// request is answered, within the grace. A later Run binds the same address again.
type HTTP struct {
	cfg       HTTPConfig
	addrs     atomic.Pointer[[]net.Addr] // bound by Open, never changes then
	listeners atomic.Pointer[[]streamListener]
	side      *sideDoor
	unheard   sync.Once // the log has been told of an address that the probe cannot reach
}

var _ supervisor.Service = (*HTTP)(nil)

// NewHTTP returns an HTTP that is not bound yet.
func NewHTTP(cfg HTTPConfig) *HTTP {
	if cfg.MaxConns == 0 {
		cfg.MaxConns = DefaultMaxConns
	}
	return &HTTP{cfg: cfg, side: newSideDoor()}
}

// Name returns "http".
func (s *HTTP) Name() string { return "http" }

// Open binds the address, or takes the sockets of systemd. Where the address is the problem its error is a *BindError.
func (s *HTTP) Open(ctx context.Context) error {
	listeners, err := s.listen(ctx, net.JoinHostPort(s.cfg.Host, strconv.Itoa(s.cfg.Port)))
	if err != nil {
		return err
	}
	addrs := make([]net.Addr, len(listeners))
	for i, ln := range listeners {
		addrs[i] = ln.Addr()
	}
	s.addrs.Store(&addrs)
	s.listeners.Store(&listeners)
	return nil
}

func (s *HTTP) listen(ctx context.Context, addr string) ([]streamListener, error) {
	if s.cfg.Sockets.Passed() {
		return s.cfg.Sockets.listeners()
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	ln, err := bind(ctx, addr)
	if err != nil {
		return nil, err
	}
	return []streamListener{ln}, nil
}

// Close releases the address if no Run took it.
func (s *HTTP) Close(context.Context) (err error) {
	if listeners := s.listeners.Swap(nil); listeners != nil {
		err = closeAll(*listeners)
	}
	s.cfg.Sockets.close()
	return err
}

// Addr returns the address that Open bound, with its actual port, as "127.0.0.1:8321"; several with commas between them,
// a Unix socket as its path; "" before.
func (s *HTTP) Addr() string {
	addrs := s.addrs.Load()
	if addrs == nil {
		return ""
	}
	names := make([]string, len(*addrs))
	for i, addr := range *addrs {
		names[i] = addr.String()
	}
	return strings.Join(names, ", ")
}

// Run serves until ctx ends, then drains. Its error after that says how many requests were cut off.
func (s *HTTP) Run(ctx context.Context, h supervisor.Handle) error {
	listeners, err := s.take(ctx)
	if err != nil {
		return err
	}
	conns := newConns(s.cfg.MaxConns, s.farewell())
	srv := s.server(ctx, conns)
	defer srv.Close() // whatever happens, no connection and no listener outlives the run

	served := make(chan error, len(listeners)+1)
	door := s.side.open()
	go func() { served <- srv.Serve(door) }()
	drains := make([]func(), len(listeners))
	for i, ln := range listeners {
		l := &listener{streamListener: ln, shared: s.cfg.Sockets.Passed(), conns: conns}
		drains[i] = l.drain
		go func() { served <- srv.Serve(l) }()
	}
	h.Ready()
	select {
	case err := <-served:
		err = errors.Join(fmt.Errorf("serve HTTP: %w", err), abandon(srv, conns))
		awaitAll(served, len(listeners))
		return err
	case <-ctx.Done():
	}
	conns.stop()
	for _, drain := range drains {
		drain()
	}
	s.side.close()
	awaitAll(served, len(listeners)+1) // the listeners are closed, and every accepted connection is known
	return conns.wait(h.Grace())
}

// awaitAll waits for n listeners to end, whose errors tell nothing new by then.
func awaitAll(served <-chan error, n int) {
	for range n {
		<-served
	}
}

// farewell is how a drain goes: with time where nobody is refused meanwhile.
func (s *HTTP) farewell() farewell {
	if s.cfg.Sockets.Passed() {
		return patiently
	}
	return briefly
}

// abandon closes the connections of a server that failed, and waits a moment for their goroutines.
func abandon(srv *http.Server, conns *conns) error {
	conns.stop()
	_ = srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return conns.wait(ctx)
}

// take returns the listeners that Open bound, or in a later run new ones of the same address.
func (s *HTTP) take(ctx context.Context) ([]streamListener, error) {
	if listeners := s.listeners.Swap(nil); listeners != nil {
		return *listeners, nil
	}
	if s.addrs.Load() == nil {
		return nil, errors.New("serve HTTP: the address is not bound")
	}
	return s.listen(ctx, s.Addr())
}

func (s *HTTP) server(ctx context.Context, conns *conns) *http.Server {
	return &http.Server{
		Handler:           conns.track(s.cfg.Handler),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          newServerLog(s.cfg.Logger),
		ConnState:         conns.changed,
		ConnContext:       withConn,
		// The end of ctx starts the drain: it must not cancel the requests that are to be drained.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
}
