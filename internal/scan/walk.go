package scan

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"vpo/internal/library"
)

// folderID tells folders apart, whichever path leads to them. Of one device no two are the same; that two of different
// devices are is about as probable as that of two random numbers. A walk keeps one for each folder, so it is small.
type folderID uint64

func identify(s *stat) folderID {
	const spread = 0x9E3779B97F4A7C15 // 2^64 by the golden ratio: neighbouring devices come far apart
	return folderID(s.device*spread + s.inode)
}

// walk meets every video file below the roots once. A few workers look into folders at the same time. To have the same
// film under the same path each time, whatever worker is faster, what can lead to a folder that is met otherwise, too,
// waits until all else has been looked into: first mount points, then symbolic links, each one by one in their order.
// A folder that was met before is passed over, and so loops end.
type walk struct {
	scan  *scan
	roots []string
	queue *queue
	out   chan<- candidate
	found chan<- result // what is to be stored of files, and of folders, without reading any

	mu       sync.Mutex // guards what follows
	met      map[folderID]struct{}
	mounts   []folderJob     // walked when all else is
	links    []folderJob     // walked last
	dangling []string        // links that lead nowhere
	closed   []string        // folders that could not be read: what is below them is not missing
	files    map[string]int  // by root or mount point: video files met
	unmet    []library.Known // catalogued, and not met
}

func newWalk(s *scan, roots []string) *walk {
	return &walk{scan: s, roots: roots, queue: newQueue(), met: map[folderID]struct{}{}, files: map[string]int{}}
}

// place is where a walk stands.
type place struct {
	device uint64
	mounts []string // that a file counts for: roots and mount points
	ignore *ignore
}

// run walks to the end, or to that of ctx.
func (w *walk) run(ctx context.Context) error {
	group, gctx := errgroup.WithContext(ctx)
	defer w.queue.closeWith(gctx)()
	for range w.scan.opts.Workers {
		group.Go(func() error { return w.work(gctx) })
	}
	w.lead()
	w.queue.close()
	if err := group.Wait(); err != nil {
		return err
	}
	w.scan.meter.walked.Store(true)
	return cause(ctx)
}

// lead hands out the folders in an order that is the same each time where it matters.
func (w *walk) lead() {
	for _, root := range w.roots {
		w.queue.push(folderJob{path: root})
		w.queue.idle()
	}
	for w.queue.idle() {
		job, ok := w.deferred()
		if !ok {
			return
		}
		w.queue.push(job)
	}
}

// deferred takes the first of the mount points, or of the links where there are none.
func (w *walk) deferred() (job folderJob, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, list := range []*[]folderJob{&w.mounts, &w.links} {
		if len(*list) > 0 {
			slices.SortFunc(*list, func(a, b folderJob) int { return strings.Compare(a.path, b.path) })
			job, *list = (*list)[0], (*list)[1:]
			return job, true
		}
	}
	return folderJob{}, false
}

func (w *walk) work(ctx context.Context) error {
	l := newLooker(w)
	for {
		job, ok := w.queue.next()
		if !ok {
			return cause(ctx)
		}
		err := l.look(ctx, job)
		w.queue.done()
		if err != nil {
			return err
		}
	}
}

// first tells whether a folder is met for the first time.
func (w *walk) first(id folderID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, met := w.met[id]; met {
		return false
	}
	w.met[id] = struct{}{}
	return true
}

// count notes video files for the mounts that they lie on.
func (w *walk) count(here *place, files int) {
	if files == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, mount := range here.mounts {
		w.files[mount] += files
	}
}

func (w *walk) wanted(name string) bool { return w.scan.wanted[library.Extension(name)] }

// refuse counts a file that is not even looked into.
func (w *walk) refuse(path, why string) {
	w.scan.report.found(1)
	w.scan.report.problem(path, why)
	w.scan.report.settled(OutcomeFailed, 1)
}

// unreadable tells of a folder, and keeps what is below it from being taken for missing.
func (w *walk) unreadable(folder string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = append(w.closed, folder)
	if w.isRoot(folder) {
		w.scan.badRoots = append(w.scan.badRoots, folder)
	}
	w.scan.report.problem(folder, fmt.Sprintf("the folder cannot be read: %s; nothing below it was marked missing", reason(err)))
}

// later puts off a folder that may be met otherwise, too.
func (w *walk) later(list *[]folderJob, job folderJob) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*list = append(*list, job)
}

// enter makes the place of a folder; ok is false where it was met before.
func (w *walk) enter(job folderJob, s stat) (here *place, ok bool) {
	if !w.first(identify(&s)) {
		if job.link {
			w.scan.report.note(job.path, "the link leads to a folder that is scanned under its own path")
		}
		return nil, false
	}
	if job.link {
		w.tellEscape(job.path)
	}
	here = &place{device: s.device}
	if job.above != nil {
		here.mounts, here.ignore = job.above.mounts, job.above.ignore
	}
	if w.scan.mounts.border(job.path, s.device, job.above) {
		w.scan.mounts.met(job.path, s.device)
		here.mounts = append(slices.Clone(here.mounts), job.path)
	}
	return here, true
}

// tellEscape notes that a link leads out of the roots.
func (w *walk) tellEscape(link string) {
	target, err := filepath.EvalSymlinks(link)
	if err == nil && !slices.ContainsFunc(w.roots, func(root string) bool { return below(target, root) }) {
		w.scan.report.note(link, "the link leads out of the scanned folders, to "+library.ValidUTF8(target)+", and was followed")
	}
}

// dangles tells of a link that leads nowhere.
func (w *walk) dangles(path string, err error) {
	if w.wanted(filepath.Base(path)) {
		w.refuse(path, "the link leads nowhere: "+reason(err))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dangling = append(w.dangling, path)
}

// isRoot tells whether the user named this folder.
func (w *walk) isRoot(folder string) bool { return slices.Contains(w.roots, folder) }

// cause is why ctx has ended, or nil.
func cause(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}

// missed notes rows whose files the walk has not met.
func (w *walk) missed(rows ...library.Known) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, row := range rows {
		if row.Status != library.StatusMissing && w.wanted(filepath.Base(row.Path)) {
			w.unmet = append(w.unmet, row)
		}
	}
}
