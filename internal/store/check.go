package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vpo/internal/library"
)

// Check tells whether the library can be used now: whether its file is still in its place and may be read and written,
// whether the disk has room, whether the write lock is free, and whether the schema can be read through a connection
// that has nothing in its cache. It writes nothing, and takes a fraction of a millisecond unless the write lock is held
// elsewhere. Damage in the middle of the file shows to QuickCheck alone.
//
// It ends soon after ctx, with FaultHung, except in a system call that hangs, as one on a dead network share does.
func (db *DB) Check(ctx context.Context) library.Verdict {
	start := time.Now()
	err := db.cur.Load().check(ctx)
	end := time.Now()
	return library.Verdict{Fault: classify(err), Cause: err, At: end, Took: end.Sub(start)}
}

func (h *handle) check(ctx context.Context) error {
	size, err := h.verify()
	if err != nil {
		return err
	}
	if err := checkAccess(h.real); err != nil {
		return err
	}
	if err := checkRoom(h.real, minFree); err != nil {
		return err
	}
	ours := h.writing.Load() > 0
	err = h.checkContent(ctx)
	if classify(err) == library.FaultLocked && (ours || h.writing.Load() > 0) {
		return nil // by this program
	}
	return h.checkSize(ctx, size, err)
}

func (h *handle) checkContent(ctx context.Context) error {
	if err := h.askLock(ctx); err != nil {
		return err
	}
	c, err := h.fresh.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	id, err := readIdentity(ctx, c)
	if err != nil {
		return err
	}
	if h.side.Load() == nil {
		h.remember()
	}
	return h.compare(id)
}

// askLock takes the write lock and gives it back.
func (h *handle) askLock(ctx context.Context) error {
	tx, err := h.locker.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return tx.Rollback()
}

// compare tells whether the file still holds the library that was opened.
func (h *handle) compare(id identity) error {
	switch {
	case id.empty:
		return found(library.FaultForeign, errors.New("it has no tables"))
	case id.id != h.library.id:
		return found(library.FaultReplaced, errors.New("another library is in the file"))
	default:
		return id.known(h.library.own)
	}
}

// checkSize tells a file that was cut off, where err and size are what the check found.
func (h *handle) checkSize(ctx context.Context, size int64, err error) error {
	shrunk := size < h.size.Load()
	switch classify(err) {
	case library.FaultNone:
		if shrunk {
			if err := h.checkShrunk(ctx, size); err != nil {
				return found(library.FaultTruncated, err)
			}
		}
		h.size.Store(size)
	case library.FaultDamaged, library.FaultNotDatabase:
		if shrunk {
			return found(library.FaultTruncated, err)
		}
	}
	return err
}

// shrunkWait bounds the search for damage in a file that has become smaller.
const shrunkWait = 500 * time.Millisecond

// checkShrunk tells a file that was cut off from one that a VACUUM has made smaller. It happens once per VACUUM. Of a
// library that is too large to be read in time, the next QuickCheck tells.
func (h *handle) checkShrunk(ctx context.Context, size int64) error {
	short, cancel := context.WithTimeout(ctx, shrunkWait)
	defer cancel()
	var pages, pageSize int64
	err := h.reader.QueryRowContext(short,
		"SELECT page_count, page_size FROM pragma_page_count, pragma_page_size").Scan(&pages, &pageSize)
	if err != nil {
		return err
	}
	// In the log a page takes 24 bytes more (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
	_, log := statSide(h.real + "-wal")
	if missing := pages - size/pageSize; missing > log/(pageSize+24) {
		return fmt.Errorf("%d of %d pages are missing", missing, pages)
	}
	err = quickCheck(short, h.reader)
	if short.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

// QuickCheck reads the whole library in search of damaged pages, one table after the other. The error of a damaged one
// is a FaultDamaged. It takes about a second for each 100 MB that are in the cache of the system, and keeps nobody from
// writing.
func (db *DB) QuickCheck(ctx context.Context) error {
	if err := quickCheck(ctx, db.reader()); err != nil {
		return fmt.Errorf("check library: %w", explain(db.path, err))
	}
	return nil
}

func quickCheck(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rootpage`)
	if err != nil {
		return err
	}
	tables, err := collectStrings(rows)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := quickCheckTable(ctx, q, table); err != nil {
			return err
		}
	}
	return nil
}

// quickCheckTable checks the pages of a table and its indices.
func quickCheckTable(ctx context.Context, q querier, table string) error {
	rows, err := q.QueryContext(ctx, "SELECT quick_check FROM pragma_quick_check(?)", table)
	if err != nil {
		return err
	}
	answers, err := collectStrings(rows)
	if err != nil {
		return err
	}
	for _, answer := range answers {
		if answer != "ok" && !brokenRule(answer) {
			return found(library.FaultDamaged, fmt.Errorf("table %s: %s", table, answer))
		}
	}
	return nil
}

// brokenRule recognises the answers of quick_check about rows that break a rule of the schema. Another program may have
// stored those before the rule was made; they are not damage.
func brokenRule(answer string) bool {
	return strings.HasPrefix(answer, "NULL value in ") || strings.HasPrefix(answer, "CHECK constraint failed in ")
}
