package scan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"syscall"
	"time"

	"vpo/internal/library"
)

const errNotFolder = syscall.ENOTDIR

// mounts compares the file systems that a walk meets with those that earlier scans have met at the same places.
type mounts struct {
	remembered map[string]library.Mount
	here       map[string]library.Mount // met by this walk
	list       []mountPoint             // of this machine, at this moment
}

func newMounts(remembered []library.Mount) *mounts {
	m := &mounts{remembered: map[string]library.Mount{}, here: map[string]library.Mount{}, list: mountPoints()}
	for _, mount := range remembered {
		m.remembered[mount.Path] = mount
	}
	return m
}

// met notes that the walk has entered a file system at a folder.
func (m *mounts) met(folder string, device uint64) {
	mount := library.Mount{Path: folder, Device: device}
	if point, ok := find(m.list, folder); ok {
		mount.FSType, mount.Source = point.fsType, point.source
	}
	m.here[folder] = mount
}

// absentMount is a place where a file system was, and is not.
type absentMount struct{ path, why string }

// absent lists the remembered mounts at or below root that are not there now. A changed one counts as absent, unless it
// is accepted.
func (m *mounts) absent(root string, accept bool) []absentMount {
	var absent []absentMount
	for _, path := range slices.Sorted(maps.Keys(m.remembered)) {
		was := m.remembered[path]
		if !below(path, root) {
			continue
		}
		now, here := m.here[path]
		switch {
		case !here:
			absent = append(absent, absentMount{path, fmt.Sprintf(
				"%s is not mounted here as it was at the last scan; nothing below was marked missing", what(was))})
		case !same(was, now) && !accept:
			absent = append(absent, absentMount{path, fmt.Sprintf(
				"%s was mounted here at the last scan, now it is %s; nothing below was marked missing (--full accepts the change)",
				what(was), what(now))})
		}
	}
	return absent
}

// same compares what outlives a reboot, and the device number only where nothing else is known.
func same(a, b library.Mount) bool {
	if a.Source == "" || b.Source == "" {
		return a.Device == b.Device
	}
	return a.FSType == b.FSType && a.Source == b.Source
}

func what(m library.Mount) string { return cmp.Or(m.Source, fmt.Sprintf("device %d", m.Device)) }

// toRemember is what the next scan is to compare with: the mounts that held video files and are no surprise.
func (m *mounts) toRemember(w *walk) []library.Mount {
	var list []library.Mount
	for _, path := range slices.Sorted(maps.Keys(m.here)) {
		now := m.here[path]
		now.Files, now.LastScanAt = w.files[path], library.FormatTime(time.Now())
		was, known := m.remembered[path]
		if now.Files == 0 || (known && !same(was, now) && !w.scan.opts.Full) {
			continue
		}
		list = append(list, now)
	}
	return list
}
