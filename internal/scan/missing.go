package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
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
func (s *scan) missing(ctx context.Context, w *walk, hidden folders) ([]int64, error) {
	var gone []int64
	for _, path := range s.unmet(w) {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if !hidden.hold(path) && isGone(path) { // one that is there is passed over by the walk, as in a hidden folder
			gone = append(gone, s.known[path].ID)
		}
	}
	slices.Sort(gone)
	return gone, nil
}

// unmet lists the files that the catalogue has and the walk has not met, sorted.
func (s *scan) unmet(w *walk) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.known)), func(path string) bool {
		return s.known[path].Status == library.StatusMissing || !w.wanted(path)
	})
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
func (s *scan) outOfSight(w *walk) folders {
	hidden := make(folders)
	for _, folder := range slices.Concat(w.closed, s.badRoots) {
		hidden[folder] = true
	}
	unmet := s.unmet(w)
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
		if _, entered := s.mounts.here[root]; entered && w.files[root] == 0 {
			doubt(root, fmt.Sprintf(
				"no video file is left where %d were catalogued; is its disk mounted? Nothing below it was marked missing",
				countBelow(unmet, root)))
		}
		for _, mount := range s.mounts.absent(root, s.opts.Full) {
			if !hidden[root] {
				doubt(mount.path, mount.why)
			}
		}
	}
	return hidden
}

// countBelow counts those of the sorted paths that are folder or lie below it.
func countBelow(sorted []string, folder string) int {
	prefix := strings.TrimSuffix(folder, "/")
	first, _ := slices.BinarySearch(sorted, prefix+"/")
	end, _ := slices.BinarySearch(sorted, prefix+"0") // '0' follows '/'
	n := end - first
	if _, found := slices.BinarySearch(sorted, folder); found && folder != "/" {
		n++
	}
	return n
}
