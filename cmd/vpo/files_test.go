package main

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	_ "modernc.org/sqlite" // the other process that a test plays
)

// withoutFlag takes a flag and its value off the command line again.
func withoutFlag(name string) option {
	return func(cmd *exec.Cmd) {
		if i := slices.Index(cmd.Args, name); i >= 0 {
			cmd.Args = slices.Delete(cmd.Args, i, i+2)
		}
	}
}

func writeFile(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	overwrite(t, path, content)
	return path
}

func overwrite(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func wantContent(t testing.TB, path, want string) {
	t.Helper()
	if readFile(t, path) != want {
		t.Errorf("%s was changed", path)
	}
}

func wantNoFile(t testing.TB, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s exists (%v)", path, err)
	}
}

// openDatabase is another process's connection to the database: the test's own.
func openDatabase(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=rw&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// execute runs statements in the database and leaves everything in the one file.
func execute(t testing.TB, path string, statements ...string) {
	t.Helper()
	db := openDatabase(t, path)
	for _, statement := range append(statements, "PRAGMA wal_checkpoint(TRUNCATE)") {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// lock takes a lock on the database and returns what releases it.
func lock(t testing.TB, path, begin string) (release func()) {
	t.Helper()
	db := openDatabase(t, path)
	if _, err := db.ExecContext(t.Context(), begin); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// forNobody is a copy of a database, in a folder, that the user nobody may use.
func forNobody(t testing.TB, db string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "vpo-nobody-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "library.db")
	overwrite(t, path, readFile(t, db))
	for _, name := range []string{dir, path} {
		if err := os.Chown(name, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	return path
}
