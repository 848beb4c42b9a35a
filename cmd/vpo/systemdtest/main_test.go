// Package systemdtest shows that vpo and the units of docs/systemd work under a real systemd.
//
// Each test boots a machine: systemd as the first process of namespaces of its own, above a throw-away view of this
// system's files, with a network that leads nowhere. Nothing of it reaches the system that runs the test, and all of it
// is gone when the test ends. It takes root, Linux, and systemd 252 or newer, and it is asked for by name:
//
//	VPO_SYSTEMD_TESTS=1 go test ./cmd/vpo/systemdtest
//
// VPO_SYSTEMD_ROOT names the root of another system to boot, as debootstrap makes one, for the sake of its systemd.
//
// Without these the suite says that it did not run. Where CI=true and root and systemd are there, that is a failure.
package systemdtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// oldest is the systemd whose directives the units keep to.
const oldest = 252

// role tells a copy of the test binary what it is to be, see TestMain.
const role = "VPO_SYSTEMDTEST_ROLE"

// TestMain runs the suite, or is one of the processes that the suite starts: the first process of a machine before it
// becomes systemd, or a program inside a service's sandbox that tries what is forbidden there.
func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "boot":
		os.Exit(becomeSystemd())
	case "intruder":
		os.Exit(intrude(os.Stdout))
	}
	code, err := suite(m)
	if err != nil {
		fmt.Println(err)
	}
	os.Exit(code)
}

func suite(m *testing.M) (code int, err error) {
	if os.Getenv("VPO_SYSTEMD_TESTS") == "" {
		return 0, errors.New("NOT RUN: the systemd suite is asked for with VPO_SYSTEMD_TESTS=1")
	}
	if err := able(); err != nil {
		return 0, fmt.Errorf("NOT RUN: the systemd suite %w", err)
	}
	dir, err := os.MkdirTemp("", "vpo-systemdtest-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return 1, err
	}
	if err := build(dir); err != nil {
		return 1, err
	}
	if err := trial(dir); err != nil {
		if os.Getenv("CI") == "true" {
			return 1, fmt.Errorf("root and systemd are there, and still no machine: %w", err)
		}
		return 0, fmt.Errorf("NOT RUN: no machine can be made here: %w", err)
	}
	workshop = dir
	return m.Run(), nil
}

// able tells what this system lacks.
func able() error {
	if os.Geteuid() != 0 {
		return errors.New("needs root")
	}
	out, err := exec.Command("systemctl", "--version").Output()
	if err != nil {
		return fmt.Errorf("needs systemd: %w", err)
	}
	var version int
	if _, err := fmt.Sscanf(string(out), "systemd %d", &version); err != nil || version < oldest {
		line, _, _ := strings.Cut(string(out), "\n")
		return fmt.Errorf("needs systemd %d or newer; this is %q", oldest, line)
	}
	return nil
}

// workshop is the folder of the suite on this system: the program under test, and the mount points of the machines.
var workshop string

// build makes the program as it is shipped, static, and puts a copy of the test binary beside it.
func build(dir string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(dir, "vpo"), "vpo/cmd/vpo")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "intruder"), self, 0o755)
}

// trial boots a machine once, so that a system where that cannot be done is told apart from a defect.
func trial(dir string) error {
	for _, tool := range []string{"nsenter", "ffprobe"} {
		if _, err := exec.LookPath(tool); err != nil {
			return err
		}
	}
	m, err := boot(dir)
	if err != nil {
		return err
	}
	return m.down()
}
