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

// candidate is a file that has to be looked into.
type candidate struct {
	path     string
	known    library.Known
	isKnown  bool
	hashOnly bool // unchanged by size and time: skipped if the hash is the known one
}

// read looks into candidates until there are none, and hands on what is to be saved.
func (s *scan) read(ctx context.Context, candidates <-chan candidate, files chan<- library.File) error {
	for c := range candidates {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if file, ok := s.examine(ctx, c); ok && !s.opts.DryRun {
			files <- file // without regard to ctx: it is finished, and the writer takes all
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// examine reads one file; ok is false where there is nothing to save.
func (s *scan) examine(ctx context.Context, c candidate) (file library.File, ok bool) {
	file = describe(c.path)
	handle, info, err := openRegular(c.path)
	if notThere(err) { // whether it is missing, or its disk, is for the next scan to tell
		s.report.vanished()
		return file, false
	}
	if err != nil {
		return s.failed(c, file, err), true
	}
	defer handle.Close()
	// The times and sizes of before the reading: a file that is being written differs from them at the next scan, and is
	// read again then.
	file.SizeBytes, file.ModifiedAt = info.Size(), library.FormatTime(info.ModTime())
	s.report.reading(c.path, info.Size())
	if info.Size() == 0 {
		return s.failed(c, file, errEmpty), true
	}
	if file.ContentHash, err = contentHash(handle, info.Size()); err != nil {
		return s.failed(c, file, err), true
	}
	if c.hashOnly && file.ContentHash == c.known.ContentHash {
		s.report.settled(c.path, fileSkipped, false)
		return file, false
	}
	return s.probe(ctx, c, file)
}

// probe fills in what the container holds.
func (s *scan) probe(ctx context.Context, c candidate, file library.File) (library.File, bool) {
	if s.opts.DryRun {
		s.report.settled(c.path, readOutcome(c), false)
		return file, false
	}
	file.Status = library.StatusPending
	if s.cfg.Prober != nil {
		media, err := s.cfg.Prober.Probe(ctx, c.path)
		switch {
		case err == nil:
			file.Status = library.StatusOK
			s.report.held(media)
			file.ContainerFormat, file.ContainerTags, file.Tracks = media.ContainerFormat, media.Tags, media.Tracks
		case ctx.Err() != nil:
			return file, false // interrupted: the file is read at the next scan
		case errors.Is(err, library.ErrProberUnavailable):
			s.unavailable.Do(func() { s.report.problem(s.opts.Roots[0], err.Error()) })
		default:
			return s.failed(c, file, whileWritten(file, err)), true
		}
	}
	if file.Status == library.StatusPending && c.known.Status == library.StatusOK && c.known.ContentHash == file.ContentHash {
		s.report.settled(c.path, fileSkipped, false) // what is known of it still holds, and would be lost
		return file, false
	}
	s.report.settled(c.path, readOutcome(c), file.Status == library.StatusPending)
	return file, true
}

// whileWritten adds to the reason of a failure that the file was still changing.
func whileWritten(file library.File, err error) error {
	info, statErr := os.Stat(file.Path)
	if statErr == nil && (info.Size() != file.SizeBytes || library.FormatTime(info.ModTime()) != file.ModifiedAt) {
		return errors.New(err.Error() + " (it was being written; the next scan reads it again)")
	}
	return err
}

// failed makes a file one that could not be read.
func (s *scan) failed(c candidate, file library.File, err error) library.File {
	file.Status, file.Error = library.StatusError, reason(err)
	if file.ModifiedAt == "" { // could not be opened: what the folder tells of it
		file.SizeBytes, file.ModifiedAt = c.known.SizeBytes, c.known.ModifiedAt
		if info, err := os.Stat(c.path); err == nil {
			file.SizeBytes, file.ModifiedAt = info.Size(), library.FormatTime(info.ModTime())
		}
	}
	s.report.problem(c.path, file.Error)
	s.report.settled(c.path, fileFailed, false)
	return file
}

// reason is an error without the path, which is told beside it.
func reason(err error) string {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err.Error()
	}
	return err.Error()
}

func readOutcome(c candidate) outcome {
	if c.isKnown {
		return fileUpdated
	}
	return fileNew
}

func describe(path string) library.File {
	name := filepath.Base(path)
	return library.File{
		Path: path, Filename: name, Directory: filepath.Dir(path), Extension: library.Extension(name),
		ScannedAt: library.FormatTime(time.Now()),
	}
}
