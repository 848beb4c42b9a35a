package services

import (
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
)

// A socket that has left its interfaces refuses whoever comes, and keeps those that came before.
func TestListener_LeavesInterfaces(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0", "0.0.0.0:0"} {
		t.Run(addr, func(t *testing.T) {
			ln, err := bind(t.Context(), addr)
			if err != nil {
				t.Skip(err) // a machine without IPv6
			}
			defer ln.Close()
			network, target := dialable(ln.Addr())
			early, err := net.Dial(network, target)
			if err != nil {
				t.Fatal(err)
			}
			defer early.Close()
			leave(t, ln)
			if late, err := net.Dial(network, target); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("a late client is told %v", err)
				if err == nil {
					late.Close()
				}
			}
			served, err := ln.Accept()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(served, "hello"); err != nil {
				t.Error(err)
			}
			served.Close()
			if text, err := io.ReadAll(early); err != nil || string(text) != "hello" {
				t.Errorf("the early client hears %q, %v", text, err)
			}
		})
	}
}

func leave(t *testing.T, ln *net.TCPListener) {
	t.Helper()
	raw, err := ln.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var left error
	if err := raw.Control(func(fd uintptr) { left = leaveInterfaces(int(fd)) }); err != nil || left != nil {
		t.Fatal(err, left)
	}
}
