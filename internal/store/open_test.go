package store_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vpo/internal/library"
	"vpo/internal/store"
)

// wantRefused opens path, and asks for a fault, a text, and a folder that is as it was.
func wantRefused(t *testing.T, path string, fault library.Fault, text string) error {
	t.Helper()
	before := contents(t, filepath.Dir(path))
	_, err := open(t, path)
	if err == nil {
		t.Fatal("it was opened")
	}
	var got library.Fault
	if fault != "" && (!errors.As(err, &got) || got != fault) {
		t.Errorf("fault %q in %v, want %q", got, err, fault)
	}
	if !strings.Contains(err.Error(), text) {
		t.Errorf("error %q does not say %q", err, text)
	}
	if !strings.Contains(err.Error(), path) {
		t.Errorf("error %q does not name the path", err)
	}
	if after := contents(t, filepath.Dir(path)); !slices.Equal(before, after) {
		t.Errorf("the folder was %q, is %q", before, after)
	}
	return err
}

// contents gives the names and contents of a folder.
func contents(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		body, _ := os.ReadFile(filepath.Join(folder, e.Name()))
		all = append(all, e.Name(), string(body))
	}
	return all
}

func TestOpenRefuses(t *testing.T) {
	path := func(t *testing.T) string { return filepath.Join(t.TempDir(), "library.db") }

	t.Run("NothingThere", func(t *testing.T) {
		err := wantRefused(t, path(t), library.FaultGone, "run `vpo scan /path/to/media` first")
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%v is not ErrNotFound", err)
		}
	})
	t.Run("NoFolderThere", func(t *testing.T) {
		wantRefused(t, filepath.Join(t.TempDir(), "none", "library.db"), library.FaultGone, "vpo scan")
	})
	t.Run("AFolder", func(t *testing.T) {
		if err := wantRefused(t, t.TempDir(), "", "not a regular file"); !errors.Is(err, store.ErrNotFile) {
			t.Errorf("%v is not ErrNotFile", err)
		}
	})
	t.Run("AnInMemoryName", func(t *testing.T) {
		for _, name := range []string{":memory:", "file:library.db?mode=memory"} {
			t.Chdir(t.TempDir())
			wantRefused(t, name, "", "not a regular file")
			if _, err := store.Create(t.Context(), name, quick); !errors.Is(err, store.ErrNotFile) {
				t.Errorf("Create: %v", err)
			}
		}
	})
	t.Run("AnEmptyFile", func(t *testing.T) {
		p := path(t)
		writeFile(t, p, "")
		wantRefused(t, p, library.FaultNotDatabase, "not a database")
	})
	t.Run("AnEmptyFileWithALog", func(t *testing.T) {
		p := path(t)
		writeFile(t, p, "")
		writeFile(t, p+"-wal", "a log that SQLite would remove")
		wantRefused(t, p, library.FaultNotDatabase, "not a database")
		if _, err := store.Create(t.Context(), p, quick); err == nil {
			t.Error("Create took it")
		}
	})
	t.Run("AText", func(t *testing.T) {
		p := path(t)
		writeFile(t, p, strings.Repeat("all work and no play\n", 1000))
		wantRefused(t, p, library.FaultNotDatabase, "not a database")
	})
	t.Run("AShortText", func(t *testing.T) {
		p := path(t)
		writeFile(t, p, "hello")
		wantRefused(t, p, library.FaultNotDatabase, "not a database")
	})
	t.Run("AForeignDatabase", func(t *testing.T) {
		p := path(t)
		run(t, p, "CREATE TABLE files (id); CREATE TABLE bookmarks (id)")
		wantRefused(t, p, library.FaultForeign, "not a vpo library")
	})
	t.Run("ADatabaseWithoutTables", func(t *testing.T) {
		p := path(t)
		run(t, p, "CREATE TABLE t (id); DROP TABLE t")
		wantRefused(t, p, library.FaultForeign, "no tables")
	})
	t.Run("ANewerLibrary", func(t *testing.T) {
		p := made(t)
		run(t, p, "UPDATE _meta SET value = '999' WHERE key = 'vpod_schema_version'")
		wantRefused(t, p, library.FaultNewer, "update vpo")
	})
	t.Run("ANewerLibraryOfThePythonProgram", func(t *testing.T) {
		p := made(t)
		run(t, p, "INSERT INTO _meta VALUES ('schema_version', '28')")
		wantRefused(t, p, library.FaultNewer, "28")
	})
	t.Run("AnUnreadableVersion", func(t *testing.T) {
		p := made(t)
		run(t, p, "UPDATE _meta SET value = 'x' WHERE key = 'vpod_schema_version'")
		wantRefused(t, p, library.FaultForeign, `"x"`)
	})
	t.Run("ANewerLibraryWithALogOfACrash", func(t *testing.T) {
		p := crashed(t, "UPDATE _meta SET value = '999' WHERE key = 'vpod_schema_version'")
		before := contents(t, filepath.Dir(p))
		_, err := open(t, p)
		if fault := faultOf(err); fault != library.FaultNewer {
			t.Fatalf("fault %q in %v", fault, err)
		}
		after := contents(t, filepath.Dir(p))
		// The index of the log is rebuilt in a recovery; the library and its log must stay.
		if !slices.Equal(before[:2], after[:2]) || !slices.Equal(before[4:], after[4:]) {
			t.Error("the library or its log was changed")
		}
	})
}

