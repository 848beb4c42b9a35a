package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// passing makes a daemon's process one to which systemd has passed sockets: descriptors from 3 on, and variables that a
// shell completes with the pid that it leaves to the daemon.
func passing(names string, files ...*os.File) option {
	return func(cmd *exec.Cmd) {
		cmd.ExtraFiles = files
		cmd.Env = append(cmd.Env, fmt.Sprintf("LISTEN_FDS=%d", len(files)), "LISTEN_FDNAMES="+names)
		cmd.Args = append([]string{"sh", "-c", `exec env LISTEN_PID=$$ "$@"`, "sh", cmd.Path}, cmd.Args[1:]...)
		cmd.Path = "/bin/sh"
	}
}

type filer interface {
	net.Listener
	File() (*os.File, error)
}

// held is a listening socket that the test goes on holding, as systemd does.
func held(t testing.TB, network, address string) (*os.File, string) {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	file, err := listener.(filer).File()
	if err != nil {
		t.Fatal(err)
	}
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
	}
	listener.Close() // the copy is enough
	t.Cleanup(func() { file.Close() })
	return file, listener.Addr().String()
}

// healthOver asks for /health over a connection of its own.
func healthOver(network, address string) (int, error) {
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	response, err := (&http.Client{Transport: transport, Timeout: patience}).Get("http://vpo/health")
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

func TestPassedSockets(t *testing.T) {
	db := scanned(t)

	t.Run("WrongOnesAreNamed", func(t *testing.T) {
		datagram, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		defer datagram.Close()
		datagramFile, _ := datagram.File()
		defer datagramFile.Close()
		good, address := held(t, "tcp", "127.0.0.1:0")
		connection, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		connected, _ := connection.(*net.TCPConn).File()
		defer connected.Close()
		plain, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer plain.Close()
		for want, files := range map[string][]*os.File{
			"socket 1 of systemd (web): is no stream socket; use ListenStream=": {datagramFile},
			"socket 2 of systemd (web): does not listen":                        {good, connected},
			"socket 1 of systemd (web): is no socket":                           {plain},
			"LISTEN_FDS=17: at most 16 sockets":                                 append(make([]*os.File, 0, 17), good, good, good, good, good, good, good, good, good, good, good, good, good, good, good, good, good),
		} {
			m := newManager(t)
			spawn(t, db, m.option(), passing("web:web", files...)).wantExit(1, want)
			m.awaitStatus("failed: ", want)
		}
		spawn(t, db, passing("web", good), func(cmd *exec.Cmd) { // three are announced, and one is there
			cmd.Env = append(cmd.Env, "LISTEN_FDS=3", "LISTEN_FDNAMES=web:web:web")
		}).wantExit(1, "socket 2 of systemd (web): is no socket")
	})

	t.Run("OfAnotherProcessAreNotTaken", func(t *testing.T) {
		t.Parallel()
		file, address := held(t, "tcp", "127.0.0.1:0")
		d := spawn(t, db, func(cmd *exec.Cmd) {
			cmd.ExtraFiles = []*os.File{file}
			cmd.Env = append(cmd.Env, "LISTEN_FDS=1", "LISTEN_PID=1")
		}).ready()
		if strings.Contains(d.logged(), address) {
			t.Error("the socket is served")
		}
		d.stop()
	})

	t.Run("AreServedAllInsteadOfTheConfiguredAddress", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "http")
		four, fourAddress := held(t, "tcp4", "127.0.0.1:0")
		six, sixAddress := held(t, "tcp6", "[::1]:0")
		unix, _ := held(t, "unix", path)
		m := newManager(t)
		d := spawn(t, db, m.option("WATCHDOG_USEC=900000"), passing("vpo.socket:vpo.socket:vpo.socket", four, six, unix))
		m.awaitVariable("READY")
		for range 6 { // the watchdog asks all of them
			m.awaitVariable("WATCHDOG")
		}
		for network, address := range map[string]string{"tcp4": fourAddress, "tcp6": sixAddress, "unix": path} {
			if code, err := healthOver(network, address); err != nil || code != http.StatusOK {
				t.Errorf("%s: %d, %v", address, code, err)
			}
		}
		if _, err := healthOver("tcp", d.address); err == nil {
			t.Error("the configured address is served, too")
		}
		m.awaitStatus("serving on ", fourAddress, sixAddress, path)
		d.signal(syscall.SIGTERM)
		d.wantExit(0, "server.bind and server.port are not used")
		if strings.Count(d.logged(), "are not used") != 1 {
			t.Error("that the socket wins is told more than once")
		}
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("the socket of systemd was removed: %v", err)
		}
	})

	t.Run("ThatAreCalledHTTPAreServedAndOthersNot", func(t *testing.T) {
		t.Parallel()
		other, _ := held(t, "tcp", "127.0.0.1:0")
		file, address := held(t, "tcp", "127.0.0.1:0")
		m := newManager(t)
		d := spawn(t, db, m.option(), passing("admin:http", other, file))
		m.awaitVariable("READY")
		if code, err := healthOver("tcp", address); err != nil || code != http.StatusOK {
			t.Errorf("%d, %v", code, err)
		}
		d.signal(syscall.SIGTERM)
		d.wantExit(0, "sockets of systemd with other names are not served", "admin")
	})

	t.Run("ThatVpoMayNotConnectToDoNotStopTheHeartbeat", func(t *testing.T) {
		t.Parallel()
		needRoot(t)
		own := forNobody(t, db)
		folder := t.TempDir()
		path := filepath.Join(folder, "http")
		file, _ := held(t, "unix", path)
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		socket := fmt.Sprintf("@vpo-e2e-unreachable-%d", time.Now().UnixNano())
		m := listenAsManager(t, socket)
		d := spawn(t, own, asNobody, m.option("WATCHDOG_USEC=600000"), passing("http", file))
		for range 6 {
			m.awaitVariable("WATCHDOG")
		}
		d.signal(syscall.SIGTERM)
		d.wantExit(0, "own socket cannot be reached")
	})
}

