package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"

	"vpo/internal/library"
)

// readers is the number of connections that read at the same time, beside the one that is kept.
const readers = 4

// smallestPage is the size in bytes under which nothing is an SQLite database that has tables.
const smallestPage = 512

// handle is one database file with the connections to it. It stays with its file: once another file is at the path,
// it makes no more connections.
type handle struct {
	path string // as the user gave it
	real string // with symbolic links resolved: SQLite names the files beside it after this
	file fileID

	writer *sql.DB // one connection
	reader *sql.DB
	locker *sql.DB // one connection, which asks for the write lock
	fresh  *sql.DB // makes a connection for each use

	// kept is a connection that nobody uses. Connections whose query is interrupted are closed, and when the last one is,
	// SQLite removes the log beside the library: that would look as if somebody else had.
	kept *sql.Conn

	library identity                // as it was when the handle was made
	side    atomic.Pointer[sideIDs] // nil until SQLite has made those files
	size    atomic.Int64            // of the file when it was last found good, 0 before that
	writing atomic.Int32            // write transactions that hold the lock now
}

// sideIDs are the files that SQLite keeps beside a library in WAL mode while it is open: the log and its index.
type sideIDs struct{ wal, shm fileID }

// newHandle prepares connections to the file at path, and makes none so far.
func newHandle(path string, o Options) (*handle, error) {
	target, err := locate(path)
	if err != nil {
		return nil, err
	}
	id, _, err := stat(target)
	if err != nil {
		return nil, err
	}
	h := &handle{path: path, real: target, file: id}
	_, walSize := statSide(target + "-wal")
	h.writer = h.pool(writerDSN(target, o.LockWait), 1, 1)
	h.reader = h.pool(readerDSN(target, walSize > 0), readers+1, readers+1)
	h.locker = h.pool(probeDSN(target, o.ProbeWait), 1, 1)
	h.fresh = h.pool(probeDSN(target, o.ProbeWait), 1, -1)
	return h, nil
}

func (h *handle) pool(dsn string, open, idle int) *sql.DB {
	db := sql.OpenDB(guarded{h: h, dsn: dsn})
	db.SetMaxOpenConns(open)
	db.SetMaxIdleConns(idle)
	return db
}

// guarded makes connections only while the file at the path is the handle's own. SQLite would read the log of the old
// file into another one that was put in its place, and so destroy that.
type guarded struct {
	h   *handle
	dsn string
}

func (g guarded) Connect(ctx context.Context) (driver.Conn, error) {
	if _, err := g.h.verify(); err != nil {
		return nil, err
	}
	c, err := sqlite.NewConnector(g.dsn)
	if err != nil {
		return nil, err
	}
	conn, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return newPreparing(conn)
}

func (g guarded) Driver() driver.Driver { return &sqlite.Driver{} }

// verify tells whether the handle's file, and what SQLite keeps beside it, are still what their names lead to. It
// gives the file's size.
func (h *handle) verify() (size int64, err error) {
	id, size, err := stat(h.path)
	if err != nil {
		return 0, err
	}
	if id != h.file {
		return 0, found(library.FaultReplaced, errors.New("another file is at its path"))
	}
	if size < smallestPage && h.size.Load() >= smallestPage {
		return 0, found(library.FaultTruncated, fmt.Errorf("its size is %d", size))
	}
	if want := h.side.Load(); want != nil && *want != h.sides() {
		return 0, found(library.FaultReplaced, errors.New("its write-ahead log was removed"))
	}
	return size, nil
}

func (h *handle) sides() sideIDs {
	wal, _ := statSide(h.real + "-wal")
	shm, _ := statSide(h.real + "-shm")
	return sideIDs{wal: wal, shm: shm}
}

// remember takes down the files beside the library. While a connection is open nobody else removes them in good order.
func (h *handle) remember() {
	if s := h.sides(); s.wal != (fileID{}) && s.shm != (fileID{}) {
		h.side.Store(&s)
	}
}

// identify reads whose library this is. While a lock keeps it from reading it tries again, for about the time of wait.
func (h *handle) identify(ctx context.Context, wait time.Duration) (identity, error) {
	end := time.Now().Add(wait)
	for {
		id, err := h.readIdentity(ctx)
		if classify(err) != library.FaultLocked || time.Now().After(end) {
			return id, err
		}
		select {
		case <-ctx.Done():
			return identity{}, context.Cause(ctx)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (h *handle) readIdentity(ctx context.Context) (identity, error) {
	tx, err := h.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return identity{}, err
	}
	defer tx.Rollback()
	return readIdentity(ctx, tx)
}

// journalMode is "wal" for a library in good order.
func (h *handle) journalMode(ctx context.Context) (mode string, err error) {
	err = h.reader.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode)
	return mode, err
}

// enableWAL puts the library into WAL mode, which is kept in the file. Not every file system can do it: where not, the
// library works on, with readers and writers waiting for each other.
func (h *handle) enableWAL(ctx context.Context) error {
	mode, err := h.journalMode(ctx)
	if err != nil || mode == "wal" {
		return err
	}
	if err := h.writer.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("the file system does not allow it; the mode is %q", mode)
	}
	return nil
}

// close ends all connections that are not at work; the others end with their work. The last one to end moves the log
// into the file, unless another program has the library open.
func (h *handle) close() error {
	if h.kept != nil {
		_ = h.kept.Close() // gives it back to its pool; closing twice is no harm
	}
	return errors.Join(h.reader.Close(), h.fresh.Close(), h.locker.Close(), h.writer.Close())
}

// drained waits until no connection is left after close.
func (h *handle) drained(ctx context.Context) error {
	for _, pool := range []*sql.DB{h.reader, h.fresh, h.locker, h.writer} {
		for pool.Stats().OpenConnections > 0 {
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
	return nil
}
