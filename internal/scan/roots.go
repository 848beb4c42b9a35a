package scan

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"vpo/internal/library"
)

var errNotUTF8 = errors.New("the name is not valid UTF-8 and cannot be catalogued; rename it")

// openRoots returns the folders to walk: absolute, clean, each once and none that is met on the way through another,
// links last. What cannot be walked is told.
func (s *scan) openRoots() []string {
	var all, roots []string
	for _, given := range s.opts.Roots {
		root, err := filepath.Abs(given)
		if err != nil { // there is no working directory any more
			s.badRoot(given, err)
			continue
		}
		all = append(all, root)
	}
	slices.Sort(all)
	for _, root := range slices.Compact(all) {
		if err := checkFolder(root); err != nil {
			s.badRoot(root, err)
			continue
		}
		roots = append(roots, root)
	}
	roots = slices.DeleteFunc(slices.Clone(roots), func(root string) bool {
		return slices.ContainsFunc(roots, func(other string) bool { return leadsTo(other, root) })
	})
	slices.SortStableFunc(roots, func(a, b string) int { return cmp.Compare(linked(a), linked(b)) })
	return roots
}

func (s *scan) badRoot(root string, err error) {
	s.badRoots = append(s.badRoots, root)
	s.report.problem(root, reason(err))
}

// leadsTo tells whether a walk of root comes to folder, below it: not through a name that it passes over.
func leadsTo(root, folder string) bool {
	if root == folder || !below(folder, root) {
		return false
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(folder, root), "/")
	return !slices.ContainsFunc(strings.Split(rest, "/"), library.Ignored)
}

// linked is 1 where a path leads through a link, else 0.
func linked(path string) int {
	if target, err := filepath.EvalSymlinks(path); err == nil && target == path {
		return 0
	}
	return 1
}

func checkFolder(root string) error {
	info, err := os.Stat(root)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such folder; nothing below it was marked missing")
	case err != nil:
		return err
	case !info.IsDir():
		return errors.New("is not a folder: name the folder that holds it")
	case !utf8.ValidString(root):
		return errNotUTF8
	}
	return nil
}

// below tells whether path is folder or lies below it.
func below(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}
