package doctor

import (
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	_ "modernc.org/sqlite"
)

func TestLock(t *testing.T) {
	const check = "database lock"
	for _, mode := range []string{"WAL", "DELETE"} {
		t.Run("TheProcessThatHoldsItIsNamed/"+mode, func(t *testing.T) {
			w := newWorld(t)
			db := openSQLite(t, w.set.DatabasePath, mode)
			w.want(check, Pass, "free")
			execute(t, db, "BEGIN IMMEDIATE")
			w.want(check, Fail, "(process "+strconv.Itoa(os.Getpid())+")", "kill "+strconv.Itoa(os.Getpid()))
			execute(t, db, "ROLLBACK")
			w.want(check, Pass, "free")
		})
	}
	t.Run("AReaderIsNoWriter", func(t *testing.T) {
		w := newWorld(t)
		db := openSQLite(t, w.set.DatabasePath, "WAL")
		execute(t, db, "BEGIN; SELECT * FROM t")
		w.want(check, Pass, "free")
		execute(t, db, "ROLLBACK")
	})
	t.Run("ALockOfAnotherFileIsNone", func(t *testing.T) {
		w := newWorld(t)
		db := openSQLite(t, filepath.Join(w.dir, "other.db"), "WAL")
		execute(t, db, "BEGIN IMMEDIATE")
		w.want(check, Pass, "free")
		execute(t, db, "ROLLBACK")
	})
	t.Run("WithoutTheKernelsListNothingIsSaid", func(t *testing.T) {
		w := newWorld(t)
		w.config.Machine.Locks = filepath.Join(w.dir, "not there")
		w.want(check, Pass, "free")
	})
}

// openSQLite makes a database in the way of another program, with one connection.
func openSQLite(t *testing.T, path, mode string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	execute(t, db, "PRAGMA journal_mode = "+mode)
	execute(t, db, "CREATE TABLE t (x)")
	return db
}

func execute(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func TestWriteLock(t *testing.T) {
	inodes := map[uint64]bool{7: false, 8: true}
	for line, want := range map[string]int{
		"1: POSIX  ADVISORY  WRITE 5433 08:01:8 120 120":               5433,
		"1: POSIX  ADVISORY  WRITE 5433 08:01:7 1073741825 1073741825": 5433,
		"1: POSIX  ADVISORY  WRITE -1 08:01:8 120 120":                 -1,
		"1: POSIX  ADVISORY  WRITE 0 08:01:8 120 120":                  -1,
		"1: POSIX  ADVISORY  READ  5433 08:01:8 120 120":               0,
		"1: POSIX  ADVISORY  WRITE 5433 08:01:8 123 123":               0,
		"1: POSIX  ADVISORY  WRITE 5433 08:01:9 120 120":               0,
		"1: -> POSIX  ADVISORY  WRITE 5433 08:01:8 120 120":            0,
		"1: FLOCK  ADVISORY  WRITE 5433 08:01:7 0 EOF":                 0,
		"": 0,
	} {
		if got := writeLock(line, inodes); got != want {
			t.Errorf("%q is held by %d, want %d", line, got, want)
		}
	}
}
