package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vpo/internal/library"
)

// folders is a set of paths.
type folders map[string]bool

// hold tells whether path is one of the folders or lies below one.
func (f folders) hold(path string) bool {
	for !f[path] {
		above := filepath.Dir(path)
		if above == path {
			return false
		}
		path = above
	}
	return true
}

// missing returns the rows of the files that are gone: catalogued, not met by the walk, not there when asked for, and
// below no folder that is out of sight.
func (s *scan) missing(ctx context.Context, unmet []library.Known, hidden folders) (gone []library.Known, err error) {
	for _, row := range unmet {
		if err := cause(ctx); err != nil {
			return nil, err
		}
		if !hidden.hold(row.Path) && isGone(row.Path) { // one that is there is passed over by the walk, as in a hidden folder
			gone = append(gone, row)
		}
	}
	return gone, nil
}

// isGone tells whether no file is left at path. A folder in its place is none.
func isGone(path string) bool {
	info, err := os.Lstat(path)
	return notThere(err) || err == nil && !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0
}

func notThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotFolder)
}

// outOfSight lists the folders that could not be looked into, or whose disk may not be there, and tells of each. Files
// below them are not missing: they cannot be seen.
func (s *scan) outOfSight(w *walk, unmet []library.Known) folders {
	hidden := make(folders)
	for _, folder := range slices.Concat(w.closed, s.badRoots) {
		hidden[folder] = true
	}
	doubt := func(folder, why string) {
		if countBelow(unmet, folder) > 0 {
			hidden[folder] = true
			s.report.problem(folder, why)
		}
	}
	for _, link := range w.dangling {
		doubt(link, "the link leads nowhere; nothing below it was marked missing")
	}
	for _, root := range w.roots {
		if _, entered := s.mounts.here[root]; entered && w.files[root] == 0 && !s.opts.Full {
			doubt(root, fmt.Sprintf("no video file is left where %d were catalogued; is its disk mounted? "+
				"Nothing below it was marked missing (--full accepts the change)", countBelow(unmet, root)))
		}
		for _, mount := range s.mounts.absent(root, s.opts.Full) {
			if !hidden[root] {
				doubt(mount.path, mount.why)
			}
		}
	}
	return hidden
}

// countBelow counts those of the sorted rows that are folder or lie below it.
func countBelow(sorted []library.Known, folder string) int {
	prefix := strings.TrimSuffix(folder, "/")
	n := position(sorted, prefix+"0") - position(sorted, prefix+"/") // '0' follows '/'
	if at := position(sorted, folder); folder != "/" && at < len(sorted) && sorted[at].Path == folder {
		n++
	}
	return n
}

// position is where path is among the sorted rows, or would be.
func position(sorted []library.Known, path string) int {
	at, _ := slices.BinarySearchFunc(sorted, path, func(row library.Known, path string) int { return strings.Compare(row.Path, path) })
	return at
}
