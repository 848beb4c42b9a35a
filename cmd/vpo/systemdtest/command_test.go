package systemdtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// path names a file of the machine as it is seen from here.
func (m *machine) path(inside string) string {
	return filepath.Join(fmt.Sprintf("/proc/%d/root", m.cmd.Process.Pid), inside)
}

// try runs a command in the machine, as root.
func (m *machine) try(args ...string) (stdout, stderr string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	enter := []string{"--target", fmt.Sprint(m.cmd.Process.Pid), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--"}
	cmd := exec.CommandContext(ctx, "nsenter", append(enter, args...)...)
	cmd.Env = []string{"PATH=" + insidePath, "LANG=C.UTF-8", "HOME=/root", "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0", "SYSTEMD_EMOJI=0"}
	cmd.WaitDelay = time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// run runs a command that has to succeed, and returns what it printed.
func (m *machine) run(t testing.TB, args ...string) string {
	t.Helper()
	out, errs, err := m.try(args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, out, errs)
	}
	return out
}

// fail runs a command that must not succeed, and returns what it said.
func (m *machine) fail(t testing.TB, args ...string) string {
	t.Helper()
	out, errs, err := m.try(args...)
	if _, exited := errors.AsType[*exec.ExitError](err); !exited {
		t.Fatalf("%s did not fail, but: %v\n%s%s", strings.Join(args, " "), err, out, errs)
	}
	return out + errs
}

// write puts a file into the machine, with the folders on the way to it.
func (m *machine) write(t testing.TB, inside, content string) {
	t.Helper()
	outside := m.path(inside)
	if err := os.MkdirAll(filepath.Dir(outside), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(outside, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// journal is all that the machine has logged.
func (m *machine) journal(t testing.TB, args ...string) string {
	t.Helper()
	_, _, _ = m.try("journalctl", "--sync")
	out, _, err := m.try(append([]string{"journalctl", "--no-pager", "--output=short-monotonic"}, args...)...)
	if err != nil {
		t.Errorf("journalctl: %v", err)
	}
	return out
}

// version is that of the machine's systemd.
func (m *machine) version(t testing.TB) (version int) {
	t.Helper()
	if _, err := fmt.Sscanf(m.run(t, "systemctl", "--version"), "systemd %d", &version); err != nil {
		t.Fatal(err)
	}
	return version
}

// await looks until ok says yes, and returns false where that does not happen.
func await(ok func() bool) bool {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	timeout := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-timeout:
			return false
		}
	}
	return true
}

// eventually fails the test where ok does not come to say yes.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	if !await(ok) {
		t.Fatalf("it does not come about that %s", what)
	}
}
