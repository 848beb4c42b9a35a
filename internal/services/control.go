package services

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"vpo/internal/supervisor"
)

const (
	controlReload = "reload\n" // what a client asks for
	controlDone   = "done\n"   // how an answer begins
	controlNo     = "refused\n"

	controlTimeout = 5 * time.Second // for the question, and for the answer to be taken
	maxAnswer      = 64 << 10        // bytes
	// maxSocketPath is what fits into a socket address of Linux, with room for the byte at its end (unix(7)).
	maxSocketPath = 107
)

var errForeign = errors.New("the client is another user")

// ControlConfig is what a Control is made of. All fields are needed.
type ControlConfig struct {
	Path   string                                // of the socket
	Reload func(context.Context) (string, error) // tells what came of it; the error is meant for the client
	Logger *slog.Logger
}

// Control lets the user who runs the daemon, and root, ask it for a reload and hear the outcome. It listens on a Unix
// socket, which no browser can reach and where the kernel says who asks; nothing else is asked for. A client sends
// "reload" and a line end; the answer is "done" or "refused", a line end, and text.
type Control struct {
	cfg      ControlConfig
	listener atomic.Pointer[net.UnixListener]
	file     fs.FileInfo // of the socket, as Open made it
}

var _ supervisor.Service = (*Control)(nil)

// NewControl returns a Control that does not listen so far.
func NewControl(cfg ControlConfig) *Control { return &Control{cfg: cfg} }

// Name returns "control".
func (c *Control) Name() string { return "control" }

// Open listens. A socket that a dead daemon has left is replaced; one at which a daemon listens is an error, EADDRINUSE.
// What is no socket is left alone, and is another error.
func (c *Control) Open(ctx context.Context) error {
	path, done, err := socketPath(c.cfg.Path)
	if err != nil {
		return fmt.Errorf("listen for vpo reload: %w", err)
	}
	defer done()
	ln, err := listenUnix(path)
	if errors.Is(err, syscall.EADDRINUSE) {
		ln, err = replaceAbandoned(ctx, path, err)
	}
	if err != nil {
		if op, ok := errors.AsType[*net.OpError](err); ok {
			err = op.Err // without the name, which may be that of a descriptor
		}
		return fmt.Errorf("listen for vpo reload at %s: %w", c.cfg.Path, err)
	}
	_ = os.Chmod(path, 0o600) // the kernel tells who asks; this only makes it plain
	c.file, _ = os.Lstat(path)
	c.listener.Store(ln)
	return nil
}

// replaceAbandoned listens in the place of a socket at which nobody does, or returns why it is not to be touched.
func replaceAbandoned(ctx context.Context, path string, inUse error) (*net.UnixListener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() != fs.ModeSocket {
		return nil, errors.New("something that is no socket has this name; remove it")
	}
	if !isAbandoned(ctx, path) {
		return nil, inUse
	}
	_ = os.Remove(path)
	return listenUnix(path)
}

func listenUnix(path string) (*net.UnixListener, error) {
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err == nil {
		ln.SetUnlinkOnClose(false) // Close knows the name that holds
	}
	return ln, err
}

// isAbandoned tells whether nobody listens at a socket that is there.
func isAbandoned(ctx context.Context, path string) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err == nil {
		_ = conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// socketPath returns a name of path that fits into a socket address: a long one is reached by a descriptor of its folder.
// The name holds until done is called.
func socketPath(path string) (name string, done func(), err error) {
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	name = filepath.Join("/proc/self/fd", strconv.Itoa(int(folder.Fd())), filepath.Base(path))
	return name, func() { _ = folder.Close() }, nil
}

// Enabled tells whether Open succeeded.
func (c *Control) Enabled() bool { return c.listener.Load() != nil }

// Close ends the listening. A socket that has taken the place of its own is somebody else's.
func (c *Control) Close(context.Context) error {
	ln := c.listener.Swap(nil)
	if ln == nil {
		return nil
	}
	if there, err := os.Lstat(c.cfg.Path); err == nil && os.SameFile(there, c.file) {
		_ = os.Remove(c.cfg.Path)
	}
	return ln.Close()
}

// Run answers, one client after the other, until ctx ends.
func (c *Control) Run(ctx context.Context, h supervisor.Handle) error {
	ln := c.listener.Load()
	if ln == nil {
		return errors.New("control: not open")
	}
	if err := ln.SetDeadline(time.Time{}); err != nil {
		return fmt.Errorf("control: %w", err)
	}
	defer context.AfterFunc(ctx, func() { _ = ln.SetDeadline(time.Now()) })()
	h.Ready()
	for {
		conn, err := ln.AcceptUnix()
		if ctx.Err() != nil {
			if err == nil {
				_ = conn.Close()
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("control: %w", err)
		}
		c.serve(ctx, conn)
	}
}

// serve answers one client.
func (c *Control) serve(ctx context.Context, conn *net.UnixConn) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })() // a silent client holds nothing up
	_ = conn.SetDeadline(time.Now().Add(controlTimeout))
	text, err := c.answer(ctx, conn)
	if err != nil {
		text = controlNo + err.Error()
	}
	_ = conn.SetWriteDeadline(time.Now().Add(controlTimeout))
	if _, err := io.WriteString(conn, text+"\n"); err != nil {
		c.cfg.Logger.Debug("answer to vpo reload was not taken", "error", err)
	}
}

func (c *Control) answer(ctx context.Context, conn *net.UnixConn) (string, error) {
	question, err := bufio.NewReader(io.LimitReader(conn, int64(len(controlReload)))).ReadString('\n')
	if err != nil || question != controlReload {
		return "", errors.New("not understood; ask for reload")
	}
	if err := checkPeer(conn); err != nil { // after the question, or the client would be reset instead of answered
		return "", err
	}
	c.cfg.Logger.Info("Received a request of vpo reload, reloading the configuration")
	text, err := c.cfg.Reload(ctx)
	return controlDone + text, err
}
