package scan

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"vpo/internal/library"
)

const errNotFolder = syscall.ENOTDIR

// mounts compares the file systems that a walk meets with those that earlier scans have met at the same places.
type mounts struct {
	remembered map[string]library.Mount
	list       []mountPoint    // of this machine, at this moment
	points     map[string]bool // their paths

	mu   sync.Mutex               // guards what follows
	here map[string]library.Mount // met by this walk
}

func newMounts(remembered []library.Mount) *mounts {
	m := &mounts{
		remembered: map[string]library.Mount{}, here: map[string]library.Mount{}, list: mountPoints(), points: map[string]bool{},
	}
	for _, point := range m.list {
		m.points[point.path] = true
	}
	for _, mount := range remembered {
		m.remembered[mount.Path] = mount
	}
	return m
}

// isPoint tells whether something is mounted at a folder.
func (m *mounts) isPoint(folder string) bool { return m.points[folder] }

// border tells whether a folder is to be noted: where a file system begins, or began at an earlier scan.
func (m *mounts) border(folder string, device uint64, above *place) bool {
	_, was := m.remembered[folder]
	return was || above == nil || above.device != device
}

// met notes that the walk has entered a file system at a folder.
func (m *mounts) met(folder string, device uint64) {
	mount := m.look(folder, device)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.here[folder] = mount
}

// look says what is mounted at a folder, or above it.
func (m *mounts) look(folder string, device uint64) library.Mount {
	mount := library.Mount{Path: folder, Device: device}
	if target, err := filepath.EvalSymlinks(folder); err == nil {
		if point, ok := find(m.list, target); ok {
			mount.FSType, mount.Source = point.fsType, point.source
		}
	}
	return mount
}

// absentMount is a place where a file system was, and is not.
type absentMount struct{ path, why string }

// absent lists the mounts at or below root that earlier scans or this one have met, and that are not there now. Where
// accept is set, only what has changed since this scan met it counts.
func (m *mounts) absent(root string, accept bool) []absentMount {
	paths := folders{}
	for path := range m.remembered {
		paths[path] = true
	}
	for path := range m.here {
		paths[path] = true
	}
	var absent []absentMount
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if !below(path, root) {
			continue
		}
		if why := m.changed(path, accept); why != "" {
			absent = append(absent, absentMount{path, why + "; nothing below it was marked missing"})
		}
	}
	return absent
}

// changed says how what is at a path differs from what was there; it is empty where nothing does.
func (m *mounts) changed(path string, accept bool) string {
	device, there := deviceOf(path)
	now, entered := m.here[path]
	if entered && (!there || device != now.Device) {
		return what(now) + " went away while it was scanned"
	}
	was, remembered := m.remembered[path]
	if !remembered || accept {
		return ""
	}
	if there && !entered { // met by another path, or passed over
		now = m.look(path, device)
	}
	switch {
	case !there:
		return what(was) + " is not mounted here as it was at the last scan (--full accepts the change)"
	case !same(was, now):
		return fmt.Sprintf("%s was mounted here at the last scan, now it is %s (--full accepts the change)", what(was), what(now))
	}
	return ""
}

func deviceOf(path string) (device uint64, there bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return uint64(stat.Dev), true //nolint:unconvert // Dev is narrower on other systems
}

// same compares what outlives a reboot, and the device number only where nothing else is known.
func same(a, b library.Mount) bool {
	if a.Source == "" || b.Source == "" {
		return a.Device == b.Device
	}
	return a.FSType == b.FSType && a.Source == b.Source
}

func what(m library.Mount) string { return cmp.Or(m.Source, fmt.Sprintf("device %d", m.Device)) }

// toRemember is what the next scan is to compare with: the mounts that held video files, but for those in doubt.
func (m *mounts) toRemember(files map[string]int, hidden folders) []library.Mount {
	var list []library.Mount
	for _, path := range slices.Sorted(maps.Keys(m.here)) {
		now := m.here[path]
		now.Files, now.LastScanAt = files[path], library.FormatTime(time.Now())
		if now.Files > 0 && !hidden.hold(path) && utf8.ValidString(path) {
			list = append(list, now)
		}
	}
	return list
}

// expected is how many video files the last scan has met below the roots; rows, where it has not met these roots.
func (m *mounts) expected(roots []string, rows int) int {
	files := 0
	for _, root := range roots {
		mount, ok := m.remembered[root]
		if !ok {
			return rows
		}
		files += mount.Files
	}
	return files
}
