package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vpo/internal/library"
)

// Options are the tunables of a library. The zero value is ready for use.
type Options struct {
	// Logger takes what happens to the file: updates, backups. Default: none.
	Logger *slog.Logger
	// LockWait is how long opening and writing wait for a lock of another process. Default: 5 s.
	LockWait time.Duration
	// ProbeWait is how long a check waits for the write lock before it says that the library is locked.
	// Default: 150 ms, longer than a batch of a scan holds it.
	ProbeWait time.Duration
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.LockWait <= 0 {
		o.LockWait = 5 * time.Second
	}
	if o.ProbeWait <= 0 {
		o.ProbeWait = 150 * time.Millisecond
	}
	return o
}

// DB is an open library. Its methods may be called at the same time; writes take turns.
type DB struct {
	path string
	opt  Options

	cur    atomic.Pointer[handle]
	fresh  atomic.Int64 // files with higher ids were stored since the last scan that had ended when this one began
	mu     sync.Mutex   // held by Reopen and Close
	closed bool
}

// ErrClosed is what a closed library answers.
var ErrClosed = errors.New("the library is closed")

// Open opens the library at path, and never creates a file. A library whose schema is current needs no write for that,
// so it opens while another process holds the write lock. Any other one is brought up to date first.
// Errors are of type *Error, or the context's.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if err := checkName(path); err != nil {
		return nil, explain(path, err)
	}
	return openDB(ctx, path, o, false)
}

// Create opens the library at path for a scan, and makes it where there is none: folders with mode 0700, the file with
// mode 0600, both less the umask. A library of the Python program that lacks columns which a scan writes is refused
// with ErrOldSchema.
func Create(ctx context.Context, path string, o Options) (*DB, error) {
	if err := checkName(path); err != nil {
		return nil, explain(path, err)
	}
	made, err := createFile(path)
	if err != nil {
		return nil, explain(path, fmt.Errorf("create library: %w", err))
	}
	db, err := openDB(ctx, path, o, true)
	if err != nil && made {
		removeEmpty(path)
	}
	return db, err
}

// removeEmpty takes away a file that Create has made and could not fill: an empty one would look like a library that was
// lost.
func removeEmpty(path string) {
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		_ = os.Remove(path) // the error that led here is the one to tell
	}
}

// checkName refuses what SQLite would take for something else than the name of a file.
func checkName(path string) error {
	if path == "" || path == ":memory:" || strings.HasPrefix(path, "file:") {
		return found(library.FaultNotDatabase, ErrNotFile)
	}
	return nil
}

// createFile makes an empty file at path, unless something is there; made tells. SQLite takes an empty file for an empty database.
func createFile(path string) (made bool, err error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false, nil // whatever there is, opening it tells
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, err
	}
	err = newFile(path)
	if errors.Is(err, fs.ErrExist) {
		return false, nil // another process was faster, or path is a dangling link
	}
	return err == nil, err
}

