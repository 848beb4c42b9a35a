package media_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media"
	"vpo/internal/media/mediatest"
)

// bad is a way in which a file of the matrix goes wrong, and what is to be said of it.
type bad struct {
	name  string // of the test
	file  string
	spoil func(film []byte) []byte
	err   error  // kind of the error; nil where the file is still readable
	words string // in the error, or in a warning
}

func cutTo(percent int) func([]byte) []byte {
	return func(film []byte) []byte { return film[:len(film)*percent/100] }
}

func overwritten(from int, with byte) func([]byte) []byte {
	return func(film []byte) []byte {
		film = bytes.Clone(film)
		for i := from; i < len(film); i++ {
			film[i] = with
		}
		return film
	}
}

func badFiles() []bad {
	const (
		missingEnd = "bytes before what its header"
		unfinished = "the index (moov) that belongs at its end is not there (yet)"
	)
	return []bad{
		{"MatroskaThatEndsWithinItsHeaders", "merged-plain.mkv", cutTo(2), library.ErrIncomplete, "in the middle of a header"},
		{"MatroskaThatEndsWithinTheFilm", "merged-plain.mkv", cutTo(60), nil, missingEnd},
		{"MatroskaThatIsStillWritten", "mkv-live.mkv", cutTo(60), nil, "never finished"},
		{"MatroskaThatIsDamaged", "merged-plain.mkv", overwritten(60, 0xff), library.ErrMalformed, "does not tell its size"},
		{"MP4ThatEndsWithinItsHeaders", "fast-h264-aac.mp4", cutTo(3), library.ErrIncomplete, "before its first headers do"},
		{"MP4ThatEndsWithinTheFilm", "fast-h264-aac.mp4", cutTo(60), nil, missingEnd},
		{"MP4ThatIsStillWritten", "mp4-h264-aac.mp4", cutTo(60), library.ErrIncomplete, unfinished},
		{"MP4ThatIsDamaged", "fast-h264-aac.mp4", overwritten(60, 0xff), library.ErrMalformed, "claims"},
		{"MP4WhoseHeadersAreZeros", "fast-h264-aac.mp4", overwritten(60, 0), library.ErrMalformed, "no tracks"},
		{"FragmentsThatEndWithinTheFilm", "frag-h264-aac.mp4", cutTo(60), nil, missingEnd},
		{"AVIThatEndsWithinItsHeaders", "avi-mpeg4-mp3.avi", cutTo(2), library.ErrIncomplete, "within the headers"},
		{"AVIThatEndsWithinTheFilm", "avi-mpeg4-mp3.avi", cutTo(60), nil, missingEnd},
		{"AVIThatIsDamaged", "avi-mpeg4-mp3.avi", overwritten(60, 0xff), library.ErrMalformed, "longer than"},
	}
}

func TestBadFilesAreToldApart(t *testing.T) {
	dir := forged(t)
	for _, b := range badFiles() {
		t.Run(b.name, func(t *testing.T) {
			film, err := os.ReadFile(filepath.Join(dir, b.file))
			if err != nil {
				t.Fatal(err)
			}
			got, err := (&media.Prober{}).Probe(t.Context(), inMemory(string(b.spoil(film))))
			words := strings.Join(got.Warnings, "; ")
			if err != nil {
				words = err.Error()
			}
			if !errors.Is(err, b.err) || (err == nil && len(got.Tracks) == 0) || !strings.Contains(words, b.words) {
				t.Errorf("got %q (%v, %d tracks), want %q (%v)", words, err, len(got.Tracks), b.words, b.err)
			}
			if errors.Is(err, library.ErrIncomplete) && errors.Is(err, library.ErrMalformed) {
				t.Errorf("%v is both", err)
			}
		})
	}
}

// TestBadFilesWithFFprobe lets the real ffprobe give the second opinion on them.
func TestBadFilesWithFFprobe(t *testing.T) {
	dir := forged(t)
	ffprobe := media.FFprobe{Path: mediatest.NeedFFprobe(t)}
	for _, b := range badFiles() {
		if b.err == nil {
			continue
		}
		t.Run(b.name, func(t *testing.T) {
			film, err := os.ReadFile(filepath.Join(dir, b.file))
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), b.file)
			if err := os.WriteFile(path, b.spoil(film), 0o600); err != nil {
				t.Fatal(err)
			}
			asked := 0
			prober := media.Prober{Second: func(ctx context.Context, path string) (library.Media, error) {
				asked++
				return ffprobe.Probe(ctx, path)
			}}
			_, err = prober.Probe(t.Context(), content(t, path))
			if !errors.Is(err, b.err) || asked != 1 || !strings.Contains(err.Error(), "; ffprobe: ") {
				t.Errorf("asked %d times, got %v", asked, err)
			}
		})
	}
}
