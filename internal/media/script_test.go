package media_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// script is a shell script in the place of ffprobe. It notes its process id, which is its process group, in a file.
type script struct{ path, pidFile string }

func newScript(t *testing.T, body string) script {
	t.Helper()
	dir := t.TempDir()
	s := script{path: filepath.Join(dir, "ffprobe"), pidFile: filepath.Join(dir, "pid")}
	text := "#!/bin/sh\necho $$ >" + s.pidFile + ".new && mv " + s.pidFile + ".new " + s.pidFile + "\n" + body + "\n"
	if err := os.WriteFile(s.path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return s
}

// whenStarted calls act once the script runs, unless ctx ends first.
func (s script) whenStarted(ctx context.Context, act func()) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(s.pidFile); err == nil {
			act()
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// mustBeGone fails the test if a process of the script's group is alive a few seconds from now.
func (s script) mustBeGone(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(s.pidFile)
	if err != nil {
		t.Fatal(err)
	}
	group, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(10 * time.Second)
	for groupLives(group) {
		select {
		case <-tick.C:
		case <-deadline:
			_ = syscall.Kill(-group, syscall.SIGKILL)
			t.Fatalf("process group %d is still there", group)
		}
	}
}

// groupLives tells whether a process group has a member that is not merely waiting to be collected by init.
func groupLives(group int) bool {
	if syscall.Kill(-group, 0) != nil {
		return false
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue
		}
		// "pid (name) state ppid pgrp ...", see proc_pid_stat(5); a name may hold anything, so count from its end.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 2 && fields[2] == strconv.Itoa(group) && fields[0] != "Z" && fields[0] != "X" {
			return true
		}
	}
	return len(stats) == 0
}
