package systemdtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// report is what an intruder has found out, for the test that sent it.
type report struct {
	Refused  map[string]string // what it tried, and the error; "" where it could do it
	Writable []string          // mounts that can be written to
	Users    int               // of the machine that exist in here: the length of the user namespace's map
	Probe    string            // what ffprobe said about a film
}

// attempts are things that a program which has been taken over may try. None does harm where it succeeds: the same list is
// tried without a sandbox, which shows that it is the sandbox that refuses.
var attempts = map[string]func() error{
	"write to /etc":                   create("/etc/vpo-was-here"),
	"write to /usr":                   create("/usr/bin/vpo-was-here"),
	"write to the media":              create("/srv/media/vpo-was-here"),
	"write to /media":                 create("/media/vpo-was-here"),
	"write to /mnt":                   create("/mnt/vpo-was-here"),
	"write to /run":                   create("/run/vpo-was-here"),
	"write to /run/lock":              create("/run/lock/vpo-was-here"),
	"write to /dev/shm":               create("/dev/shm/vpo-was-here"),
	"read /home":                      read("/home/anna/diary"),
	"read the clock of the machine":   read("/proc/uptime"),
	"read the memory of the machine":  read("/proc/meminfo"),
	"see other processes":             read("/proc/1/stat"),
	"run what it has written":         execute("/var/lib/vpo"),
	"run what it has written to /tmp": execute("/tmp"),
	"make a setuid file":              setuidFile,
	"make a device":                   func() error { return discard(unix.Mknod("/tmp/null", unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3)))) },
	"mount":                           func() error { return unix.Mount("tmpfs", "/media", "tmpfs", 0, "size=4k") },
	"change the root":                 func() error { return unix.Chroot("/") },
	"make a namespace":                func() error { return unix.Unshare(unix.CLONE_NEWUTS) },
	"make a user namespace":           func() error { return exec.Command("unshare", "--user", "true").Run() },
	"become root":                     func() error { return unix.Setresuid(0, 0, 0) },
	"trace a process":                 trace,
	"rename the host":                 func() error { return unix.Sethostname([]byte("machine")) },
	"run in real time":                realTime,
	"take precedence":                 func() error { return unix.Setpriority(unix.PRIO_PROCESS, 0, -1) },
	"emulate an old system":           emulate,
	"use a keyring": func() error {
		_, err := unix.AddKey("user", "vpo", []byte("x"), unix.KEY_SPEC_PROCESS_KEYRING)
		return err
	},
	"write to memory that can be run":  writeAndExecute,
	"open a raw socket":                open(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP),
	"open a packet socket":             open(unix.AF_PACKET, unix.SOCK_RAW, 0),
	"ask for the network's interfaces": open(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE),
	"connect to this machine":          dialUDP(net.IPv4(127, 0, 0, 1)),
	"connect to the home network":      dialUDP(homeAddress),
	"connect to the world":             dialUDP(worldAddress),
}

// intrude makes all attempts and prints the report.
func intrude(out io.Writer) int {
	r := report{Refused: map[string]string{}}
	for name, attempt := range attempts {
		r.Refused[name] = ""
		if err := alone(attempt); err != nil {
			r.Refused[name] = err.Error()
		}
	}
	r.Writable = writable()
	r.Users = users()
	probe, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "format=format_name", "-of", "csv", film).CombinedOutput()
	r.Probe = strings.TrimSpace(fmt.Sprintf("%s %v", probe, err))
	return printReport(out, r)
}

func printReport(out io.Writer, r report) int {
	text, err := json.Marshal(r)
	if err != nil {
		return 1
	}
	fmt.Fprintln(out, string(text))
	return 0
}

// alone runs an attempt on a thread that ends with it, so that what it changed stays there.
func alone(attempt func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		done <- attempt()
	}()
	return <-done
}

func create(path string) func() error {
	return func() error { return discard(os.WriteFile(path, nil, 0o600)) }
}

func read(path string) func() error {
	return func() error { _, err := os.ReadFile(path); return err }
}

func execute(dir string) func() error {
	return func() error {
		program := filepath.Join(dir, "program")
		if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil {
			return err
		}
		return exec.Command(program).Run()
	}
}

func setuidFile() error {
	const path = "/tmp/setuid"
	if err := os.WriteFile(path, nil, 0o700); err != nil {
		return err
	}
	return unix.Chmod(path, 0o4755)
}

// trace takes hold of a child, which is what the kernel allows most readily.
func trace() error {
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		return err
	}
	defer func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	}()
	return unix.PtraceSeize(child.Process.Pid)
}

func realTime() error {
	return unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: 1}, 0)
}

// emulate asks for the personality of an old Linux, under which pages at address 0 can be mapped (personality(2)).
func emulate() error {
	const mmapPageZero = 0x0100000
	if _, _, errno := unix.Syscall(unix.SYS_PERSONALITY, mmapPageZero, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

func writeAndExecute() error {
	_, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC, unix.MAP_ANON|unix.MAP_PRIVATE)
	return err
}

func open(family, kind, protocol int) func() error {
	return func() error {
		socket, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, protocol)
		if err == nil {
			_ = unix.Close(socket)
		}
		return err
	}
}

// dialUDP sends one packet: a filter refuses it at once, where a connection would wait for its time-out.
func dialUDP(address net.IP) func() error {
	return func() error {
		conn, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: address, Port: 9})
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = conn.Write([]byte("x"))
		return err
	}
}

// discard lets an attempt succeed that another run has left traces of.
func discard(err error) error {
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}

// writable lists the mounts that are not read-only, what belongs to the kernel left out.
func writable() []string {
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	var found []string
	for line := range strings.Lines(string(mounts)) {
		before, after, _ := strings.Cut(line, " - ")
		fields, kind := strings.Fields(before), strings.Fields(after)
		if len(fields) < 6 || len(kind) < 3 || strings.HasPrefix(fields[5], "ro") || strings.HasPrefix(kind[2], "ro") {
			continue
		}
		// Since version 254 systemd lets a service say in memory.pressure how much pressure it wants to hear of.
		if kind[0] != "proc" && kind[0] != "devpts" && filepath.Base(fields[4]) != "memory.pressure" {
			found = append(found, fields[4])
		}
	}
	return found
}

// users counts the users of the machine that exist in this user namespace.
func users() int {
	table, _ := os.ReadFile("/proc/self/uid_map")
	total := 0
	for line := range strings.Lines(string(table)) {
		var inside, outside, length int
		if _, err := fmt.Sscan(line, &inside, &outside, &length); err == nil {
			total += length
		}
	}
	return total
}
