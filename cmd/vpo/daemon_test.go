package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for a daemon; it is generous because machines that run tests are slow at times.
const patience = 30 * time.Second

// build makes the real binary once a test run, under the race detector where the tests are.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "vpo-e2e-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "vpo")
	args := []string{"build", "-o", binary}
	if raceEnabled {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, ".")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

func binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// daemon is a vpo serve process that a test owns.
type daemon struct {
	t       testing.TB
	cmd     *exec.Cmd
	address string
	exited  chan struct{} // closed when the process has been reaped

	mu    sync.Mutex
	log   bytes.Buffer
	marks map[string]chan struct{} // closed when a line holds the text
}

// option changes a daemon's command before it starts.
type option func(*exec.Cmd)

func withArgs(args ...string) option {
	return func(cmd *exec.Cmd) { cmd.Args = append(cmd.Args, args...) }
}

// asNobody runs the process without the rights of root. It needs a home that nobody can use.
func asNobody(cmd *exec.Cmd) {
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	cmd.Env = append(cmd.Env, "HOME=/nonexistent")
}

// spawn starts vpo serve on a free port, with an empty HOME, and does not wait for anything.
func spawn(t testing.TB, db string, options ...option) *daemon {
	t.Helper()
	return spawnOn(t, freePort(t), db, options...)
}

func spawnOn(t testing.TB, port, db string, options ...option) *daemon {
	t.Helper()
	d := &daemon{
		t: t, address: net.JoinHostPort("127.0.0.1", port),
		exited: make(chan struct{}), marks: map[string]chan struct{}{},
	}
	d.cmd = exec.Command(binary(t), "serve", "--db", db, "--port", port)
	d.cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "GORACE=halt_on_error=1 exitcode=66"}
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	for _, option := range options {
		option(d.cmd)
	}
	stderr, err := d.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go d.follow(stderr)
	t.Cleanup(d.kill)
	return d
}

// follow keeps the log and reaps the process when the log ends.
func (d *daemon) follow(stderr io.Reader) {
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		d.mu.Lock()
		d.log.WriteString(lines.Text() + "\n")
		for text, seen := range d.marks {
			if strings.Contains(lines.Text(), text) {
				close(seen)
				delete(d.marks, text)
			}
		}
		d.mu.Unlock()
	}
	_ = d.cmd.Wait()
	close(d.exited)
}

func (d *daemon) kill() {
	select {
	case <-d.exited:
	default:
		_ = d.cmd.Process.Kill()
		<-d.exited
	}
	if d.t.Failed() {
		d.t.Logf("log of the daemon:\n%s", d.logged())
	}
}

func (d *daemon) logged() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.String()
}

// awaitLog waits until a line of the log holds the text.
func (d *daemon) awaitLog(text string) {
	d.t.Helper()
	d.mu.Lock()
	seen := make(chan struct{})
	switch {
	case strings.Contains(d.log.String(), text):
		close(seen)
	case d.marks[text] != nil:
		seen = d.marks[text]
	default:
		d.marks[text] = seen
	}
	d.mu.Unlock()
	select {
	case <-seen:
	case <-d.exited:
		if !strings.Contains(d.logged(), text) {
			d.t.Fatalf("the daemon ended without saying %q", text)
		}
	case <-time.After(patience):
		d.t.Fatalf("the daemon does not say %q", text)
	}
}

// ready waits until /health answers 200.
func (d *daemon) ready() *daemon {
	d.t.Helper()
	d.awaitHealth(http.StatusOK, "")
	return d
}

// signal sends a signal to the daemon.
func (d *daemon) signal(s syscall.Signal) {
	d.t.Helper()
	if err := d.cmd.Process.Signal(s); err != nil {
		d.t.Fatal(err)
	}
}

// exitCode waits for the end. A process that a signal killed gives 128 + the signal, as a shell has it, and killed true.
func (d *daemon) exitCode() (code int, killed bool) {
	d.t.Helper()
	select {
	case <-d.exited:
	case <-time.After(patience):
		_ = d.cmd.Process.Signal(syscall.SIGQUIT)
		d.t.Fatal("the daemon does not end")
	}
	if status, ok := d.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), true
	}
	return d.cmd.ProcessState.ExitCode(), false
}

// wantExit fails the test where the daemon does not end with this code and this text in its log.
func (d *daemon) wantExit(code int, texts ...string) {
	d.t.Helper()
	if got, _ := d.exitCode(); got != code {
		d.t.Errorf("exit code %d, want %d", got, code)
	}
	d.wantLog(texts...)
}

func (d *daemon) wantLog(texts ...string) {
	d.t.Helper()
	log := d.logged()
	for _, text := range texts {
		if !strings.Contains(log, text) {
			d.t.Errorf("the log does not say %q", text)
		}
	}
	for _, never := range []string{"goroutine ", "panic:", "DATA RACE"} {
		if strings.Contains(log, never) {
			d.t.Errorf("the log holds %q", never)
		}
	}
}

// health is one answer of /health.
type health struct {
	code         int
	header       http.Header
	Status       string   `json:"status"`
	Database     string   `json:"database"`
	Uptime       *float64 `json:"uptime_seconds"`
	Version      string   `json:"version"`
	ShuttingDown *bool    `json:"shutting_down"`
	Checks       map[string]struct {
		Status  string   `json:"status"`
		Message string   `json:"message"`
		Age     *float64 `json:"age_seconds"`
	} `json:"checks"`
}

func (d *daemon) get(path string) (int, http.Header, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+d.address+path, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return 0, nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, body, err
}

func (d *daemon) health() (health, error) {
	code, header, body, err := d.get("/health")
	if err != nil {
		return health{}, err
	}
	h := health{code: code, header: header}
	if err := json.Unmarshal(body, &h); err != nil {
		return h, fmt.Errorf("%w in %s", err, body)
	}
	return h, nil
}

// awaitHealth asks until /health answers with this code and a database message that holds the text.
func (d *daemon) awaitHealth(code int, text string) health {
	d.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(patience)
	var last health
	var lastErr error
	for {
		last, lastErr = d.health()
		if lastErr == nil && last.code == code && strings.Contains(last.Checks["database"].Message, text) {
			return last
		}
		select {
		case <-tick.C:
		case <-d.exited:
			d.t.Fatalf("the daemon ended while /health was to answer %d %q", code, text)
		case <-timeout:
			d.t.Fatalf("/health does not answer %d %q; the last answer is %+v, %v", code, text, last, lastErr)
		}
	}
}

// freePort is a port that nobody listens on at this moment.
func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// vpo runs one command to its end and returns its output and exit code.
func vpo(t testing.TB, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return out.String(), errs.String(), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), 0
}

// samples is the small library that comes with the project.
func samples(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "testdata", "library"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// scanned is a database that vpo scan has made of the samples.
func scanned(t testing.TB) string {
	t.Helper()
	db := filepath.Join(t.TempDir(), "library.db")
	if _, stderr, code := vpo(t, "scan", "--db", db, samples(t)); code != 0 {
		t.Fatalf("vpo scan: exit code %d\n%s", code, stderr)
	}
	return db
}
