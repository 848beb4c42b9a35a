package systemdtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// plan is what the first process of a machine has to know. It comes as JSON in an environment variable.
type plan struct {
	Base   string            // an empty folder of this system, to mount upon
	Root   string            // the system to boot a copy of
	Shares map[string]string // paths of this system that the machine sees, read-only, by their names in there
}

const planVariable = "VPO_SYSTEMDTEST_PLAN"

// errorPipe is the descriptor on which becomeSystemd says what went wrong. systemd never sees it: it is closed at exec.
const errorPipe = 3

// becomeSystemd turns this process, which is the first one of new namespaces already, into the manager of a machine. It
// returns only when that failed.
func becomeSystemd() int {
	runtime.LockOSThread() // the cgroup namespace and the capabilities belong to the thread that will call exec
	unix.CloseOnExec(errorPipe)
	err := enter()
	fmt.Fprint(os.NewFile(errorPipe, "errors"), err)
	return 1
}

func enter() error {
	var p plan
	if err := json.Unmarshal([]byte(os.Getenv(planVariable)), &p); err != nil {
		return err
	}
	// This process was born into a control group of its own: what is unshared now has that as its root.
	if err := unix.Unshare(unix.CLONE_NEWCGROUP); err != nil {
		return fmt.Errorf("unshare cgroup: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	root, err := overlay(p.Base, p.Root)
	if err != nil {
		return err
	}
	for _, step := range []func(string) error{kernelMounts, devices, clearHost, identity} {
		if err := step(root); err != nil {
			return err
		}
	}
	for inside, outside := range p.Shares {
		if err := share(outside, filepath.Join(root, inside)); err != nil {
			return err
		}
	}
	if err := pivot(root); err != nil {
		return err
	}
	return execSystemd()
}

// overlay shows the lower root below base, with a layer in memory that takes what is written.
func overlay(base, lower string) (root string, err error) {
	if err := mount("tmpfs", base, "tmpfs", 0, "mode=755"); err != nil {
		return "", err
	}
	upper, work, root := filepath.Join(base, "upper"), filepath.Join(base, "work"), filepath.Join(base, "root")
	for _, dir := range []string{upper, work, root} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return "", err
		}
	}
	return root, mount("overlay", root, "overlay", 0, "lowerdir="+lower+",upperdir="+upper+",workdir="+work)
}

