package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vpo/internal/config"
	"vpo/internal/library"
	"vpo/internal/media/mediatest"
)

// reading is a reader that says the same of every file, and notes what it was given.
func reading(m library.Media, err error, given *library.Content) readFunc {
	return func(_ context.Context, file library.Content) (library.Media, error) {
		*given = file
		return m, err
	}
}

func TestInspectOpens(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(path("empty.mkv"), nil, 0o600))
	must(os.WriteFile(path("film.mkv"), []byte("film"), 0o600))
	must(os.Symlink(path("film.mkv"), path("link.mkv")))
	must(syscall.Mkfifo(path("fifo.mkv"), 0o600))

	for name, test := range map[string]struct{ file, want string }{
		"NothingIsRefused":   {"nothing.mkv", "there is no such file"},
		"AFolderIsRefused":   {".", "this is a folder; inspect takes one file, 'vpo scan' takes folders"},
		"AnEmptyFileIsNone":  {"empty.mkv", "the file is empty"},
		"AFIFOIsNotWaitedOn": {"fifo.mkv", "this is not a regular file"},
		"AFileBelowAFile":    {"film.mkv/film.mkv", "not a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			var given library.Content
			_, err := inspect(t.Context(), path(test.file), reading(library.Media{}, nil, &given))
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Count(err.Error(), dir) != 1 {
				t.Errorf("got %v", err)
			}
			if given.Path != "" {
				t.Error("it was read")
			}
		})
	}
	t.Run("ALinkToAFileIsReadUnderItsName", func(t *testing.T) {
		var given library.Content
		got, err := inspect(t.Context(), path("link.mkv"), reading(library.Media{DurationSeconds: 5}, nil, &given))
		if err != nil || got.Path != path("link.mkv") || got.SizeBytes != 4 || got.Media.DurationSeconds != 5 || given.Size != 4 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestInspectSaysWhatToDo(t *testing.T) {
	film := filepath.Join(t.TempDir(), "film.mkv")
	if err := os.WriteFile(film, []byte("film"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"OfAFileThatIsCutShort":   {library.ErrIncomplete, "copy it again, or wait"},
		"OfADamagedFile":          {library.ErrMalformed, "copy it again from where it came"},
		"WhereNobodyCanBeAsked":   {library.ErrProberUnavailable, "the package ffmpeg is installed"},
		"OfWhatIsPerhapsNoVideo":  {errors.New("invalid data"), "is it a video?"},
		"OfNothingIfInterrupted":  {context.Canceled, ""},
		"OfAnUnreadableDiskAlike": {syscall.EIO, "the disk"},
	} {
		t.Run(name, func(t *testing.T) {
			var given library.Content
			_, err := inspect(t.Context(), film, reading(library.Media{}, test.err, &given))
			if !errors.Is(err, test.err) {
				t.Fatalf("got %v", err)
			}
			if _, hint, _ := strings.Cut(err.Error(), "\n"); !strings.Contains(hint, test.want) || (test.want == "") != (hint == "") {
				t.Errorf("the hint is %q", hint)
			}
		})
	}
}

func TestCompareReaders(t *testing.T) {
	settings := &config.Settings{}
	t.Run("WithoutFFprobeSaysWhatToInstall", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if _, err := CompareReaders(t.Context(), settings, "film.mkv"); err == nil || !strings.Contains(err.Error(), "install the package ffmpeg") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ReadsTheFileTwice", func(t *testing.T) {
		mediatest.NeedFFprobe(t)
		film := filepath.Join("..", "..", "testdata", "library", "Films", "Harbour Lights (2019)", "Harbour Lights (2019).mp4")
		got, err := CompareReaders(t.Context(), settings, film)
		if err != nil || len(got.Second.Tracks) != 2 || len(got.Media.Tracks) != 2 || got.Second.Reader != library.ReaderFFprobe {
			t.Errorf("got %+v, %v", got, err)
		}
		if want := library.Differences(got.Media, got.Second); len(want) != len(got.Differences) {
			t.Errorf("%d differences, want %v", len(got.Differences), want)
		}
	})
}
