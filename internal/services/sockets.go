package services

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

const (
	firstSocket = 3 // the descriptor after stderr, SD_LISTEN_FDS_START
	maxSockets  = 16
	// socketName is what a FileDescriptorName= calls the sockets that are for HTTP.
	socketName = "http"
)

// Sockets are the listening sockets that systemd has opened for this process and goes on holding (sd_listen_fds(3)). They
// are the same sockets in every process that had, has and will have them: what is done to the socket itself, and not to
// this process's copy, is done to all.
type Sockets struct {
	files  []*os.File
	Unused []string // names of sockets that were passed for another purpose
}

// Passed tells whether there are any.
func (s Sockets) Passed() bool { return len(s.files) > 0 }

// TakeSockets takes the sockets that LISTEN_FDS announces, if LISTEN_PID is this process, and removes the variables from
// the environment. Of sockets with several names those called "http" are served, else those that are called as the first
// one is. Its error names the socket that cannot be served.
func TakeSockets() (Sockets, error) {
	pid, fds, names := os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS"), os.Getenv("LISTEN_FDNAMES")
	for _, name := range []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		_ = os.Unsetenv(name) // fails for an empty name alone
	}
	if pid != strconv.Itoa(os.Getpid()) || fds == "" {
		return Sockets{}, nil
	}
	count, err := strconv.Atoi(fds)
	if err != nil || count < 0 {
		return Sockets{}, fmt.Errorf("LISTEN_FDS=%q is not a number of sockets", fds)
	}
	if count > maxSockets {
		return Sockets{}, fmt.Errorf("LISTEN_FDS=%d: at most %d sockets are served; remove ListenStream= lines", count, maxSockets)
	}
	return adopt(count, strings.Split(names, ":"))
}

// adopt takes the descriptors that are to be served. It touches none before all are known to be fit: a descriptor that was
// announced and not passed may be one of the Go runtime by now.
func adopt(count int, names []string) (Sockets, error) {
	var s Sockets
	var errs []error
	var chosen []int
	want := chooseName(names[:min(len(names), count)])
	for i := range count {
		name := nameOf(names, i)
		if name != want {
			s.Unused = append(s.Unused, name)
			continue
		}
		chosen = append(chosen, i)
		if err := checkSocket(firstSocket + i); err != nil {
			errs = append(errs, fmt.Errorf("socket %d of systemd (%s): %w", i+1, orUnnamed(name), err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return Sockets{}, err
	}
	for i := range count {
		syscall.CloseOnExec(firstSocket + i)
	}
	for _, i := range chosen {
		s.files = append(s.files, os.NewFile(uintptr(firstSocket+i), want))
	}
	return s, nil
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return ""
}

func chooseName(names []string) string {
	for _, name := range names {
		if name == socketName {
			return name
		}
	}
	return strings.Join(names[:min(1, len(names))], "")
}

func orUnnamed(name string) string {
	if name == "" {
		return "without a name"
	}
	return name
}

// checkSocket tells what keeps a descriptor from being served.
func checkSocket(fd int) error {
	kind, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_TYPE)
	if errors.Is(err, syscall.EBADF) {
		return errors.New("was announced and is not there")
	}
	if err != nil {
		return fmt.Errorf("is no socket: %w; use ListenStream= in the socket unit", err)
	}
	if kind != syscall.SOCK_STREAM {
		return errors.New("is no stream socket; use ListenStream= in the socket unit")
	}
	if listens, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN); err != nil || listens == 0 {
		return errors.New("does not listen; use ListenStream= and Accept=no in the socket unit")
	}
	return nil
}

// listeners returns a listener of each socket, on a copy of its descriptor.
func (s Sockets) listeners() ([]streamListener, error) {
	var all []streamListener
	for _, file := range s.files {
		ln, err := net.FileListener(file)
		if err == nil {
			if stream, ok := ln.(streamListener); ok {
				all = append(all, stream)
				continue
			}
			err = errors.Join(fmt.Errorf("%s is neither TCP nor a Unix socket", ln.Addr().Network()), ln.Close())
		}
		return nil, fmt.Errorf("socket of systemd (%s): %w", orUnnamed(file.Name()), errors.Join(err, closeAll(all)))
	}
	return all, nil
}

// close closes this process's copies.
func (s Sockets) close() {
	for _, file := range s.files {
		_ = file.Close() // nothing was written to it
	}
}