// kernelMounts gives the machine its own views of the kernel. What would change this system is read-only.
func kernelMounts(root string) error {
	const careful = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC
	for _, m := range []struct {
		at, kind string
		flags    uintptr
		data     string
	}{
		{"proc", "proc", careful, ""},
		{"sys", "sysfs", careful | unix.MS_RDONLY, ""},
		{"sys/fs/cgroup", "cgroup2", careful, ""},
		{"dev", "tmpfs", unix.MS_NOSUID, "mode=755"},
		{"run", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=755"},
		{"tmp", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=1777"},
		{"srv", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=755"},
	} {
		if err := mount(m.kind, filepath.Join(root, m.at), m.kind, m.flags, m.data); err != nil {
			return err
		}
	}
	if err := share(filepath.Join(root, "proc/sys"), filepath.Join(root, "proc/sys")); err != nil {
		return err
	}
	trigger := filepath.Join(root, "proc/sysrq-trigger")
	if _, missing := os.Stat(trigger); missing != nil { // not every kernel has it
		return nil
	}
	return share("/dev/null", trigger)
}

// devices makes the few that programs cannot do without.
func devices(root string) error {
	dev := filepath.Join(root, "dev")
	for name, minor := range map[string]uint32{"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9} {
		if err := makeDevice(filepath.Join(dev, name), unix.Mkdev(1, minor)); err != nil {
			return err
		}
	}
	if err := makeDevice(filepath.Join(dev, "tty"), unix.Mkdev(5, 0)); err != nil {
		return err
	}
	for name, target := range map[string]string{
		"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "ptmx": "pts/ptmx",
	} {
		if err := os.Symlink(target, filepath.Join(dev, name)); err != nil {
			return err
		}
	}
	pts, shm := filepath.Join(dev, "pts"), filepath.Join(dev, "shm")
	if err := mount("devpts", pts, "devpts", unix.MS_NOSUID|unix.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620,gid=5"); err != nil {
		return err
	}
	return mount("tmpfs", shm, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=1777")
}

// makeDevice makes a character device, or uses the one that is there: a mask of the process must not narrow its mode.
func makeDevice(path string, number uint64) error {
	if err := unix.Mknod(path, unix.S_IFCHR|0o666, int(number)); err != nil {
		return fmt.Errorf("mknod %s: %w", path, err)
	}
	return os.Chmod(path, 0o666)
}

// clearHost removes, from the machine's view, everything that this system starts by itself.
func clearHost(root string) error {
	doomed := []string{"etc/systemd/system", "etc/systemd/system-generators", "etc/fstab"}
	for _, lib := range []string{"usr/lib/systemd", "lib/systemd"} {
		doomed = append(doomed, lib+"/system-generators")
		wants, err := filepath.Glob(filepath.Join(root, lib, "system", "*.wants"))
		if err != nil {
			return err
		}
		for _, dir := range wants {
			doomed = append(doomed, strings.TrimPrefix(dir, root))
		}
	}
	for _, path := range doomed {
		if err := os.RemoveAll(filepath.Join(root, path)); err != nil {
			return err
		}
	}
	// Of all that a system starts the tests need the journal.
	wants := filepath.Join(root, "etc/systemd/system/sysinit.target.wants")
	if err := os.MkdirAll(wants, 0o755); err != nil {
		return err
	}
	const journal = "systemd-journald.service"
	return os.Symlink("/usr/lib/systemd/system/"+journal, filepath.Join(wants, journal))
}

// identity gives the machine a name and an ID, and takes away what an installed vpo would have left.
func identity(root string) error {
	if err := unix.Sethostname([]byte("machine")); err != nil {
		return err
	}
	for _, path := range []string{"etc/vpo", "var/lib/vpo", "var/log/journal"} {
		if err := os.RemoveAll(filepath.Join(root, path)); err != nil {
			return err
		}
	}
	for name, content := range map[string]string{"hostname": "machine", "machine-id": "5b6e0c1d2f3a4b5c8d7e6f5a4b3c2d1e"} {
		path := filepath.Join(root, "etc", name)
		_ = os.Remove(path) // it may be a mount of a container's
		if err := os.WriteFile(path, []byte(content+"\n"), 0o444); err != nil {
			return err
		}
	}
	return nil
}

// share shows a file or a folder at another place, read-only.
func share(from, at string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		err = os.MkdirAll(at, 0o755)
	} else if _, missing := os.Stat(at); missing != nil {
		if err = os.MkdirAll(filepath.Dir(at), 0o755); err == nil {
			err = os.WriteFile(at, nil, 0o644)
		}
	}
	if err != nil {
		return err
	}
	if err := unix.Mount(from, at, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s: %w", at, err)
	}
	if err := unix.Mount("", at, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		return fmt.Errorf("make %s read-only: %w", at, err)
	}
	return nil
}

func mount(source, at, kind string, flags uintptr, data string) error {
	if err := os.MkdirAll(at, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(source, at, kind, flags, data); err != nil {
		return fmt.Errorf("mount %s at %s: %w", kind, at, err)
	}
	return nil
}

// pivot makes root the root, and lets go of the old one.
func pivot(root string) error {
	if err := os.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("pivot root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("let go of the old root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	return unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, "") // as systemd expects of a system
}

// execSystemd gives up the rights that reach beyond namespaces, and calls systemd.
func execSystemd() error {
	for _, right := range []uintptr{
		unix.CAP_SYS_MODULE, unix.CAP_SYS_TIME, unix.CAP_SYS_RAWIO, unix.CAP_SYSLOG, unix.CAP_WAKE_ALARM,
		unix.CAP_AUDIT_CONTROL, unix.CAP_AUDIT_READ, unix.CAP_MAC_ADMIN, unix.CAP_MAC_OVERRIDE,
	} {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, right, 0, 0, 0); err != nil {
			return fmt.Errorf("give up capability %d: %w", right, err)
		}
	}
	const path = "/usr/lib/systemd/systemd"
	args := []string{path, "--system", "--unit=basic.target", "--log-target=journal", "--show-status=no"}
	env := []string{"container=vpo", "LANG=C.UTF-8", "PATH=" + insidePath}
	return fmt.Errorf("exec %s: %w", path, unix.Exec(path, args, env))
}
