package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// manager hears what a daemon tells systemd, over a plain socket.
type manager struct {
	t        testing.TB
	socket   string
	messages chan message
	last     string // status line
}

// message is the variables of one datagram.
type message map[string]string

func listenAsManager(t testing.TB, socket string) *manager {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	m := &manager{t: t, socket: socket, messages: make(chan message, 10_000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 64<<10)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			heard := message{}
			for line := range strings.SplitSeq(string(buffer[:n]), "\n") {
				name, value, _ := strings.Cut(line, "=")
				heard[name] = value
			}
			m.messages <- heard
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return m
}

func newManager(t testing.TB) *manager {
	t.Helper()
	return listenAsManager(t, filepath.Join(t.TempDir(), "notify"))
}

// option lets a daemon talk to the manager.
func (m *manager) option(variables ...string) option {
	return func(cmd *exec.Cmd) {
		cmd.Env = append(cmd.Env, "NOTIFY_SOCKET="+m.socket)
		cmd.Env = append(cmd.Env, variables...)
	}
}

// await returns the first message that fits, and those before it.
func (m *manager) await(what string, fits func(message) bool) (found message, before []message) {
	m.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case heard := <-m.messages:
			if status, ok := heard["STATUS"]; ok {
				m.last = status
			}
			if fits(heard) {
				return heard, before
			}
			before = append(before, heard)
		case <-timeout:
			m.t.Fatalf("systemd does not hear %s; it heard %v", what, before)
		}
	}
}

// awaitVariable waits for a message with NAME=1.
func (m *manager) awaitVariable(name string) (found message, before []message) {
	m.t.Helper()
	return m.await(name, func(heard message) bool { return heard[name] == "1" })
}

// awaitStatus waits until the status line holds all texts.
func (m *manager) awaitStatus(texts ...string) {
	m.t.Helper()
	fits := func() bool {
		return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(m.last, text) })
	}
	if fits() {
		return
	}
	m.await(fmt.Sprintf("a status with %q", texts), func(message) bool { return fits() })
}

// fillQueue sends to a socket that nobody reads until it takes no more.
func fillQueue(t *testing.T, socket string) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_DGRAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	for err == nil {
		err = syscall.Sendto(fd, []byte("X=1"), 0, &syscall.SockaddrUnix{Name: socket})
	}
	if !errors.Is(err, syscall.EAGAIN) {
		t.Fatal(err)
	}
}

func has(messages []message, name string) bool {
	return slices.ContainsFunc(messages, func(heard message) bool { _, ok := heard[name]; return ok })
}