func faultOf(err error) library.Fault {
	fault, _ := errors.AsType[library.Fault](err)
	return fault
}

func writeFile(t *testing.T, path, body string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

// made is the path of a closed library.
func made(t testing.TB) string {
	t.Helper()
	db, path := create(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// crashed is the path of a library whose log still holds script, as after a crash.
func crashed(t *testing.T, script string) string {
	t.Helper()
	path := made(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "library.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		body, err := os.ReadFile(path + suffix) // no lock of this process matters here
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, copied+suffix, string(body))
	}
	return copied
}

func TestOpenNeverCreatesAFile(t *testing.T) {
	folder := t.TempDir()
	open(t, filepath.Join(folder, "library.db"))
	if got := contents(t, folder); len(got) > 0 {
		t.Errorf("it made %q", got)
	}
}

func TestOpenLeavesNothingBehindAfterClose(t *testing.T) {
	path := made(t)
	db, err := open(t, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("entries %v, %v", entries, err)
	}
}

func TestOpenWhileLocked(t *testing.T) {
	t.Run("WaitsAndSaysSoWhereItCannotBeRead", func(t *testing.T) {
		path := pythonLibrary(t, "python27.sql")
		defer lock(t, path, "BEGIN EXCLUSIVE")()
		begun := time.Now()
		_, err := open(t, path)
		if fault := faultOf(err); fault != library.FaultLocked {
			t.Errorf("fault %q in %v", fault, err)
		}
		if took := time.Since(begun); took < quick.LockWait || took > 20*time.Second {
			t.Errorf("it took %v", took)
		}
	})
	t.Run("WaitsAndSaysSoWhereItNeedsAnUpdate", func(t *testing.T) {
		path := pythonLibrary(t, "python27.sql")
		defer lock(t, path, "BEGIN IMMEDIATE")()
		if _, err := open(t, path); faultOf(err) != library.FaultLocked {
			t.Errorf("error %v", err)
		}
	})
	t.Run("StopsWaitingWithItsContext", func(t *testing.T) {
		path := pythonLibrary(t, "python27.sql")
		defer lock(t, path, "BEGIN EXCLUSIVE")()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		begun := time.Now()
		_, err := store.Open(ctx, path, store.Options{LockWait: time.Minute})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("it took %v", took)
		}
	})
	t.Run("NeedsNoWriteWhereTheSchemaIsCurrent", func(t *testing.T) {
		path := made(t)
		release := lock(t, path, "BEGIN IMMEDIATE")
		db, err := open(t, path)
		if err != nil {
			t.Fatal(err)
		}
		if v := db.Check(t.Context()); v.Fault != library.FaultLocked {
			t.Errorf("verdict %+v while locked", v)
		}
		release()
		if v := db.Check(t.Context()); !v.OK() {
			t.Errorf("verdict %+v after the release", v)
		}
	})
	t.Run("GoesOnWhenTheLockIsReleased", func(t *testing.T) {
		path := pythonLibrary(t, "python27.sql")
		release := lock(t, path, "BEGIN EXCLUSIVE")
		opened := make(chan error)
		go func() {
			db, err := store.Open(t.Context(), path, store.Options{LockWait: time.Minute})
			if err == nil {
				err = db.Close()
			}
			opened <- err
		}()
		release()
		if err := <-opened; err != nil {
			t.Error(err)
		}
	})
}

func TestOpenTakesOddPaths(t *testing.T) {
	for _, name := range []string{"a b", "100%", "%41", "what?mode=memory", "a#b", "é日本", "a&b=c;d", "it's", `a"b`, ":x"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name, name+".db")
			db, err := store.Create(t.Context(), path, quick)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := db.Save(t.Context(), batchOf(file("/m/a.mkv", 1))); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(path); err != nil {
				t.Error(err)
			}
			if v := db.Check(t.Context()); !v.OK() {
				t.Errorf("verdict %+v", v)
			}
			if err := db.Backup(t.Context(), path+" copy"); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("RelativeAndThroughALink", func(t *testing.T) {
		path := made(t)
		t.Chdir(t.TempDir())
		if err := os.Symlink(path, "link.db"); err != nil {
			t.Fatal(err)
		}
		db, err := open(t, "link.db")
		if err != nil {
			t.Fatal(err)
		}
		if v := db.Check(t.Context()); !v.OK() {
			t.Errorf("verdict %+v", v)
		}
		if got := contents(t, "."); got[0] != "link.db" || len(got) != 2 {
			t.Errorf("beside the link there is %q", got)
		}
	})
}

func TestCreate(t *testing.T) {
	t.Run("MakesFoldersAndFileForTheUserAlone", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a", "b", "library.db")
		db, err := store.Create(t.Context(), path, quick)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for name, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700 | fs.ModeDir} {
			if info, err := os.Stat(name); err != nil || info.Mode() != want {
				t.Errorf("%s: mode %v, %v, want %v", name, info.Mode(), err, want)
			}
		}
	})
	t.Run("UsesWALAndLeavesThePythonVersionOut", func(t *testing.T) {
		path := made(t)
		if got := raw(t, path, "PRAGMA journal_mode"); got[0] != "wal" {
			t.Errorf("journal mode %q", got)
		}
		got := raw(t, path, "SELECT key FROM _meta ORDER BY key")
		if want := []string{"vpod_library_id", "vpod_schema_version"}; !slices.Equal(got, want) {
			t.Errorf("keys %q, want %q", got, want)
		}
	})
	t.Run("FillsAnEmptyFileThatAnInterruptedOneLeft", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "library.db")
		writeFile(t, path, "")
		db, err := store.Create(t.Context(), path, quick)
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
	})
	t.Run("OpensWhatIsThere", func(t *testing.T) {
		path := made(t)
		before := raw(t, path, "SELECT value FROM _meta WHERE key = 'vpod_library_id'")
		db, err := store.Create(t.Context(), path, quick)
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
		if after := raw(t, path, "SELECT value FROM _meta WHERE key = 'vpod_library_id'"); !slices.Equal(before, after) {
			t.Errorf("library %q became %q", before, after)
		}
	})
	t.Run("RefusesAText", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "library.db")
		writeFile(t, path, "hello")
		if _, err := store.Create(t.Context(), path, quick); faultOf(err) != library.FaultNotDatabase {
			t.Errorf("error %v", err)
		}
		if got := contents(t, filepath.Dir(path)); !slices.Equal(got, []string{"library.db", "hello"}) {
			t.Errorf("the folder is %q", got)
		}
	})
	t.Run("SaysWhyItCannot", func(t *testing.T) {
		parent := filepath.Join(t.TempDir(), "file")
		writeFile(t, parent, "")
		_, err := store.Create(t.Context(), filepath.Join(parent, "library.db"), quick)
		if err == nil || !strings.Contains(err.Error(), parent) {
			t.Errorf("error %v", err)
		}
	})
}
