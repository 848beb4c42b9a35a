package scan

import (
	"cmp"
	"context"
	"time"
	"unicode/utf8"

	"vpo/internal/library"
)

// folder is one whose files were compared with the catalogue one by one. When the last of them is stored, the writer
// stores what the folder looked like, so that the next scan can pass over it.
type folder struct {
	library.Folder
	waiting int  // files that are being read
	spoiled bool // a file is to be looked at again by the next scan, whatever the folder looks like
	unmet   bool // rows have no file: what became of those is told at the end of the scan
}

// candidate is a file that has to be looked into.
type candidate struct {
	path     string
	folder   *folder
	stat     stat
	known    library.Known // ID is 0 for a new file
	hashOnly bool          // unchanged but for what a hash can tell: skipped if the hash is the known one
}

// compare compares the files of a folder with the catalogue, and hands on those that have to be looked into.
func (l *looker) compare(ctx context.Context, path string) error {
	s := l.walk.scan
	page := s.book.find(path)
	s.report.found(len(l.files))
	look := l.print.value(len(l.files))
	if page != nil {
		page.visited = true
		if page.fingerprint == look && !s.opts.Full && !s.opts.VerifyHash {
			s.report.settled(OutcomeSkipped, len(l.files))
			return nil
		}
	}
	if page == nil && len(l.files) == 0 {
		return nil
	}
	if !utf8.ValidString(path) {
		for i := range l.files {
			s.report.problem(join(path, string(l.name(&l.files[i]))), errNotUTF8.Error())
			s.report.settled(OutcomeFailed, 1)
		}
		return nil
	}
	var rows []library.Known
	if page != nil {
		var err error
		if rows, err = s.cfg.Catalog.FilesIn(ctx, path); err != nil {
			return err
		}
	}
	return l.compareFiles(ctx, &folder{Folder: library.Folder{Path: path, Fingerprint: look}}, rows)
}

func (l *looker) compareFiles(ctx context.Context, f *folder, rows []library.Known) error {
	known := make(map[string]library.Known, len(rows))
	for _, row := range rows {
		known[row.Path] = row // another program may have changed the path and left the directory
	}
	var stamps []result
	candidates := make([]candidate, 0, len(l.files))
	for i := range l.files {
		e := &l.files[i]
		name := string(l.name(e))
		path := join(f.Path, name)
		row := known[path]
		delete(known, path)
		c := candidate{path: path, folder: f, stat: e.stat, known: row}
		f.spoiled = f.spoiled || e.stat.unsettled(l.began)
		switch l.walk.scan.judge(&c) {
		case lookInto:
			candidates = append(candidates, c)
		case noteStamp:
			stamps = append(stamps, result{folder: f, id: row.ID, stamp: stampOf(&e.stat, l.began)})
		case leave:
		}
	}
	for _, row := range known {
		f.unmet = f.unmet || row.Status != library.StatusMissing
		l.walk.missed(row)
	}
	return l.hand(ctx, f, candidates, stamps)
}

// hand passes on what is to be read, and what is to be noted without that.
func (l *looker) hand(ctx context.Context, f *folder, candidates []candidate, stamps []result) error {
	f.waiting = len(candidates) + len(stamps)
	if f.waiting == 0 {
		f.waiting = 1 // the folder itself
		stamps = append(stamps, result{folder: f})
	}
	for _, r := range stamps {
		select {
		case l.walk.found <- r:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	for _, c := range candidates {
		select {
		case l.walk.out <- c:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// judgement is what is to be done with a file that a walk has met.
type judgement int

const (
	leave     judgement = iota // nothing: it is settled
	lookInto                   // read it
	noteStamp                  // store what the file system tells of it
)

// judge compares a file with its row, and counts it where it need not be looked into.
func (s *scan) judge(c *candidate) judgement {
	isKnown := c.known.ID != 0
	if !utf8.ValidString(c.path) {
		c.folder.spoiled = true
		s.report.problem(c.path, errNotUTF8.Error())
		s.report.settled(OutcomeFailed, 1)
		return leave
	}
	same := isKnown && s.unchanged(&c.known, &c.stat)
	switch {
	case !same:
	case c.known.Status == library.StatusError && c.known.Stamp.ChangedAt != 0 && c.known.Stamp.ChangedAt != c.stat.changed:
		// not the same file, or one that may be read now
	case c.known.Status == library.StatusError:
		c.folder.spoiled = true // so that it is told each time
		s.report.problem(c.path, cmp.Or(c.known.Error, "could not be read at an earlier scan"))
		s.report.settled(OutcomeFailed, 1)
		return leave
	case s.opts.VerifyHash, c.known.Stamp.ChangedAt != 0 && c.known.Stamp.ChangedAt != c.stat.changed:
		c.hashOnly = true
	default:
		c.folder.spoiled = c.folder.spoiled || c.known.Status == library.StatusPending
		s.report.settled(OutcomeSkipped, 1)
		if c.known.Stamp.Inode == c.stat.inode && c.known.Stamp.ChangedAt == c.stat.changed {
			return leave
		}
		return noteStamp
	}
	if s.opts.DryRun && !c.hashOnly {
		s.report.settled(readOutcome(c), 1)
		return leave
	}
	return lookInto
}

// unchanged tells whether a file need not be looked into, as far as size and time tell.
func (s *scan) unchanged(known *library.Known, now *stat) bool {
	switch {
	case s.opts.Full, known.Status == library.StatusMissing:
		return false
	case known.Status == library.StatusPending && s.cfg.Prober != nil:
		return false
	}
	return known.SizeBytes == now.size && known.ModifiedAt == library.FormatTime(time.Unix(0, now.modified))
}

// stampOf is what is stored of a file that was looked at, and not read so far, at a time. Whatever changes the file later
// makes a difference to it, even where the clock of the file system has not gone on.
func stampOf(s *stat, at time.Time) library.Stamp {
	stamp := library.Stamp{Device: s.device, Inode: s.inode, ChangedAt: s.changed}
	if s.unsettled(at) {
		stamp.ChangedAt-- // no file has this one, so the hash decides at the next scan
	}
	return stamp
}

func readOutcome(c *candidate) Outcome {
	if c.known.ID != 0 {
		return OutcomeUpdated
	}
	return OutcomeNew
}