func openDB(ctx context.Context, path string, o Options, scan bool) (*DB, error) {
	db := &DB{path: path, opt: o.withDefaults()}
	h, err := db.open(ctx, scan)
	if err != nil {
		return nil, explain(path, err)
	}
	db.cur.Store(h)
	if scan {
		if err := errors.Join(db.guard(ctx), db.readFresh(ctx)); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, nil
}

// open makes a handle on the file that is at the path now, checks that it is a library, and brings it up to date.
func (db *DB) open(ctx context.Context, scan bool) (*handle, error) {
	h, err := newHandle(db.path, db.opt)
	if err != nil {
		return nil, err
	}
	if err := db.prepare(ctx, h, scan); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// refuseEmpty refuses an empty file, except where a library is to be made in it. A log beside it tells of a library that
// was cut off: SQLite would remove that log.
func refuseEmpty(h *handle, scan bool) error {
	_, size, err := stat(h.real)
	if err != nil {
		return err
	}
	if _, wal := statSide(h.real + "-wal"); size > 0 || (scan && wal == 0) {
		return nil
	}
	return found(library.FaultNotDatabase, errors.New("its size is 0"))
}

func (db *DB) prepare(ctx context.Context, h *handle, scan bool) error {
	id, steps, err := db.examine(ctx, h, scan)
	if err != nil {
		return err
	}
	if id.own < len(steps) {
		if err := db.migrate(ctx, h, steps); err != nil {
			return fmt.Errorf("update the library: %w", err)
		}
	}
	return db.settle(ctx, h)
}

// examine reads whose library the file is, and refuses what this program must not touch. It writes nothing.
func (db *DB) examine(ctx context.Context, h *handle, scan bool) (id identity, steps []step, err error) {
	if err := refuseEmpty(h, scan); err != nil {
		return id, nil, err
	}
	if steps, err = loadSteps(); err != nil {
		return id, nil, err
	}
	if id, err = h.identify(ctx, db.opt.LockWait); err != nil {
		return id, nil, err
	}
	if err := id.known(len(steps)); err != nil {
		return id, nil, err
	}
	return id, steps, admit(ctx, h, id, scan)
}

// admit refuses databases that are fit for neither use.
func admit(ctx context.Context, h *handle, id identity, scan bool) error {
	switch {
	case id.empty && scan:
		return nil
	case id.empty:
		return found(library.FaultForeign, errors.New("it has no tables"))
	case scan:
		return checkColumns(ctx, h.reader, id)
	default:
		return nil
	}
}

// settle ends the preparation: WAL mode, and what the checks compare with later.
func (db *DB) settle(ctx context.Context, h *handle) error {
	if err := h.enableWAL(ctx); err != nil {
		db.opt.Logger.Warn("library is not in WAL mode, readers and writers wait for each other",
			"path", db.path, "error", err)
	}
	id, err := h.identify(ctx, db.opt.LockWait)
	if err != nil {
		return err
	}
	h.library = id
	if h.kept, err = h.reader.Conn(ctx); err != nil {
		return err
	}
	h.remember()
	size, err := h.verify()
	h.size.Store(size)
	return err
}

// Path is the path that the library was opened by.
func (db *DB) Path() string { return db.path }

// Reopen takes over the file that is at the path now, after another one was put there or the log beside it was removed.
// Where that fails, the DB goes on as it was, and Reopen may be called again.
func (db *DB) Reopen(ctx context.Context) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return ErrClosed
	}
	old := db.cur.Load()
	if err := db.detach(ctx, old); err != nil {
		return explain(db.path, fmt.Errorf("reopen library: %w", err))
	}
	h, err := db.open(ctx, false)
	if err != nil {
		return explain(db.path, err)
	}
	db.cur.Store(h)
	if err := old.close(); err != nil {
		db.opt.Logger.Debug("closing the replaced library", "path", db.path, "error", err)
	}
	return nil
}

// detach parts the path from the old handle. Connections of one process to one file share a lock table and a log index
// in memory, so those to the same file must all be closed before new ones are made. Another file must not meet the old
// one's log, which SQLite would take for its own.
func (db *DB) detach(ctx context.Context, old *handle) error {
	id, _, err := stat(db.path)
	if err != nil {
		return err
	}
	if id == old.file {
		return errors.Join(old.close(), old.drained(ctx))
	}
	side := old.side.Load()
	if side == nil || *side != old.sides() {
		return nil
	}
	db.opt.Logger.Warn("removing the log of the library that was replaced", "path", old.real+"-wal")
	return errors.Join(os.Remove(old.real+"-wal"), os.Remove(old.real+"-shm"))
}

// Close closes the library. It does not wait for work that is under way: end that first. Only the first call counts.
func (db *DB) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil
	}
	db.closed = true
	if err := db.cur.Load().close(); err != nil {
		return fmt.Errorf("close library: %w", err)
	}
	return nil
}

// reader is the pool of reading connections of the current file.
func (db *DB) reader() *sql.DB { return db.cur.Load().reader }

// write runs do in a write transaction, which it commits unless do fails. op names it in errors.
func (db *DB) write(ctx context.Context, op string, do func(*sql.Tx) error) error {
	if err := db.cur.Load().write(ctx, do); err != nil {
		return fmt.Errorf("%s: %w", op, explain(db.path, err))
	}
	return nil
}

func (h *handle) write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := h.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	h.writing.Add(1)
	defer h.writing.Add(-1)
	if err := do(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

// ignoreDone drops the error of rolling back a transaction that its context has rolled back already.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
