package services

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// BindError tells why an address could not be listened on, and what to do about it.
type BindError struct {
	Addr string // as configured, "127.0.0.1:8321"
	Err  error
}

// Error ends with what to do next, where that is known.
func (e *BindError) Error() string {
	why := e.Err.Error()
	if errno, ok := errors.AsType[syscall.Errno](e.Err); ok {
		why = errno.Error()
	}
	dns, isDNS := errors.AsType[*net.DNSError](e.Err)
	switch {
	case errors.Is(e.Err, syscall.EADDRINUSE):
		why += "; try --port with another number"
	case errors.Is(e.Err, os.ErrPermission):
		why += "; use a port above 1023, or allow this one with AmbientCapabilities=CAP_NET_BIND_SERVICE" +
			" or a socket unit of systemd"
	case errors.Is(e.Err, syscall.EADDRNOTAVAIL):
		why += "; no interface of this machine has this address, try --bind 127.0.0.1 or --bind 0.0.0.0"
	case isDNS:
		why = dns.Err + "; set --bind to an IP address, or to a name that resolves"
	}
	return fmt.Sprintf("listen %s: %s", e.Addr, why)
}

// Unwrap returns the error of the network.
func (e *BindError) Unwrap() error { return e.Err }

// network keeps 0.0.0.0 to IPv4: Go takes any unspecified address of "tcp" for both families.
func network(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && ip.To4() != nil {
		return "tcp4"
	}
	return "tcp"
}

func bind(ctx context.Context, addr string) (*net.TCPListener, error) {
	var cfg net.ListenConfig
	cfg.SetMultipathTCP(false) // Linux cannot filter on a listener of MPTCP, see refuseNew
	ln, err := cfg.Listen(ctx, network(addr), addr)
	if err != nil {
		return nil, &BindError{Addr: addr, Err: err}
	}
	return ln.(*net.TCPListener), nil
}
