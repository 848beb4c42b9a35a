package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"syscall"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"

	"vpo/internal/library"
)

func TestResultCodesOfSQLiteAreToldApart(t *testing.T) {
	for code, want := range map[int]library.Fault{
		sqlite3.SQLITE_BUSY:                library.FaultLocked,
		sqlite3.SQLITE_BUSY_RECOVERY:       library.FaultLocked,
		sqlite3.SQLITE_BUSY_SNAPSHOT:       library.FaultLocked,
		sqlite3.SQLITE_BUSY_TIMEOUT:        library.FaultLocked,
		sqlite3.SQLITE_LOCKED:              library.FaultLocked,
		sqlite3.SQLITE_LOCKED_SHAREDCACHE:  library.FaultLocked,
		sqlite3.SQLITE_PROTOCOL:            library.FaultLocked,
		sqlite3.SQLITE_READONLY:            library.FaultReadOnly,
		sqlite3.SQLITE_READONLY_RECOVERY:   library.FaultReadOnly,
		sqlite3.SQLITE_READONLY_ROLLBACK:   library.FaultReadOnly,
		sqlite3.SQLITE_READONLY_DIRECTORY:  library.FaultReadOnly,
		sqlite3.SQLITE_READONLY_CANTINIT:   library.FaultReadOnly,
		sqlite3.SQLITE_READONLY_CANTLOCK:   library.FaultUnreadable,
		sqlite3.SQLITE_READONLY_DBMOVED:    library.FaultReplaced,
		sqlite3.SQLITE_FULL:                library.FaultDiskFull,
		sqlite3.SQLITE_IOERR_SHMSIZE:       library.FaultDiskFull,
		sqlite3.SQLITE_IOERR:               library.FaultIO,
		sqlite3.SQLITE_IOERR_READ:          library.FaultIO,
		sqlite3.SQLITE_IOERR_WRITE:         library.FaultIO,
		sqlite3.SQLITE_IOERR_FSYNC:         library.FaultIO,
		sqlite3.SQLITE_IOERR_IN_PAGE:       library.FaultIO,
		sqlite3.SQLITE_IOERR_SHMOPEN:       library.FaultUnreadable,
		sqlite3.SQLITE_IOERR_SHORT_READ:    library.FaultTruncated,
		sqlite3.SQLITE_IOERR_CORRUPTFS:     library.FaultDamaged,
		sqlite3.SQLITE_IOERR_DATA:          library.FaultDamaged,
		sqlite3.SQLITE_IOERR_NOMEM:         library.FaultUnknown,
		sqlite3.SQLITE_CORRUPT:             library.FaultDamaged,
		sqlite3.SQLITE_CORRUPT_INDEX:       library.FaultDamaged,
		sqlite3.SQLITE_NOTADB:              library.FaultNotDatabase,
		sqlite3.SQLITE_FORMAT:              library.FaultNotDatabase,
		sqlite3.SQLITE_CANTOPEN:            library.FaultUnreadable,
		sqlite3.SQLITE_CANTOPEN_ISDIR:      library.FaultUnreadable,
		sqlite3.SQLITE_PERM:                library.FaultUnreadable,
		sqlite3.SQLITE_INTERRUPT:           library.FaultHung,
		sqlite3.SQLITE_ERROR:               library.FaultUnknown,
		sqlite3.SQLITE_NOMEM:               library.FaultUnknown,
		sqlite3.SQLITE_MISUSE:              library.FaultUnknown,
		sqlite3.SQLITE_CONSTRAINT_NOTNULL:  library.FaultUnknown,
		sqlite3.SQLITE_TOOBIG:              library.FaultUnknown,
		sqlite3.SQLITE_CONSTRAINT_UNIQUE:   library.FaultUnknown,
		sqlite3.SQLITE_IOERR_DELETE_NOENT:  library.FaultIO,
		sqlite3.SQLITE_CANTOPEN_NOTEMPDIR:  library.FaultUnreadable,
		sqlite3.SQLITE_BUSY | (77 << 8):    library.FaultLocked, // an extended code of the future
		sqlite3.SQLITE_CORRUPT | (77 << 8): library.FaultDamaged,
	} {
		if got := codeFault(code); got != want {
			t.Errorf("code %d: %q, want %q", code, got, want)
		}
	}
}

