package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"vpo/internal/config"
	"vpo/internal/library"
	"vpo/internal/media"
)

// Inspection is what one file holds.
type Inspection struct {
	Path      string // absolute
	SizeBytes int64
	Media     library.Media
}

// Comparison is what two readers found in one file: this program, and ffprobe.
type Comparison struct {
	Inspection                // by this program
	Second      library.Media // by ffprobe
	Differences []library.Difference
}

// Inspect tells what a file holds. It takes one file, needs no library and changes nothing. The error names the file, says
// what is wrong and what to do next.
func Inspect(ctx context.Context, settings *config.Settings, name string) (Inspection, error) {
	read, err := reader(settings)
	if err != nil {
		return Inspection{}, fmt.Errorf("inspect: %w", err)
	}
	return inspect(ctx, name, read)
}

// CompareReaders reads a file by this program alone and by ffprobe, and compares what they say.
func CompareReaders(ctx context.Context, settings *config.Settings, name string) (Comparison, error) {
	ffprobe, err := ffprobeReader(settings)
	if err != nil {
		return Comparison{}, fmt.Errorf("compare with ffprobe: %w", err)
	}
	first, err := inspect(ctx, name, ownReader())
	if err != nil {
		return Comparison{}, err
	}
	second, err := inspect(ctx, name, ffprobe)
	if err != nil {
		return Comparison{}, fmt.Errorf("compare with ffprobe: %w", err)
	}
	return Comparison{
		Inspection: first, Second: second.Media,
		Differences: library.Differences(first.Media, second.Media),
	}, nil
}

// readFunc reads what an open file holds.
type readFunc func(context.Context, library.Content) (library.Media, error)

// reader reads files as a scan does.
func reader(settings *config.Settings) (readFunc, error) {
	probe, err := prober(settings.Config.Tools.FFprobe, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return probe.Probe, nil
}

// ownReader reads files without any other program.
func ownReader() readFunc { return (&media.Prober{}).Probe }

// ffprobeReader reads files with ffprobe alone.
func ffprobeReader(settings *config.Settings) (readFunc, error) {
	path, err := media.FindFFprobe(settings.Config.Tools.FFprobe)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, file library.Content) (library.Media, error) {
		read, err := media.FFprobe{Path: path}.Probe(ctx, file.Path)
		read.Reader = cmp.Or(read.Reader, library.ReaderFFprobe)
		return read, err
	}, nil
}

// inspect opens a file and reads it.
func inspect(ctx context.Context, name string, read readFunc) (Inspection, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return Inspection{}, fmt.Errorf("inspect %s: %w", name, err)
	}
	file, size, err := openVideo(path)
	if err != nil {
		return Inspection{}, fmt.Errorf("inspect %s: %w", path, err)
	}
	defer file.Close()
	held, err := read(ctx, library.Content{Path: path, Data: file, Size: size})
	if err != nil {
		if hint := nextStep(err); hint != "" {
			return Inspection{}, fmt.Errorf("inspect %s: %w\n%s", path, err, hint)
		}
		return Inspection{}, fmt.Errorf("inspect %s: %w", path, err)
	}
	return Inspection{Path: path, SizeBytes: size, Media: held}, nil
}

// openVideo opens a file for reading without waiting, as a FIFO would make it. Only a file with content can be a video.
func openVideo(path string) (*os.File, int64, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return nil, 0, errors.New("permission denied; run it as a user who may read the file")
	case err != nil:
		return nil, 0, withoutPath(err)
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		err = errors.New("this is a folder; inspect takes one file, 'vpo scan' takes folders")
	case !info.Mode().IsRegular():
		err = errors.New("this is not a regular file")
	case info.Size() == 0:
		err = errors.New("the file is empty; copy it again")
	default:
		return file, info.Size(), nil
	}
	return nil, 0, errors.Join(err, file.Close())
}

// withoutPath is an error of the file system without the path, which is told before it.
func withoutPath(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}

// nextStep is what to do about a file that cannot be read; empty where the error says so itself.
func nextStep(err error) string {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, media.ErrNoFFprobe):
		return ""
	case errors.Is(err, library.ErrProberUnavailable):
		return "ffprobe could not be asked: check tools.ffprobe, and that the package ffmpeg is installed"
	case errors.Is(err, library.ErrIncomplete):
		return "copy it again, or wait until it has been written to its end"
	case errors.Is(err, library.ErrMalformed):
		return "copy it again from where it came"
	case errors.As(err, new(syscall.Errno)):
		return "look at the disk, or the connection to it"
	default:
		return "is it a video? if it plays elsewhere, copy it again from there"
	}
}
