package store

import (
	"database/sql"
	"path/filepath"
	"testing"

	"vpo/internal/library"
)

// TestReuniteBesideAnotherScan is about a scan that ends before another one that runs at the same time.
func TestReuniteBesideAnotherScan(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	var scans [2]*DB
	save := func(db *DB, path string) {
		t.Helper()
		f := library.File{Path: path, Directory: filepath.Dir(path), Status: library.StatusOK, ContentHash: "same"}
		if err := db.Save(t.Context(), library.Batch{Files: []library.File{f}}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range scans {
		db, err := Create(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		scans[i] = db
	}
	save(scans[0], "/m/a.mkv")
	save(scans[1], "/n/a.mkv")
	if err := scans[0].Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if moves, err := scans[1].Reunite(t.Context(), []int64{1}); err != nil || len(moves) != 1 {
		t.Errorf("%v, %v", moves, err)
	}
}

// TestJoin is about two scans that find the same file moved.
func TestJoin(t *testing.T) {
	db, err := Create(t.Context(), filepath.Join(t.TempDir(), "library.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, path := range []string{"/m/a.mkv", "/n/a.mkv"} {
		f := library.File{Path: path, Directory: filepath.Dir(path), Status: library.StatusOK, ContentHash: "same"}
		if err := db.Save(t.Context(), library.Batch{Files: []library.File{f}}); err != nil {
			t.Fatal(err)
		}
	}
	pairs, err := db.pairs(t.Context(), []int64{1})
	if err != nil || len(pairs) != 1 {
		t.Fatalf("%v, %v", pairs, err)
	}
	for _, want := range []int{1, 0} { // the second one comes too late
		err := db.write(t.Context(), "test", func(tx *sql.Tx) error {
			joined, err := joinAll(t.Context(), tx, pairs)
			if len(joined) != want {
				t.Errorf("%d joined, want %d", len(joined), want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
