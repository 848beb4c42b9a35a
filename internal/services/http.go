package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
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
	Port     int // 0 takes a free one
	Handler  http.Handler
	MaxConns int // DefaultMaxConns if 0
	Logger   *slog.Logger
}

// HTTP serves a handler over TCP. Open binds the address, so that one that cannot be had fails the start; Run serves
// until its context ends and then drains: every connection that was accepted and has sent a request is answered,
// within the grace. A later Run binds the same address again.
type HTTP struct {
	cfg      HTTPConfig
	addr     atomic.Pointer[net.TCPAddr] // bound by Open, never changes then
	listener atomic.Pointer[net.TCPListener]
}

var _ supervisor.Service = (*HTTP)(nil)

// NewHTTP returns an HTTP that is not bound yet.
func NewHTTP(cfg HTTPConfig) *HTTP {
	if cfg.MaxConns == 0 {
		cfg.MaxConns = DefaultMaxConns
	}
	return &HTTP{cfg: cfg}
}

// Name returns "http".
func (s *HTTP) Name() string { return "http" }

// Open binds the address. Its error is a *BindError.
func (s *HTTP) Open(ctx context.Context) error {
	addr := net.JoinHostPort(s.cfg.Host, strconv.Itoa(s.cfg.Port))
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	ln, err := bind(ctx, addr)
	if err != nil {
		return err
	}
	s.addr.Store(ln.Addr().(*net.TCPAddr))
	s.listener.Store(ln)
	return nil
}

// Close releases the address if no Run took it.
func (s *HTTP) Close(context.Context) error {
	if ln := s.listener.Swap(nil); ln != nil {
		return ln.Close()
	}
	return nil
}

// Addr returns the address that Open bound, with its actual port, as "127.0.0.1:8321"; "" before.
func (s *HTTP) Addr() string {
	if addr := s.addr.Load(); addr != nil {
		return addr.String()
	}
	return ""
}

// Run serves until ctx ends, then drains. Its error after that says how many requests were cut off.
func (s *HTTP) Run(ctx context.Context, h supervisor.Handle) error {
	tcp, err := s.take(ctx)
	if err != nil {
		return err
	}
	conns := newConns(s.cfg.MaxConns)
	ln := &listener{TCPListener: tcp, conns: conns}
	srv := s.server(ctx, conns)
	defer srv.Close() // whatever happens, no connection and no listener outlives the run

	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	h.Ready()
	select {
	case err := <-served:
		return errors.Join(fmt.Errorf("serve HTTP: %w", err), abandon(srv, conns))
	case <-ctx.Done():
	}
	conns.stop()
	ln.drain()
	<-served // always http.ErrServerClosed or a closed socket now: the listener is closed, and every accepted connection is known
	return conns.wait(h.Grace())
}

// abandon closes the connections of a server that failed, and waits a moment for their goroutines.
func abandon(srv *http.Server, conns *conns) error {
	conns.stop()
	_ = srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return conns.wait(ctx)
}

// take returns the listener that Open bound, or in a later run a new one of the same address.
func (s *HTTP) take(ctx context.Context) (*net.TCPListener, error) {
	if ln := s.listener.Swap(nil); ln != nil {
		return ln, nil
	}
	if s.addr.Load() == nil {
		return nil, errors.New("serve HTTP: the address is not bound")
	}
	return bind(ctx, s.Addr())
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

// Probe asks the server over its own socket. Any whole answer will do, since what answers it is healthy enough to
// serve: accept loop, server and handler are in it.
func (s *HTTP) Probe(ctx context.Context) error {
	addr := s.addr.Load()
	if addr == nil {
		return errors.New("probe HTTP: the address is not bound")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, "http://"+dialable(addr)+"/", nil)
	if err != nil {
		return fmt.Errorf("probe HTTP: %w", err)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return fmt.Errorf("probe HTTP: %w", err)
	}
	return resp.Body.Close()
}

// dialable is addr as this machine can reach it: the loopback address where addr stands for all of them.
func dialable(addr *net.TCPAddr) string {
	if !addr.IP.IsUnspecified() {
		return addr.String()
	}
	loopback := net.IPv4(127, 0, 0, 1)
	if addr.IP.To4() == nil {
		loopback = net.IPv6loopback
	}
	return net.JoinHostPort(loopback.String(), strconv.Itoa(addr.Port))
}