// load is clients that ask as fast as they can, or with pauses, and account for each request.
type load struct {
	address   string
	keepAlive bool
	pause     time.Duration
	atLeast   int64 // requests between two restarts

	answered atomic.Int64
	mu       sync.Mutex
	lost     []error
}

func (l *load) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := l.converse(ctx); err != nil {
			l.mu.Lock()
			l.lost = append(l.lost, err)
			l.mu.Unlock()
		}
	}
}

// converse asks over one connection, which is made anew when the server says that it closes it. Nothing is asked twice:
// a request without an answer is lost.
func (l *load) converse(ctx context.Context) error {
	conn, err := net.DialTimeout("tcp", l.address, patience)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	header := "GET /livez HTTP/1.1\r\nHost: vpo\r\n"
	if !l.keepAlive {
		header += "Connection: close\r\n"
	}
	reader := bufio.NewReader(conn)
	for first := true; ctx.Err() == nil; first = false {
		if !first && l.pause > 0 && !l.rest(conn, reader) {
			return nil // the server has closed the connection while it was idle, which is its right
		}
		if _, err := io.WriteString(conn, header+"\r\n"); err != nil {
			return fmt.Errorf("send: %w", err)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		if body, err := io.ReadAll(response.Body); err != nil || len(body) == 0 {
			return fmt.Errorf("receive %q: %w", body, err)
		}
		l.answered.Add(1)
		if response.Close {
			return nil
		}
	}
	return nil
}

// rest pauses, and tells whether the connection is still there, as the pool of an HTTP client does.
func (l *load) rest(conn net.Conn, reader *bufio.Reader) bool {
	if err := conn.SetReadDeadline(time.Now().Add(l.pause)); err != nil {
		return false
	}
	_, err := reader.Peek(1)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	return conn.SetDeadline(time.Now().Add(patience)) == nil
}

// Restarts behind a socket that somebody else holds lose nothing: no request is refused, reset or left without an answer.
func TestRestartsUnderLoadLoseNothing(t *testing.T) {
	db := scanned(t)
	const clients, restarts = 24, 4
	for name, l := range map[string]*load{
		"WithoutKeepAlive":       {atLeast: 1000},
		"WithKeepAlive":          {keepAlive: true, atLeast: 1000},
		"WithKeepAliveAndPauses": {keepAlive: true, pause: 20 * time.Millisecond, atLeast: 200},
		"WithLongPauses":         {keepAlive: true, pause: 700 * time.Millisecond, atLeast: clients},
	} {
		t.Run(name, func(t *testing.T) {
			file, address := held(t, "tcp", "127.0.0.1:0")
			l.address = address
			ctx, cancel := context.WithCancel(t.Context())
			var group sync.WaitGroup
			d := spawn(t, db, passing("http", file))
			for range clients {
				group.Go(func() { l.run(ctx) })
			}
			for range restarts {
				d.awaitLog("vpo is serving")
				before := l.answered.Load()
				for l.answered.Load() < before+l.atLeast { // every daemon is under load
					select {
					case <-d.exited:
						t.Fatal("the daemon ended by itself")
					case <-time.After(time.Millisecond):
					}
				}
				d.signal(syscall.SIGTERM)
				d.wantExit(0)
				d = spawn(t, db, passing("http", file))
			}
			d.awaitLog("vpo is serving")
			cancel()
			group.Wait()
			d.stop()
			t.Logf("%d requests were answered over %d restarts", l.answered.Load(), restarts)
			for _, err := range l.lost[:min(len(l.lost), 5)] {
				t.Errorf("lost: %v (%d in all)", err, len(l.lost))
			}
		})
	}
}
