package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"vpo/internal/library"
)

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

var errNotUTF8 = errors.New("the name is not valid UTF-8 and cannot be catalogued; rename it")

// folderID tells folders apart, whichever path leads to them.
type folderID struct{ device, inode uint64 }

// walk meets every video file below the roots once. Links to folders are followed after all real folders, so that a film
// has the path without a link where there is one; a folder that was met before is passed over, and so loops end.
type walk struct {
	scan     *scan
	roots    []string
	out      chan<- candidate
	met      map[folderID]bool
	links    []folderLink   // walked last
	dangling []string       // links that lead nowhere
	closed   []string       // folders that could not be read: what is below them is not missing
	files    map[string]int // by root or mount point: video files met
}

// folderLink is a link to a folder, and where it was met.
type folderLink struct {
	path  string
	above *place
}

func newWalk(s *scan, roots []string) *walk {
	return &walk{scan: s, roots: roots, met: map[folderID]bool{}, files: map[string]int{}}
}

func (w *walk) run(ctx context.Context, out chan<- candidate) error {
	w.out = out
	for _, root := range w.roots {
		if err := w.enter(ctx, root, nil); err != nil {
			return err
		}
	}
	for len(w.links) > 0 {
		link := w.links[0]
		w.links = w.links[1:]
		if err := w.enter(ctx, link.path, link.above); err != nil {
			return err
		}
	}
	return nil
}

// place is where a walk stands: the device of the folder above, and the mounts that a file below counts for.
type place struct {
	device uint64
	mounts []string
}

// enter walks a folder, unless it was met before. above is nil for a root.
func (w *walk) enter(ctx context.Context, folder string, above *place) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	info, err := os.Stat(folder)
	if above != nil && notThere(err) {
		return nil
	}
	if err != nil {
		w.unreadable(folder, err)
		return nil
	}
	id := identify(info)
	if w.met[id] {
		return nil
	}
	w.met[id] = true
	here := place{device: id.device}
	if above != nil {
		here.mounts = above.mounts
	}
	if w.scan.mounts.border(folder, id.device, above) {
		w.scan.mounts.met(folder, id.device)
		here.mounts = append(slices.Clone(here.mounts), folder)
	}
	return w.list(ctx, folder, &here)
}

func (w *walk) list(ctx context.Context, folder string, here *place) error {
	entries, err := os.ReadDir(folder) // sorted by name; what was read before an error is there
	switch {
	case err == nil:
		w.scan.report.folder()
	case notThere(err) && !slices.Contains(w.roots, folder):
	default:
		w.unreadable(folder, err)
	}
	for _, entry := range entries {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if library.Ignored(entry.Name()) {
			continue
		}
		if err := w.entry(ctx, filepath.Join(folder, entry.Name()), entry, here); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entry(ctx context.Context, path string, entry fs.DirEntry, here *place) error {
	switch {
	case entry.IsDir():
		return w.enter(ctx, path, here)
	case entry.Type()&fs.ModeSymlink != 0:
		return w.link(ctx, path, here)
	case entry.Type().IsRegular() && w.wanted(entry.Name()):
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			w.refuse(path, reason(err))
			return nil
		}
		return w.file(ctx, path, info, here)
	}
	return nil
}

// link follows a symbolic link: a file has the link's path, a folder is walked later.
func (w *walk) link(ctx context.Context, path string, here *place) error {
	info, err := os.Stat(path)
	switch {
	case err != nil && w.wanted(path):
		w.refuse(path, "the link leads nowhere: "+reason(err))
	case err != nil:
		w.dangling = append(w.dangling, path)
	case info.IsDir():
		w.links = append(w.links, folderLink{path, here})
	case info.Mode().IsRegular() && w.wanted(path):
		return w.file(ctx, path, info, here)
	}
	return nil
}

func (w *walk) wanted(name string) bool {
	return slices.Contains(w.scan.opts.Extensions, library.Extension(filepath.Base(name)))
}

// refuse counts a file that is not even looked into. It is there, so it is not missing.
func (w *walk) refuse(path, why string) {
	delete(w.scan.known, path)
	w.scan.report.found(path)
	w.scan.report.problem(path, why)
	w.scan.report.settled(path, fileFailed, false)
}

// file compares a file with the catalogue, and hands it on where it has to be looked into.
func (w *walk) file(ctx context.Context, path string, info fs.FileInfo, here *place) error {
	for _, mount := range here.mounts {
		w.files[mount]++
	}
	if !utf8.ValidString(path) {
		w.refuse(path, errNotUTF8.Error())
		return nil
	}
	known, isKnown := w.scan.known[path]
	delete(w.scan.known, path)
	w.scan.report.found(path)
	c := candidate{path: path, known: known, isKnown: isKnown}
	if isKnown && w.scan.unchanged(known, info) {
		if known.Status == library.StatusError {
			w.scan.report.problem(path, cmp.Or(known.Error, "could not be read at an earlier scan"))
			w.scan.report.settled(path, fileFailed, false)
			return nil
		}
		if !w.scan.opts.VerifyHash {
			w.scan.report.settled(path, fileSkipped, false)
			return nil
		}
		c.hashOnly = true
	}
	if w.scan.opts.DryRun && !c.hashOnly {
		w.scan.report.settled(path, readOutcome(c), false)
		return nil
	}
	select {
	case w.out <- c:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// unchanged tells whether a file need not be looked into.
func (s *scan) unchanged(known library.Known, info fs.FileInfo) bool {
	switch {
	case s.opts.Full, known.Status == library.StatusMissing:
		return false
	case known.Status == library.StatusPending && s.cfg.Prober != nil:
		return false
	}
	return known.SizeBytes == info.Size() && known.ModifiedAt == library.FormatTime(info.ModTime())
}

// unreadable tells of a folder, and keeps what is below it from being taken for missing.
func (w *walk) unreadable(folder string, err error) {
	w.closed = append(w.closed, folder)
	if slices.Contains(w.roots, folder) {
		w.scan.badRoots = append(w.scan.badRoots, folder)
	}
	w.scan.report.problem(folder, fmt.Sprintf("the folder cannot be read: %s; nothing below it was marked missing", reason(err)))
}

func identify(info fs.FileInfo) folderID {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return folderID{}
	}
	return folderID{device: uint64(stat.Dev), inode: stat.Ino} //nolint:unconvert // Dev is narrower on other systems
}
