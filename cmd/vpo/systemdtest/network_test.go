package systemdtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The machine's one interface is the loopback one. It has, beside its own, an address of a home network (RFC 1918) and one that
// stands for the rest of the world (RFC 5737): packets between them never leave it, but have these as source and destination.
var (
	homeAddress  = net.IPv4(192, 168, 77, 1)
	worldAddress = net.IPv4(203, 0, 113, 9)
)

// enterNetwork moves the calling thread into the network of a process, and gives its loopback interface the addresses.
func enterNetwork(pid int) error {
	namespace, err := unix.Open(fmt.Sprintf("/proc/%d/ns/net", pid), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(namespace)
	if err := unix.Setns(namespace, unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter the machine's network: %w", err)
	}
	for name, address := range map[string]net.IP{"lo": net.IPv4(127, 0, 0, 1), "lo:1": homeAddress, "lo:2": worldAddress} {
		if err := setAddress(name, address); err != nil {
			return fmt.Errorf("give %s its address: %w", name, err)
		}
	}
	return nil
}

// setAddress is netdevice(7): an address for an interface, which is up then.
func setAddress(name string, address net.IP) error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	request, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	if err := request.SetInet4Addr(address.To4()); err != nil {
		return err
	}
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFADDR, request); err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, request)
}

// client speaks HTTP from inside the machine, with a connection a request.
func (m *machine) client() *http.Client {
	return &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: m.dial, DisableKeepAlives: true}}
}

// get returns the code and the body of an answer.
func (m *machine) get(t testing.TB, url string) (int, string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := m.client().Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

// dial connects from inside the machine.
func (m *machine) dial(ctx context.Context, network, address string) (conn net.Conn, err error) {
	return m.dialFrom(ctx, nil, network, address)
}

func (m *machine) dialFrom(ctx context.Context, from net.Addr, network, address string) (conn net.Conn, err error) {
	answered := make(chan struct{})
	call := func() {
		defer close(answered)
		conn, err = (&net.Dialer{LocalAddr: from}).DialContext(ctx, network, address)
	}
	select {
	case m.calls <- call:
		<-answered
		return conn, err
	case <-m.done:
		return nil, errors.New("the machine is gone")
	}
}
