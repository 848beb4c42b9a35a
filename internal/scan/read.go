package scan

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vpo/internal/library"
)

// result is what came of a file, for the writer.
type result struct {
	folder *folder
	file   *library.File // to be stored; nil for none
	id     int64         // row of which only the stamp is to be stored; 0 for none
	stamp  library.Stamp
	again  bool // the next scan is to look at this file again
}

// read looks into candidates until there are none, and hands on what came of each.
func (s *scan) read(ctx context.Context, candidates <-chan candidate, results chan<- result) error {
	for c := range candidates {
		if err := cause(ctx); err != nil {
			return err
		}
		r := s.examine(ctx, &c)
		r.folder = c.folder
		results <- r // without regard to ctx: it is finished, and the writer takes all
	}
	return cause(ctx)
}

// examine reads one file.
func (s *scan) examine(ctx context.Context, c *candidate) result {
	s.report.reading(&c.path)
	began := s.cfg.Now()
	file := describe(c, began)
	handle, info, err := openRegular(c.path)
	if notThere(err) { // whether it is missing, or its disk, is for the next scan to tell
		s.report.vanished()
		return result{again: true}
	}
	if err != nil {
		return s.failed(c, file, err)
	}
	defer handle.close()
	// The times and sizes of before the reading: a file that is being written differs from them at the next scan, and is
	// read again then.
	file.SizeBytes, file.ModifiedAt = info.size, library.FormatTime(time.Unix(0, info.modified))
	file.Stamp = stampOf(&info, began)
	if info.size == 0 {
		return s.failed(c, file, errEmpty)
	}
	buffer := hashBuffers.Get().(*hashBuffer)
	defer hashBuffers.Put(buffer)
	head, err := s.hash(handle, buffer, file)
	if err != nil {
		return s.failed(c, file, err)
	}
	if c.hashOnly && file.ContentHash == c.known.ContentHash {
		s.report.settled(OutcomeSkipped, 1)
		return result{id: c.known.ID, stamp: file.Stamp, again: c.known.Status == library.StatusPending}
	}
	if s.opts.DryRun {
		s.report.settled(readOutcome(c), 1)
		return result{}
	}
	return s.probe(ctx, c, file, library.Content{Path: c.path, Data: handle, Size: info.size, Head: head})
}

// hash fills in the hash, and gives the head of the file.
func (s *scan) hash(handle openFile, buffer *hashBuffer, file *library.File) (head []byte, err error) {
	var read int64
	file.ContentHash, head, read, err = contentHash(handle, file.SizeBytes, buffer)
	s.report.read(read)
	return head, err
}

// probe fills in what the container holds.
func (s *scan) probe(ctx context.Context, c *candidate, file *library.File, content library.Content) result {
	file.Status = library.StatusPending
	if s.cfg.Prober != nil {
		media, err := s.cfg.Prober.Probe(ctx, content)
		switch {
		case err == nil:
			file.Status, file.Media = library.StatusOK, media
		case ctx.Err() != nil:
			return result{again: true} // interrupted: the file is read at the next scan
		case errors.Is(err, library.ErrProberUnavailable):
			s.unavailable.Do(func() { s.report.problem(s.opts.Roots[0], err.Error()) })
		default:
			return s.failed(c, file, whileWritten(file, err))
		}
	}
	if file.Status == library.StatusOK {
		s.report.contents(&file.Media)
		s.report.settled(readOutcome(c), 1)
		return result{file: file}
	}
	if c.known.ContentHash == file.ContentHash && (c.known.Status == library.StatusOK || c.known.Status == library.StatusPending) {
		s.report.settled(OutcomeSkipped, 1) // what is known of it still holds, and would be lost
		return result{again: true}
	}
	s.report.pending()
	s.report.settled(readOutcome(c), 1)
	return result{file: file, again: true}
}

// whileWritten adds to the reason of a failure that the file was still changing.
func whileWritten(file *library.File, err error) error {
	info, statErr := os.Stat(file.Path)
	if statErr == nil && (info.Size() != file.SizeBytes || library.FormatTime(info.ModTime()) != file.ModifiedAt) {
		return errors.New(err.Error() + " (it was being written; the next scan reads it again)")
	}
	return err
}

// failed makes a file one that could not be read.
func (s *scan) failed(c *candidate, file *library.File, err error) result {
	file.Status, file.Error = library.StatusError, reason(err)
	s.report.problem(c.path, file.Error)
	s.report.settled(OutcomeFailed, 1)
	if s.opts.DryRun {
		return result{again: true}
	}
	return result{file: file, again: true}
}

// reason is an error without the path, which is told beside it.
func reason(err error) string {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// describe is what the walk knows of a file.
func describe(c *candidate, now time.Time) *library.File {
	name := filepath.Base(c.path)
	return &library.File{
		ID: c.known.ID, Path: c.path, Filename: name, Directory: filepath.Dir(c.path), Extension: library.Extension(name),
		SizeBytes: c.stat.size, ModifiedAt: library.FormatTime(time.Unix(0, c.stat.modified)), Stamp: stampOf(&c.stat, now),
		ScannedAt: library.FormatTime(now),
	}
}
