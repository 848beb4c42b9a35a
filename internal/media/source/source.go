// Package source reads a video file for the readers of containers: within the file, within a budget, and in pieces of
// bounded size, whatever lengths the file claims.
//
// A Source belongs to one reader of one file. The first bytes of a file are usually known already, since they have been
// hashed; all that lies in them costs no system call.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"

	"vpo/internal/library"
)

// Limits on what one file may cost.
const (
	MaxPiece = 1 << 20  // bytes that one call of Bytes gives at most
	budget   = 64 << 20 // bytes that are read of one file at most
	window   = 16 << 10 // bytes that are read at once at least: headers lie close together
)

// ErrBudget says that finding what is asked for would take more reading than one file may cost.
var ErrBudget = errors.New("the headers are spread over too much of the file")

// Source is an open file. It keeps one window of it in memory, which it uses again and again.
type Source struct {
	ctx  context.Context //nolint:containedctx // a Source lives as long as one call, and its readers are deep recursions
	file library.Content
	left int64 // of the budget

	window []byte // what was read last
	at     int64  // where the window begins
	buffer []byte // behind the window
}

// New makes a Source of a file.
func New(ctx context.Context, file library.Content) *Source {
	s := &Source{}
	s.Reset(ctx, file)
	return s
}

// Reset makes the Source one of another file, and keeps its buffer.
func (s *Source) Reset(ctx context.Context, file library.Content) {
	if int64(len(file.Head)) > file.Size {
		file.Head = file.Head[:file.Size]
	}
	*s = Source{ctx: ctx, file: file, left: budget, buffer: s.buffer}
}

// Size is the size of the file in bytes.
func (s *Source) Size() int64 { return s.file.Size }

// Bytes gives n bytes of the file from offset on. They are valid until the next call, and are not to be changed.
//
// The error is library.ErrIncomplete where the file ends before them, library.ErrMalformed where the offset is negative or n
// is more than MaxPiece, ErrBudget where too much was read of the file already, the cause of the context where that has
// ended, or an error of the file system.
func (s *Source) Bytes(offset int64, n int) ([]byte, error) {
	switch {
	case offset < 0 || n < 0 || n > MaxPiece:
		return nil, fmt.Errorf("%w: %d bytes at %d make no sense", library.ErrMalformed, n, offset)
	case offset > s.file.Size-int64(n):
		return nil, fmt.Errorf("%w: it ends at %d, in the middle of a header", library.ErrIncomplete, s.file.Size)
	case offset+int64(n) <= int64(len(s.file.Head)):
		return s.file.Head[offset : offset+int64(n) : offset+int64(n)], nil
	}
	if from := offset - s.at; from < 0 || from+int64(n) > int64(len(s.window)) {
		if err := s.fetch(offset, n); err != nil {
			return nil, err
		}
	}
	from := offset - s.at
	return s.window[from : from+int64(n) : from+int64(n)], nil
}

// Available gives up to n bytes from offset on, fewer only where the file ends before them. Errors are those of Bytes,
// but for library.ErrIncomplete.
func (s *Source) Available(offset int64, n int) ([]byte, error) {
	if offset >= s.file.Size {
		return nil, nil
	}
	return s.Bytes(offset, int(min(int64(n), s.file.Size-offset)))
}

// Check is the cause of the context where that has ended, for loops that read nothing.
func (s *Source) Check() error {
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	return nil
}

// fetch reads a window that begins at offset.
func (s *Source) fetch(offset int64, n int) error {
	if err := s.Check(); err != nil {
		return err
	}
	size := min(int64(max(n, window)), s.file.Size-offset)
	if s.left -= size; s.left < 0 {
		return ErrBudget
	}
	if int64(cap(s.buffer)) < size {
		s.buffer = make([]byte, size)
	}
	s.at, s.window = offset, nil
	read, err := s.file.Data.ReadAt(s.buffer[:size], offset)
	if read < n {
		if err == nil || errors.Is(err, io.EOF) {
			err = fmt.Errorf("%w: it became shorter while it was read", library.ErrIncomplete)
		}
		return err
	}
	s.window = s.buffer[:read]
	return nil
}
