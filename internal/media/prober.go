package media

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

const (
	// nativeTimeout is generous: the headers of a film are read in well under a millisecond, but a disk may have to spin
	// up first.
	nativeTimeout = 10 * time.Second
	// sniffed is how much of a file tells its container.
	sniffed = 4 << 10 // bytes
)

// Reasons for which a file is not read natively, and which are not the file's fault.
var (
	errUnknown = errors.New("its container is none that this program reads itself")
	errSlow    = errors.New("its headers could not be read in time")
)

// errNoTracks says that a container is empty.
var errNoTracks = fmt.Errorf("%w: its container holds no tracks", library.ErrMalformed)

// Prober tells what video files hold. It reads the headers itself, and asks for a second opinion where those are not
// enough: the container is unknown, the file is damaged or incomplete, or something that every film has is left open
// (see leftOpen). It may be used by several goroutines.
type Prober struct {
	// Second is asked for the second opinion on the file at path, usually FFprobe.Probe. It is nil where there is none.
	Second func(ctx context.Context, path string) (library.Media, error)
	// Timeout is for the native reading of one file; 0 means ten seconds. A read that the file system does not answer
	// is not interrupted.
	Timeout time.Duration

	sources sync.Pool // of *source.Source
}

// opinion is what reading a file natively has brought.
type opinion struct {
	media library.Media
	err   error  // why there is no media
	open  string // what media does not tell although every film has it; empty where it tells all
}

// Probe returns what a file holds; Media.Reader tells who has read it, and Media.Doubt why the second opinion was
// needed. Where that is needed and not to be had, what could be read is returned with a warning.
//
// The error says in one line, without the path, what is wrong: it wraps library.ErrIncomplete or library.ErrMalformed
// where the file is so, library.ErrProberUnavailable where only the missing second opinion could tell, and the cause of
// ctx where that has ended; else it is one of the file system or of the second opinion. With an error, Media tells
// nothing but who was asked last.
func (p *Prober) Probe(ctx context.Context, file library.Content) (library.Media, error) {
	first := p.native(ctx, file)
	switch {
	case ctx.Err() != nil:
		return library.Media{Reader: library.ReaderNative}, context.Cause(ctx)
	case first.err != nil && !first.arguable():
		return library.Media{Reader: library.ReaderNative}, first.err
	case first.err == nil && first.open == "":
		return first.media, nil
	}
	return p.reconsider(ctx, file.Path, first)
}

// native reads the headers of a file.
func (p *Prober) native(ctx context.Context, file library.Content) opinion {
	timeout := p.Timeout
	if timeout <= 0 {
		timeout = nativeTimeout
	}
	ctx, stop := context.WithTimeoutCause(ctx, timeout, errSlow)
	defer stop()
	src, ok := p.sources.Get().(*source.Source)
	if !ok {
		src = &source.Source{}
	}
	src.Reset(ctx, file)
	media, err := read(src, max(sniffed, len(file.Head)))
	src.Reset(context.Background(), library.Content{}) // the file is not held on to
	p.sources.Put(src)
	switch {
	case err != nil:
		return opinion{err: err}
	case len(media.Tracks) == 0:
		return opinion{err: errNoTracks}
	}
	media.Reader = library.ReaderNative
	return opinion{media: media, open: leftOpen(media)}
}

// arguable tells whether somebody else might read the file: not where it is empty, or cannot be read at all.
func (o opinion) arguable() bool {
	if errors.Is(o.err, errNothing) {
		return false
	}
	for _, reason := range []error{errUnknown, errSlow, source.ErrBudget, library.ErrIncomplete, library.ErrMalformed} {
		if errors.Is(o.err, reason) {
			return true
		}
	}
	return false
}

// doubt says why the native reading is not enough.
func (o opinion) doubt() string {
	if o.err != nil {
		return o.err.Error()
	}
	return "the headers leave open: " + o.open
}

// reconsider asks for the second opinion on a file of which the first is not enough.
func (p *Prober) reconsider(ctx context.Context, path string, first opinion) (library.Media, error) {
	if p.Second == nil {
		return first.alone(ErrNoFFprobe)
	}
	second, err := p.Second(ctx, path)
	switch {
	case ctx.Err() != nil:
		return library.Media{Reader: library.ReaderFFprobe}, context.Cause(ctx)
	case errors.Is(err, library.ErrProberUnavailable):
		return first.alone(err)
	case err == nil && len(second.Tracks) == 0:
		err = errors.New("ffprobe: no tracks")
		fallthrough
	case err != nil:
		return first.against(err)
	}
	second.Doubt = first.doubt()
	return second, nil
}

// alone makes the most of the native reading where nobody else can be asked, for the reason err.
func (o opinion) alone(err error) (library.Media, error) {
	if o.err == nil {
		o.media.Warnings = append(o.media.Warnings, o.doubt()+"; ffprobe could not be asked")
		return o.media, nil
	}
	none := library.Media{Reader: library.ReaderNative}
	switch {
	case errors.Is(o.err, library.ErrIncomplete) || errors.Is(o.err, library.ErrMalformed):
		return none, o.err
	case errors.Is(err, library.ErrProberUnavailable):
		return none, fmt.Errorf("%w (%w)", err, o.err)
	default:
		return none, fmt.Errorf("%w: %w (%w)", library.ErrProberUnavailable, err, o.err)
	}
}

// against makes the most of the native reading where the second opinion failed with err.
func (o opinion) against(err error) (library.Media, error) {
	if o.err == nil {
		o.media.Warnings = append(o.media.Warnings, o.doubt()+"; "+err.Error())
		return o.media, nil
	}
	return library.Media{Reader: library.ReaderFFprobe}, fmt.Errorf("%w; %w", o.err, err)
}