func TestOtherErrorsAreToldApart(t *testing.T) {
	path := func(err error) error { return &fs.PathError{Op: "stat", Path: "/x", Err: err} }
	for _, test := range []struct {
		err  error
		want library.Fault
	}{
		{nil, library.FaultNone},
		{errors.New("odd"), library.FaultUnknown},
		{path(syscall.ENOENT), library.FaultGone},
		{path(syscall.ENOTDIR), library.FaultGone},
		{path(syscall.EACCES), library.FaultUnreadable},
		{path(syscall.EPERM), library.FaultUnreadable},
		{path(syscall.ELOOP), library.FaultUnreadable},
		{path(syscall.EROFS), library.FaultReadOnly},
		{path(syscall.ENOSPC), library.FaultDiskFull},
		{path(syscall.EDQUOT), library.FaultDiskFull},
		{path(syscall.EIO), library.FaultIO},
		{path(syscall.ESTALE), library.FaultIO},
		{path(syscall.EMFILE), library.FaultUnknown},
		{context.DeadlineExceeded, library.FaultHung},
		{fmt.Errorf("x: %w", context.Canceled), library.FaultHung},
		{found(library.FaultReadOnly, path(syscall.EACCES)), library.FaultReadOnly},
		{fmt.Errorf("x: %w", found(library.FaultForeign, errors.New("y"))), library.FaultForeign},
	} {
		if got := classify(test.err); got != test.want {
			t.Errorf("%v: %q, want %q", test.err, got, test.want)
		}
	}
}

func TestRoomIsMeasured(t *testing.T) {
	if err := checkRoom(t.TempDir(), 1<<62); classify(err) != library.FaultDiskFull {
		t.Errorf("room for 4 EiB: %v", err)
	}
	if err := checkRoom(t.TempDir(), 0); err != nil {
		t.Error(err)
	}
	if err := checkRoom(t.TempDir()+"/none", 0); classify(err) != library.FaultGone {
		t.Errorf("no such folder: %v", err)
	}
}

func TestEveryFaultSaysWhatToDo(t *testing.T) {
	faults := []library.Fault{library.FaultLocked, library.FaultGone, library.FaultReplaced, library.FaultTruncated,
		library.FaultNotDatabase, library.FaultForeign, library.FaultNewer, library.FaultDamaged,
		library.FaultUnreadable, library.FaultReadOnly, library.FaultDiskFull, library.FaultIO}
	for _, fault := range faults {
		text := explain("/x/library.db", found(fault, errors.New("inside"))).Error()
		if !strings.Contains(text, "/x/library.db: ") || !strings.HasPrefix(text, string(fault)) {
			t.Errorf("%q", text)
		}
	}
}

func TestConnectionsHaveTheirPragmas(t *testing.T) {
	db, err := Create(t.Context(), t.TempDir()+"/library.db", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h := db.cur.Load()
	for _, test := range []struct {
		pool   querier
		pragma string
		want   string
	}{
		{h.writer, "busy_timeout", "5000"}, {h.writer, "foreign_keys", "1"}, {h.writer, "synchronous", "1"},
		{h.writer, "journal_mode", "wal"}, {h.writer, "temp_store", "2"}, {h.writer, "cache_size", "-8192"},
		{h.reader, "busy_timeout", "250"}, {h.reader, "query_only", "1"},
		{h.locker, "busy_timeout", "150"}, {h.fresh, "busy_timeout", "150"},
	} {
		var got string
		if err := test.pool.QueryRowContext(t.Context(), "PRAGMA "+test.pragma).Scan(&got); err != nil || got != test.want {
			t.Errorf("%s: %q, %v, want %q", test.pragma, got, err, test.want)
		}
	}
}

func TestNoConnectionMayCreateAFile(t *testing.T) {
	for _, dsn := range []string{writerDSN("/a?mode=rwc", 0), readerDSN("/a", true), readerDSN("/a", false),
		probeDSN("/a", 0), copyDSN("/a")} {
		u, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		if mode := u.Query()["mode"]; len(mode) != 1 || (mode[0] != "ro" && mode[0] != "rw") {
			t.Errorf("%s: mode %q", dsn, mode)
		}
	}
}
