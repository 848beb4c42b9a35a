package services

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// Probe asks the server over its own sockets, one after the other. Any whole answer will do, since what answers it is
// healthy enough to serve: accept loop, server and handler are in it.
//
// A socket of systemd may be one that this process cannot reach: it belongs to another network namespace
// (PrivateNetwork=yes), is of a family of which this one may make none (RestrictAddressFamilies=), or is for users that vpo
// is none of (SocketMode=). Then the server is asked by a side door, and all
// but the accept loop is in it.
func (s *HTTP) Probe(ctx context.Context) error {
	addrs := s.addrs.Load()
	if addrs == nil {
		return errors.New("probe HTTP: the address is not bound")
	}
	for _, addr := range *addrs {
		network, address := dialable(addr)
		err := ask(ctx, func(ctx context.Context) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		})
		if s.cfg.Sockets.Passed() && outOfReach(err) {
			s.unheard.Do(func() {
				s.cfg.Logger.Info("own socket cannot be reached, the watchdog asks the server inside", "address", address, "error", err)
			})
			err = ask(ctx, s.side.dial)
		}
		if err != nil {
			return fmt.Errorf("probe HTTP: %w", err)
		}
	}
	return nil
}

// ask sends one request over a connection of its own.
func ask(ctx context.Context, dial func(context.Context) (net.Conn, error)) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, "http://localhost/", nil)
	if err != nil {
		return err
	}
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// outOfReach tells whether a dial failed for a reason that says nothing of the server: the socket listens, since this
// process holds it.
func outOfReach(err error) bool {
	for _, errno := range []error{
		os.ErrPermission, syscall.ECONNREFUSED, syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.EADDRNOTAVAIL, syscall.ENOENT,
		syscall.EAFNOSUPPORT, // RestrictAddressFamilies=
	} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}

// dialable is addr as this machine can reach it: the loopback address where addr stands for all of them.
func dialable(addr net.Addr) (network, address string) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.Network(), addr.String()
	}
	loopback := net.IPv4(127, 0, 0, 1)
	if tcp.IP.To4() == nil {
		loopback = net.IPv6loopback
	}
	return "tcp", net.JoinHostPort(loopback.String(), strconv.Itoa(tcp.Port))
}

// sideDoor is a listener that only this process can reach. It can be opened again after it was closed.
type sideDoor struct {
	mu   sync.Mutex
	door *door
}

func newSideDoor() *sideDoor { return &sideDoor{} }

// open returns the listener of a run of the server.
func (s *sideDoor) open() net.Listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.door = &door{visitors: make(chan net.Conn), shut: make(chan struct{})}
	return s.door
}

func (s *sideDoor) current() *door {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.door
}

func (s *sideDoor) close() { _ = s.current().Close() }

// dial returns a connection to the server of the run under way.
func (s *sideDoor) dial(ctx context.Context) (net.Conn, error) {
	d := s.current()
	if d == nil {
		return nil, net.ErrClosed
	}
	inside, outside := net.Pipe()
	select {
	case d.visitors <- inside:
		return outside, nil
	case <-d.shut:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// door is the net.Listener of a sideDoor.
type door struct {
	visitors chan net.Conn
	once     sync.Once
	shut     chan struct{}
}

// Accept implements net.Listener.
func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.visitors:
		return newConn(c), nil
	case <-d.shut:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (d *door) Close() error {
	d.once.Do(func() { close(d.shut) })
	return nil
}

// Addr implements net.Listener.
func (d *door) Addr() net.Addr { return &net.UnixAddr{Name: "side door", Net: "pipe"} }
