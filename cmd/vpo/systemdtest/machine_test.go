package systemdtest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// patience bounds every wait; it is generous because machines that run tests are slow at times.
	patience = 30 * time.Second
	// poll is the pause between two looks at something that tells nobody when it changes.
	poll = 25 * time.Millisecond

	insidePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	// documents is where a package installs the example drop-ins.
	documents = "/usr/share/doc/vpo/systemd"
	intruder  = "/usr/libexec/vpo-intruder"
)

// machine is a systemd in namespaces of its own. One goroutine keeps it: the thread of that goroutine is the parent of the
// first process, which dies with it, and it lives in the machine's network.
type machine struct {
	cmd   *exec.Cmd
	base  string
	group string // control group, as a path below the mount of cgroup2
	calls chan func()
	done  chan struct{} // closed when the first process is gone
	err   error         // why there is no machine
}

// newMachine boots a machine that lives as long as the test.
func newMachine(t *testing.T) *machine {
	t.Helper()
	m, err := boot(workshop)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("journal of the machine:\n%s", m.journal(t))
		}
		if err := m.down(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// boot makes a machine and waits until it is up. dir holds the programs that it is to see.
func boot(dir string) (*machine, error) {
	base, err := os.MkdirTemp(dir, "machine-")
	if err != nil {
		return nil, err
	}
	m := &machine{base: base, calls: make(chan func()), done: make(chan struct{})}
	if m.group, err = newGroup(filepath.Base(dir) + "-" + filepath.Base(base)); err != nil {
		return nil, err
	}
	shares, err := shares(dir)
	if err != nil {
		return nil, err
	}
	booted := make(chan struct{})
	go m.keep(plan{Base: base, Root: cmp.Or(os.Getenv("VPO_SYSTEMD_ROOT"), "/"), Shares: shares}, booted)
	<-booted
	if m.err == nil {
		m.err = m.awaitUp()
	}
	if m.err != nil {
		return nil, errors.Join(m.err, m.down())
	}
	return m, nil
}

// shares lists what of this system a machine sees at another place.
func shares(dir string) (map[string]string, error) {
	units, err := filepath.Abs(filepath.Join("..", "..", "..", "docs", "systemd"))
	return map[string]string{
		"/usr/bin/vpo": filepath.Join(dir, "vpo"), intruder: filepath.Join(dir, "intruder"), documents: units,
	}, err
}

// keep starts the first process and makes calls in the machine's network until that process is gone.
func (m *machine) keep(p plan, booted chan<- struct{}) {
	defer close(m.done)
	runtime.LockOSThread() // and never unlocked: a thread that has changed its network is of no use to others
	if m.err = m.start(p); m.err == nil {
		m.err = enterNetwork(m.cmd.Process.Pid)
	}
	close(booted)
	if m.cmd == nil || m.cmd.Process == nil {
		return
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = m.cmd.Wait() // killed, always
	}()
	for {
		select {
		case call := <-m.calls:
			call()
		case <-gone:
			return
		}
	}
}

// start returns when the first process has become systemd.
func (m *machine) start(p plan) error {
	group, err := os.Open(m.group)
	if err != nil {
		return err
	}
	defer group.Close()
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	failure, pipe, err := os.Pipe()
	if err != nil {
		return err
	}
	defer failure.Close()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{role + "=boot", planVariable + "=" + string(text)}
	cmd.ExtraFiles = []*os.File{pipe}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWNET,
		Setsid:     true, Pdeathsig: syscall.SIGKILL, UseCgroupFD: true, CgroupFD: int(group.Fd()),
	}
	err = cmd.Start()
	pipe.Close()
	if err != nil {
		return fmt.Errorf("make namespaces: %w", err)
	}
	m.cmd = cmd
	_ = failure.SetReadDeadline(time.Now().Add(patience))
	if text, err := io.ReadAll(failure); err != nil || len(text) > 0 {
		return fmt.Errorf("boot: %s%w", text, errors.Join(err, errors.New(" (the first process did not become systemd)")))
	}
	return nil
}

// awaitUp waits until systemd has started what there is to start.
func (m *machine) awaitUp() error {
	var state string
	up := await(func() bool {
		state, _, _ = m.try("systemctl", "is-system-running", "--wait")
		state = strings.TrimSpace(state)
		return state == "running" || state == "degraded"
	})
	if !up {
		return fmt.Errorf("the machine does not come up, it is %q", state)
	}
	return nil
}

// down ends the machine and everything in it, and removes what it left on this system.
func (m *machine) down() error {
	if m.cmd != nil && m.cmd.Process != nil {
		_ = m.cmd.Process.Kill() // the kernel ends all other processes of the namespace with the first one
	}
	select {
	case <-m.done:
	case <-time.After(patience):
		return errors.New("the machine does not end")
	}
	return errors.Join(removeGroup(m.group), os.Remove(m.base))
}
