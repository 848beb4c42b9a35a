package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// checkPort tells whether the daemon can listen, or listens already.
func (v *visit) checkPort(ctx context.Context) {
	const check = "port"
	server := v.settings.Server
	address := net.JoinHostPort(server.Bind, strconv.Itoa(server.Port))
	socket := strings.TrimSuffix(v.unit.name, ".service") + ".socket"
	// The first request to a socket of systemd starts the daemon: it is not asked, then.
	if v.active(ctx, socket) && v.unit.set["ActiveState"] != "active" {
		v.pass(check, socket+" holds the port for the daemon")
		return
	}
	switch err := v.account.as(func() error { return tryBind(ctx, server.Bind, server.Port) }); {
	case err == nil:
		v.pass(check, address+" is free")
	case errors.Is(err, unix.EADDRINUSE):
		v.checkHeldPort(ctx, address)
	case errors.Is(err, unix.EACCES) && v.unit.mayBind():
		v.pass(check, address+", by the capability of "+v.unit.name)
	case errors.Is(err, unix.EACCES):
		v.add(check, Fail, fmt.Sprintf("%s may not listen on %s: ports under 1024 need a right", v.account.name, address),
			"# use a port above 1023, or let systemd hold it:\nsystemctl enable --now "+socket)
	case errors.Is(err, unix.EADDRNOTAVAIL):
		v.add(check, Fail, fmt.Sprintf("no interface of this machine has the address %s", server.Bind), "ip -brief address")
	default:
		v.add(check, Fail, fmt.Sprintf("listen on %s: %v", address, err), "# set server.bind to an IP address of this machine")
	}
}

// checkHeldPort tells the daemon from another program.
func (v *visit) checkHeldPort(ctx context.Context, address string) {
	const check = "port"
	status, err := v.Health(ctx, v.settings.Server)
	if err == nil {
		v.pass(check, fmt.Sprintf("%s is held by vpo itself, which is %s", address, status))
		return
	}
	v.add(check, Fail, fmt.Sprintf("%s is held by another program (%v)", address, err),
		fmt.Sprintf("ss -ltnp 'sport = :%d'   # end that program, or set server.port to another one", v.settings.Server.Port))
}

// tryBind tells whether the kernel would let this thread listen. The socket never listens, and others may bind beside it
// (socket(7), SO_REUSEADDR), so that a daemon that starts at this moment is not disturbed.
func tryBind(ctx context.Context, host string, port int) error {
	ips, err := net.DefaultResolver.LookupIP(ctx, "ip", host)
	if err != nil {
		return err
	}
	if len(ips) == 0 {
		return fmt.Errorf("%s has no address", host)
	}
	family, address := bindTo(ips[0], port)
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	return unix.Bind(fd, address)
}

func bindTo(ip net.IP, port int) (family int, address unix.Sockaddr) {
	if ip4 := ip.To4(); ip4 != nil {
		return unix.AF_INET, &unix.SockaddrInet4{Port: port, Addr: [4]byte(ip4)}
	}
	return unix.AF_INET6, &unix.SockaddrInet6{Port: port, Addr: [16]byte(ip.To16())}
}