func TestNotify(t *testing.T) {
	db := scanned(t)

	t.Run("AStartThatFailsTellsWhy", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		m := newManager(t)
		spawnOn(t, port, db, m.option()).wantExit(1)
		heard, before := m.await("ERRNO", func(heard message) bool { return heard["ERRNO"] != "" })
		if heard["ERRNO"] != strconv.Itoa(int(syscall.EADDRINUSE)) || !strings.Contains(heard["STATUS"], "address already in use") || has(before, "READY") {
			t.Errorf("heard %v after %v", heard, before)
		}
	})

	t.Run("AConfigurationThatCannotBeReadIsToldInTheStatus", func(t *testing.T) {
		t.Parallel()
		m := newManager(t)
		config := writeFile(t, "config.toml", "[server]\nprot = 1\n")
		spawn(t, db, m.option(), withArgs("--config", config)).wantExit(1)
		m.awaitStatus("failed: ", "unknown key")
	})

	t.Run("ASystemdThatDoesNotReadHoldsUpNoStop", func(t *testing.T) {
		t.Parallel()
		deaf, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "notify"), Net: "unixgram"})
		if err != nil {
			t.Fatal(err)
		}
		defer deaf.Close()
		fillQueue(t, deaf.LocalAddr().String())
		d := spawn(t, db, withArgs("--shutdown-timeout", "1"), func(cmd *exec.Cmd) {
			cmd.Env = append(cmd.Env, "NOTIFY_SOCKET="+deaf.LocalAddr().String(), "WATCHDOG_USEC=3000000")
		}).ready()
		d.awaitLog("systemd cannot be notified")
		d.signal(syscall.SIGTERM)
		d.wantExit(0, "shutdown.clean=true")
	})

	t.Run("IsReadyWhenItAnswersAndStopsInGoodOrder", func(t *testing.T) {
		t.Parallel()
		abstract := fmt.Sprintf("@vpo-e2e-%d-%d", os.Getpid(), time.Now().UnixNano())
		for _, socket := range []string{filepath.Join(t.TempDir(), "notify"), abstract} {
			m := listenAsManager(t, socket)
			d := spawn(t, db, m.option())
			m.awaitVariable("READY")
			if h, err := d.health(); err != nil || h.code != http.StatusOK {
				t.Errorf("ready, and /health answers %d, %v", h.code, err)
			}
			m.awaitStatus("serving on "+d.address, " files, last scan ")
			d.signal(syscall.SIGTERM)
			stopping, before := m.awaitVariable("STOPPING")
			if !strings.Contains(stopping["STATUS"], "SIGTERM") || has(before, "WATCHDOG") {
				t.Errorf("heard %v after %v", stopping, before)
			}
			d.wantExit(0)
			m.awaitStatus("stopped cleanly")
		}
	})

	t.Run("IsNotReadyWhileTheDatabaseIsLocked", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		spawn(t, own).ready().stop()
		release := lock(t, own, "BEGIN IMMEDIATE")
		m := newManager(t)
		d := spawn(t, own, m.option())
		d.awaitHealth(http.StatusServiceUnavailable, "database is locked by another process")
		m.awaitStatus("degraded: database is locked by another process", d.address)
		_, before := m.await("EXTEND_TIMEOUT_USEC again", func(heard message) bool { return heard["EXTEND_TIMEOUT_USEC"] != "" })
		if has(before, "READY") {
			t.Errorf("heard %v", before)
		}
		release()
		ready, _ := m.awaitVariable("READY")
		if !strings.HasPrefix(ready["STATUS"], "serving on ") {
			t.Errorf("heard %v", ready)
		}
		d.recovers()
	})

	t.Run("StatusFollowsTheHealthWithoutAWatchdog", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		m := newManager(t)
		d := spawn(t, own, m.option())
		m.awaitStatus("serving on ")
		release := lock(t, own, "BEGIN IMMEDIATE")
		m.awaitStatus("degraded: database is locked")
		release()
		m.awaitStatus("serving on ")
		d.stop()
	})

	t.Run("HeartbeatGoesOnWhileTheDatabaseIsSick", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		m := newManager(t)
		d := spawn(t, own, m.option("WATCHDOG_USEC=600000"))
		m.awaitVariable("READY")
		remove(t, own, own+"-wal", own+"-shm")
		d.awaitHealth(http.StatusServiceUnavailable, "gone")
		for range 10 {
			m.awaitVariable("WATCHDOG")
		}
		d.signal(syscall.SIGTERM)
		d.exitCode()
	})

	t.Run("AnAbortedDaemonShowsWhatEveryGoroutineDoes", func(t *testing.T) {
		t.Parallel()
		d := spawn(t, db, func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, "GOTRACEBACK=single") }).ready()
		d.signal(syscall.SIGABRT)
		d.exitCode()
		for _, text := range []string{"SIGABRT", "services.(*DBHealth).Run", "services.(*Signals).listen", "net/http.(*Server).Serve"} {
			if !strings.Contains(d.logged(), text) {
				t.Errorf("the log does not say %q", text)
			}
		}
	})

	t.Run("AWrongVariableIsNamed", func(t *testing.T) {
		t.Parallel()
		m := newManager(t)
		spawn(t, db, m.option("WATCHDOG_USEC=soon")).wantExit(1, "WATCHDOG_USEC")
		m.awaitStatus("failed: WATCHDOG_USEC")
	})
}

