// Package doctor checks what the daemon needs of the machine it runs on, and names the command that mends what is wrong.
//
// It looks and touches nothing: the library is opened by the caller, for reading; locks are read from the kernel's list; a
// port is tried with a socket that never listens. Where it runs as root and the daemon is a service of systemd, it asks the
// kernel with the rights of the service's user, since those of root say nothing. Each check is a function that takes what
// the checks before it found out, and gives findings; Run calls them in order and keeps nothing.
package doctor

import (
	"context"
	"time"

	"golang.org/x/sys/unix"

	"vpo/internal/config"
	"vpo/internal/library"
)

// Status is how grave a finding is.
type Status string

// The three of them. A warning is what may go wrong later; it is no failure.
const (
	Pass Status = "pass"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Finding is the outcome of one check.
type Finding struct {
	Check   string `json:"check"`
	Status  Status `json:"status"`
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"` // commands for a shell, one a line; a line that starts with "#" is for people
}

// Report is everything that was found.
type Report struct {
	Status Status    `json:"status"` // the gravest of all findings
	Checks []Finding `json:"checks"`
}

// Library is what the doctor has to know of the library.
type Library struct {
	Schema, Newest int // its version of our schema, and the newest one that this program knows
	Files          int // catalogued
	Folders        int // to be watched: those that hold files, and those above them up to the scanned ones
	Mounts         []library.Mount
	Refused        error // why a scan would refuse it, though the daemon serves it
}

// Config is what a Doctor is made of. All functions are required.
type Config struct {
	// Load reads the configuration with an environment ("NAME=value") and a home directory.
	Load func(env []string, home string) (*config.Settings, error)
	// Library reads the library at a path without changing anything. Its error is for people, and a library.Fault inside.
	Library func(ctx context.Context, path string) (Library, error)
	// Health asks the daemon how it is; the error says that what listens there is none.
	Health func(ctx context.Context, server config.ServerConfig) (string, error)
	// FFprobe finds the program that tools.ffprobe names.
	FFprobe func(configured string) (string, error)

	Environ []string // of this process
	Home    string   // of its user
	// OwnSettings says that the user has named a configuration or a library, so that the unit's environment does not count.
	OwnSettings bool
	// Backstop is how much longer than server.shutdown_timeout the daemon may take to stop.
	Backstop time.Duration
	Machine  Machine
}

// Machine is where the doctor finds what it looks at: the edges of the process. Other values than those of ThisMachine
// are for tests.
type Machine struct {
	Unit        string   // name of the daemon's unit, "vpo.service"
	Systemctl   string   // the program
	UnitFolders []string // where unit files are, the ones that win first
	Locks       string   // the kernel's list of file locks, proc_locks(5)
	Processes   string   // proc(5)
	MaxWatches  string   // file that holds fs.inotify.max_user_watches
	Mounts      string   // proc_pid_mountinfo(5)
	Statfs      func(path string, st *unix.Statfs_t) error
}

// ThisMachine is the machine that this process runs on.
func ThisMachine() Machine {
	return Machine{
		Unit:      "vpo.service",
		Systemctl: "systemctl",
		UnitFolders: []string{ // systemd.unit(5), as far as people and packages use them
			"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
		},
		Locks:      "/proc/locks",
		Processes:  "/proc",
		MaxWatches: "/proc/sys/fs/inotify/max_user_watches",
		Mounts:     "/proc/self/mountinfo",
		Statfs:     unix.Statfs,
	}
}

// visit is one run of the doctor: what it found out so far.
type visit struct {
	Config
	unit     unit
	account  account
	settings config.Config
	library  Library
	findings []Finding
}

// Run makes all checks. One that needs the outcome of another is left out where there is none.
func Run(ctx context.Context, c Config) Report {
	v := &visit{Config: c}
	v.unit = readUnit(ctx, c.Machine)
	v.checkSystemd(ctx)
	v.checkUnit()
	v.checkAccount()
	if v.checkConfiguration() {
		v.checkStopTimeout()
		v.checkPort(ctx)
		v.checkFFprobe()
		v.checkDatabase(ctx)
	}
	return Report{Status: gravest(v.findings), Checks: v.findings}
}

// checkDatabase looks at the library, from the disk below it to what it holds.
func (v *visit) checkDatabase(ctx context.Context) {
	if v.checkFolder(); !v.checkLibrary(ctx) {
		return
	}
	v.checkLock(ctx)
	v.checkMedia()
	v.checkWatches()
}

func (v *visit) pass(check, message string) { v.add(check, Pass, message, "") }

func (v *visit) add(check string, status Status, message, fix string) {
	v.findings = append(v.findings, Finding{Check: check, Status: status, Message: message, Fix: fix})
}

func gravest(findings []Finding) Status {
	worst := Pass
	for _, f := range findings {
		if f.Status == Fail || worst == Pass {
			worst = f.Status
		}
	}
	return worst
}
