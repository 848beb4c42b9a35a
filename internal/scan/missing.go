package scan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"vpo/internal/library"
)

// missing returns the rows of the files that are gone: catalogued, not met by the walk, not there when asked for, and below
// no folder of which this scan cannot tell.
func (s *scan) missing(w *walk) []int64 {
	doubtful := s.doubtful(w)
	var gone []int64
	for path, known := range s.known {
		isBelow := func(folder string) bool { return below(path, folder) }
		switch {
		case known.Status == library.StatusMissing, !w.wanted(path):
		case slices.ContainsFunc(w.closed, isBelow), slices.ContainsFunc(doubtful, isBelow):
		case !isGone(path): // the walk passes over it, as over a hidden folder
		default:
			gone = append(gone, known.ID)
		}
	}
	slices.Sort(gone)
	return gone
}

func isGone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotFolder)
}

// doubtful lists the folders whose disk may not be there, and tells of each. Files below them are not missing: they
// cannot be seen.
func (s *scan) doubtful(w *walk) []string {
	var doubtful []string
	for _, root := range w.roots {
		if known := s.catalogued(w, root); known > 0 && w.files[root] == 0 {
			doubtful = append(doubtful, root)
			s.report.problem(root, fmt.Sprintf(
				"no video file is left where %d were catalogued; is its disk mounted? Nothing below it was marked missing", known))
			continue
		}
		for _, mount := range s.mounts.absent(root, s.opts.Full) {
			if s.catalogued(w, mount.path) > 0 {
				doubtful = append(doubtful, mount.path)
				s.report.problem(mount.path, mount.why)
			}
		}
	}
	return doubtful
}

// catalogued counts the files below a folder that the catalogue has and the walk has not met.
func (s *scan) catalogued(w *walk, folder string) int {
	n := 0
	for path, known := range s.known {
		if known.Status != library.StatusMissing && w.wanted(path) && below(path, folder) {
			n++
		}
	}
	return n
}