func TestReload(t *testing.T) {
	db := scanned(t)

	t.Run("WithoutADaemonSaysSo", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		_, stderr, code := vpo(t, "reload", "--db", own)
		if code != 1 || !strings.Contains(stderr, "no daemon serves "+own) {
			t.Errorf("exit code %d, %s", code, stderr)
		}
		d := spawn(t, own).ready()
		d.signal(syscall.SIGKILL)
		d.exitCode()
		if _, stderr, code = vpo(t, "reload", "--db", own); code != 1 || !strings.Contains(stderr, "no daemon serves "+own) {
			t.Errorf("after a kill: exit code %d, %s", code, stderr)
		}
	})

	t.Run("ABrokenFileIsRefusedAndToldUntilAGoodOneComes", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		config := writeFile(t, "config.toml", "[logging]\nlevel = 'info'\n")
		m := newManager(t)
		d := spawn(t, own, withArgs("--config", config), m.option())
		m.awaitVariable("READY")
		overwrite(t, config, "[logging]\nlevel = 'loud'\n[server]\nauth_token = 'hush'\n")
		_, stderr, code := vpo(t, "reload", "--db", own, "--config", config)
		if code != 1 || !strings.Contains(stderr, config+":2") || !strings.Contains(stderr, "running configuration stays") {
			t.Errorf("exit code %d, %s", code, stderr)
		}
		m.awaitVariable("RELOADING")
		m.awaitVariable("READY")
		m.awaitStatus("configuration was not reloaded: it has 2 problems")
		h, err := d.health()
		if check := h.Checks["config"]; err != nil || h.code != http.StatusOK || check.Status != "warn" ||
			!strings.Contains(check.Message, "2 problems") || strings.Contains(check.Message, "/") {
			t.Errorf("/health answers %d, %+v, %v", h.code, check, err)
		}
		overwrite(t, config, "[logging]\nlevel = 'debug'\n[server]\nshutdown_timeout = 5\n")
		stdout, stderr, code := vpo(t, "reload", "--db", own, "--config", config)
		if code != 0 || strings.Contains(stdout, "restart") ||
			stdout != "configuration reloaded\nserver.shutdown_timeout: 30s -> 5s\nlogging.level: info -> debug\n" {
			t.Errorf("exit code %d, %s%s", code, stdout, stderr)
		}
		m.awaitVariable("RELOADING")
		ready, _ := m.awaitVariable("READY")
		if strings.Contains(ready["STATUS"], "configuration") {
			t.Errorf("heard %v", ready)
		}
		if h, err := d.health(); err != nil || h.Checks["config"].Status != "pass" {
			t.Errorf("/health has %+v, %v", h.Checks["config"], err)
		}
		d.stop()
		wantNoFile(t, own+".sock")
	})

	t.Run("AChangedSecretIsNoticedAndNeverShown", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		config := writeFile(t, "config.toml", "[server]\nauth_token = 'the-first-of-two-secrets'\n")
		m := newManager(t)
		d := spawn(t, own, withArgs("--config", config), m.option())
		m.awaitVariable("READY")
		overwrite(t, config, "[server]\nauth_token = 'the-other-of-two-secrets'\n")
		stdout, stderr, code := vpo(t, "reload", "--db", own)
		if code != 0 || !strings.Contains(stdout, "server.auth_token") || !strings.Contains(stdout, "after a restart") {
			t.Errorf("exit code %d, %s%s", code, stdout, stderr)
		}
		m.awaitStatus("restart needed for server.auth_token")
		d.wantLog("server.auth_token")
		d.stop()
		if strings.Contains(stdout+d.logged(), "of-two-secrets") {
			t.Error("a secret is shown")
		}
	})

	t.Run("AHangupIsToldToSystemd", func(t *testing.T) {
		t.Parallel()
		m := newManager(t)
		d := spawn(t, db, m.option())
		m.awaitVariable("READY")
		for range 3 {
			d.signal(syscall.SIGHUP)
			reloading, _ := m.awaitVariable("RELOADING")
			if _, err := strconv.ParseInt(reloading["MONOTONIC_USEC"], 10, 64); err != nil {
				t.Errorf("heard %v", reloading)
			}
			m.awaitVariable("READY")
		}
		d.stop()
	})

	t.Run("ExecReloadReachesItsDaemonWhateverIsBroken", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		config := writeFile(t, "config.toml", "database_path = '"+own+"'\n")
		d := spawn(t, own, withArgs("--config", config), withoutFlag("--db")).ready()
		reload := func() (string, error) {
			cmd := exec.CommandContext(t.Context(), binary(t), "reload", "--config", config)
			cmd.Env = []string{"HOME=" + t.TempDir(), fmt.Sprintf("MAINPID=%d", d.cmd.Process.Pid)}
			out, err := cmd.CombinedOutput()
			return string(out), err
		}
		overwrite(t, config, "database_path = '"+own+".moved'\n")
		if out, err := reload(); err != nil || !strings.Contains(out, "its log has what came of it") {
			t.Errorf("another library: %v: %s", err, out)
		}
		d.awaitLog("a restart is needed for it")
		overwrite(t, config, "database_path = = '"+own+"'\n")
		if out, err := reload(); err == nil || !strings.Contains(out, "malformed TOML") {
			t.Errorf("%v: %s", err, out)
		}
		d.awaitLog("configuration was not reloaded")
		d.stop()
	})
}

// Many reloads at once, by signal and by request, are all answered, and the daemon goes on.
func TestReload_AllAtOnce(t *testing.T) {
	own := scanned(t)
	m := newManager(t)
	d := spawn(t, own, m.option())
	m.awaitVariable("READY")
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if stdout, stderr, code := vpo(t, "reload", "--db", own); code != 0 {
				t.Errorf("exit code %d, %s%s", code, stdout, stderr)
			}
		})
		d.signal(syscall.SIGHUP)
	}
	group.Wait()
	d.ready().stop()
}
