package scan

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"vpo/internal/library"
)

// looker is a worker of a walk, with the buffers that it uses for one folder after the other.
type looker struct {
	walk    *walk
	buffer  []byte
	names   []byte // of the entries of the folder, one behind the other
	entries []entry
	files   []entry // those of entries that are video files
	largest int64   // of their sizes
	print   fingerprint
	began   time.Time // to look at the files
}

// entry is what a folder has under a name.
type entry struct {
	begin, end int // of the name in names
	kind       int
	stat       stat
}

func newLooker(w *walk) *looker {
	return &looker{walk: w, buffer: make([]byte, direntBuffer)}
}

func (l *looker) name(e *entry) []byte { return l.names[e.begin:e.end] }

// look looks into a folder, unless it was met before.
func (l *looker) look(ctx context.Context, job folderJob) error {
	if err := cause(ctx); err != nil {
		return err
	}
	fd, err := openFolder(job.path)
	if notThere(err) && !l.walk.isRoot(job.path) { // it went away since its name was read
		return nil
	}
	if err != nil {
		l.walk.unreadable(job.path, err)
		return nil
	}
	defer closeFolder(fd)
	self, err := statOpen(fd)
	if err != nil {
		l.walk.unreadable(job.path, err)
		return nil
	}
	here, ok := l.walk.enter(job, self)
	if !ok {
		return nil
	}
	if err := l.list(fd); err != nil {
		l.walk.unreadable(job.path, err) // what was read before the error is there
	} else {
		l.walk.scan.report.folder()
	}
	return l.sort(ctx, fd, job.path, here)
}

// list reads the names.
func (l *looker) list(fd int) error {
	l.names, l.entries, l.files, l.largest, l.print = l.names[:0], l.entries[:0], l.files[:0], 0, 0
	l.began = l.walk.scan.cfg.Now()
	err := eachEntry(fd, l.buffer, func(d dirent) error {
		begin := len(l.names)
		l.names = append(l.names, d.name...)
		l.entries = append(l.entries, entry{begin: begin, end: len(l.names), kind: d.kind})
		return nil
	})
	if notThere(err) { // the folder was removed while it was read
		return nil
	}
	return err
}

// sort hands on the folders below, and gathers the video files.
func (l *looker) sort(ctx context.Context, fd int, folder string, here *place) error {
	var err error
	if here.ignore, err = l.readIgnore(fd, folder, here.ignore); err != nil {
		l.walk.scan.report.problem(filepath.Join(folder, ignoreFile), err.Error())
	}
	var folders []folderJob
	for i := range l.entries {
		e := &l.entries[i]
		name := l.name(e)
		if name[0] == '.' || library.Ignored(string(name)) {
			continue
		}
		if e.kind == kindUnknown {
			if e.stat, err = statAt(fd, string(name), false); err != nil {
				e.stat.kind = kindFile // of which file tells, where it is wanted
			}
			e.kind = e.stat.kind
		}
		switch e.kind {
		case kindFolder:
			folders = l.folder(folders, folder, here, string(name))
		case kindLink:
			l.link(fd, folder, here, e)
		case kindFile:
			l.file(fd, folder, here, e)
		}
	}
	l.walk.queue.push(folders...)
	l.choose(folder)
	l.walk.count(here, len(l.files))
	return l.compare(ctx, folder)
}

func (l *looker) folder(folders []folderJob, parent string, here *place, name string) []folderJob {
	job := folderJob{path: join(parent, name), above: here}
	switch {
	case here.ignore.matches(job.path, true):
	case l.walk.scan.mounts.isPoint(job.path):
		l.walk.later(&l.walk.mounts, job)
	default:
		folders = append(folders, job)
	}
	return folders
}

// link follows a symbolic link: a file has the link's path, a folder is walked later.
func (l *looker) link(fd int, folder string, here *place, e *entry) {
	name := string(l.name(e))
	path := join(folder, name)
	target, err := statAt(fd, name, true)
	switch {
	case target.kind != kindFile && here.ignore.matches(path, target.kind == kindFolder): // take counts files
	case err != nil:
		l.walk.dangles(path, err)
	case target.kind == kindFolder:
		l.walk.later(&l.walk.links, folderJob{path: path, above: here, link: true})
	case target.kind == kindFile && l.walk.wanted(name):
		e.stat = target
		l.take(folder, here, e)
	}
}

func (l *looker) file(fd int, folder string, here *place, e *entry) {
	if !l.wanted(e) {
		return
	}
	name := string(l.name(e))
	var err error
	e.stat, err = statAt(fd, name, false)
	switch {
	case errors.Is(err, unix.ENOENT): // it went away since its name was read
	case err != nil:
		l.walk.refuse(join(folder, name), reason(err))
	case e.stat.kind == kindFile:
		l.take(folder, here, e)
	}
}

// take makes an entry one of the folder's video files.
func (l *looker) take(folder string, here *place, e *entry) {
	if here.ignore != nil && here.ignore.matches(join(folder, string(l.name(e))), false) {
		l.walk.scan.report.ignored(1)
		return
	}
	l.largest = max(l.largest, e.stat.size)
	l.files = append(l.files, *e)
}

// choose leaves out samples, and extras where they are not wanted, and takes the fingerprint of the others.
func (l *looker) choose(folder string) {
	opts, parent := &l.walk.scan.opts, filepath.Base(folder)
	kept := l.files[:0]
	for i := range l.files {
		e := &l.files[i]
		name := l.name(e)
		if !opts.Samples && library.Sample(parent, string(name), e.stat.size, l.largest) ||
			opts.SkipExtras && library.Extra(parent, string(name)) {
			continue
		}
		l.print.add(l.walk.scan.seed, name, &e.stat)
		kept = append(kept, *e)
	}
	l.walk.scan.report.ignored(len(l.files) - len(kept))
	l.files = kept
}

// wanted tells whether a name has one of the extensions, without making a string of it.
func (l *looker) wanted(e *entry) bool {
	name := l.name(e)
	dot := len(name) - 1
	for dot > 0 && name[dot] != '.' {
		dot--
	}
	if dot <= 0 {
		return false
	}
	var lower [maxName]byte
	extension := lower[:copy(lower[:], name[dot+1:])]
	for i, c := range extension {
		if c >= 0x80 { // a letter whose lower case is not told by its byte
			return l.walk.wanted(string(name))
		}
		if 'A' <= c && c <= 'Z' {
			extension[i] = c + ('a' - 'A')
		}
	}
	return l.walk.scan.wanted[string(extension)]
}

// join is filepath.Join of a clean path and a name.
func join(folder, name string) string {
	if folder == "/" {
		return "/" + name
	}
	return folder + "/" + name
}
