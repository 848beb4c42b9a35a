package systemdtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// newGroup makes a control group (cgroup2) for a machine, in which its systemd makes those of its services.
func newGroup(name string) (string, error) {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(mounts)) {
		before, after, _ := strings.Cut(line, " - ")
		fields := strings.Fields(before)
		if !strings.HasPrefix(after, "cgroup2 ") || len(fields) < 5 {
			continue
		}
		group := filepath.Join(fields[4], name) // mountinfo: proc_pid_mountinfo(5), the fifth field is the mount point
		return group, os.Mkdir(group, 0o755)
	}
	return "", errors.New("no cgroup2 is mounted")
}

// removeGroup removes a control group and those below it. Processes that were killed leave it a moment later.
func removeGroup(group string) error {
	var err error
	removed := await(func() bool {
		err = nil
		all := groupsBelow(group)
		slices.Reverse(all) // children first
		for _, dir := range all {
			err = errors.Join(err, unix.Rmdir(dir))
		}
		return err == nil
	})
	if !removed {
		return fmt.Errorf("remove %s: %w", group, err)
	}
	return nil
}

// groupsBelow lists a control group and those below it, parents first.
func groupsBelow(group string) (all []string) {
	_ = filepath.WalkDir(group, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			all = append(all, path)
		}
		return nil // a group that goes meanwhile is none that has to be removed
	})
	return all
}
