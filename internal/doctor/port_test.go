package doctor

import (
	"context"
	"net"
	"os"
	"testing"

	"vpo/internal/config"
)

// listen holds a port of the loopback interface for the test.
func listen(t *testing.T) (port int) {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	return ln.Addr().(*net.TCPAddr).Port
}

// freePort is a port that nobody holds at the moment.
func freePort(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

func TestPort(t *testing.T) {
	t.Run("OneThatAnotherProgramHoldsFails", func(t *testing.T) {
		w := newWorld(t)
		w.set.Server.Port = listen(t)
		w.want("port", Fail, "another program", "ss -ltnp")
	})
	t.Run("OneThatVpoItselfHoldsPasses", func(t *testing.T) {
		w := newWorld(t)
		w.set.Server.Port = listen(t)
		w.config.Health = func(context.Context, config.ServerConfig) (string, error) { return "healthy", nil }
		w.want("port", Pass, "vpo itself", "healthy")
	})
	t.Run("OneThatSystemdHoldsPassesAndIsNotAsked", func(t *testing.T) {
		w := newWorld(t)
		w.set.Server.Port = listen(t)
		w.write("systemctl", `#!/bin/sh
case "$*" in
*vpo.socket) echo LoadState=loaded; echo ActiveState=active ;;
*) echo LoadState=loaded; echo ActiveState=inactive; echo `+self(t)+` ;;
esac
`)
		w.config.Health = func(context.Context, config.ServerConfig) (string, error) {
			t.Error("the first request would start the daemon")
			return "", nil
		}
		w.want("port", Pass, "vpo.socket")
	})
	t.Run("OneThatTheUserMayNotHaveFails", func(t *testing.T) {
		w := newWorld(t)
		if os.Geteuid() != 0 {
			t.Skip("only root can become somebody else")
		}
		w.unit("User=nobody")
		w.set.Server.Port = 81
		if first := unprivilegedPorts(t); first <= 81 {
			t.Skip("everybody may have every port here")
		}
		w.want("port", Fail, "nobody may not listen", "systemctl enable --now vpo.socket")
		w.unit("User=nobody", "AmbientCapabilities=CAP_NET_BIND_SERVICE")
		w.want("port", Pass, "capability")
	})
	t.Run("AnAddressOfAnotherMachineFails", func(t *testing.T) {
		w := newWorld(t)
		w.set.Server.Bind = "203.0.113.1" // RFC 5737: nobody has it
		w.want("port", Fail, "no interface", "ip -brief address")
	})
	t.Run("IPv6IsTriedAsWell", func(t *testing.T) {
		w := newWorld(t)
		if ln, err := net.Listen("tcp6", "[::1]:0"); err != nil {
			t.Skip("no IPv6 here")
		} else {
			ln.Close()
		}
		w.set.Server.Bind = "::1"
		w.want("port", Pass, "[::1]", "free")
	})
	t.Run("TryingDisturbsNobody", func(t *testing.T) {
		port := freePort(t)
		if err := tryBind(t.Context(), "127.0.0.1", port); err != nil {
			t.Fatal(err)
		}
		ln, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		if err != nil {
			t.Fatal(err)
		}
		ln.Close()
	})
}

// unprivilegedPorts is the first port that needs no right: ip(7).
func unprivilegedPorts(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_unprivileged_port_start")
	if err != nil {
		return 1024
	}
	first := 0
	for _, digit := range string(text) {
		if digit >= '0' && digit <= '9' {
			first = first*10 + int(digit-'0')
		}
	}
	return first
}
