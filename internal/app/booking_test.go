package app

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"vpo/internal/store"
)

func TestNote(t *testing.T) {
	written := store.Run{ID: 7, PID: 8, Clean: true, Receipt: []byte("{}")}
	readsBack := func(t *testing.T, library string) {
		t.Helper()
		run, err := readNote(library + noteSuffix)
		if err != nil || run.ID != written.ID || run.PID != written.PID || !run.Clean {
			t.Errorf("got %+v, %v", run, err)
		}
	}

	t.Run("DoesNotFollowALink", func(t *testing.T) {
		library, other := filepath.Join(t.TempDir(), "library.db"), filepath.Join(t.TempDir(), "other")
		if err := os.WriteFile(other, []byte(`{"ID":7}`), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(other, library+noteSuffix); err != nil {
			t.Fatal(err)
		}
		if run, err := readNote(library + noteSuffix); err == nil {
			t.Errorf("read %+v by a link", run)
		}
		if err := (&database{path: library, run: written}).writeNote(); err != nil {
			t.Error(err)
		}
		readsBack(t, library)
		if content, err := os.ReadFile(other); err != nil || string(content) != `{"ID":7}` {
			t.Errorf("what the link led to is %q, %v", content, err)
		}
	})
	t.Run("DoesNotWaitForAPipe", func(t *testing.T) {
		library := filepath.Join(t.TempDir(), "library.db")
		if err := syscall.Mkfifo(library+noteSuffix, 0o600); err != nil {
			t.Fatal(err)
		}
		if run, err := readNote(library + noteSuffix); err == nil {
			t.Errorf("read %+v from a pipe", run)
		}
		if err := (&database{path: library, run: written}).writeNote(); err != nil {
			t.Error(err)
		}
		readsBack(t, library)
	})
	t.Run("ReplacesAnOlderOne", func(t *testing.T) {
		library := filepath.Join(t.TempDir(), "library.db")
		if err := os.WriteFile(library+noteSuffix, make([]byte, 2*maxNote), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := (&database{path: library, run: written}).writeNote(); err != nil {
			t.Error(err)
		}
		readsBack(t, library)
	})
}
