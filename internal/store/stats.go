package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"vpo/internal/library"
)

// Stats is the library at a glance.
type Stats struct {
	Files       int    // catalogued, whatever their status
	Failed      int    // of these, could not be read
	Missing     int    // of these, no longer there
	Pending     int    // of these, not read so far
	Tracks      int    // of all files
	LastScanAt  string // when the newest file was scanned, as library.FormatTime has it; "" where there is none
	UncleanRuns int    // runs of the daemon that ended without a shutdown receipt, since the library was made
}

// Stats counts what the library holds. It reads indices alone, some milliseconds for a hundred thousand files.
func (db *DB) Stats(ctx context.Context) (Stats, error) {
	tx, err := db.reader().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Stats{}, fmt.Errorf("count library: %w", explain(db.path, err))
	}
	defer tx.Rollback()
	s, err := stats(ctx, tx)
	if err != nil {
		return Stats{}, fmt.Errorf("count library: %w", explain(db.path, err))
	}
	return s, nil
}

func stats(ctx context.Context, tx *sql.Tx) (s Stats, err error) {
	if err := s.countFiles(ctx, tx); err != nil {
		return s, err
	}
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM tracks`).Scan(&s.Tracks); err != nil {
		return s, err
	}
	err = tx.QueryRowContext(ctx, `SELECT CAST(value AS INTEGER) FROM _meta WHERE key = 'vpod_unclean_runs'`).
		Scan(&s.UncleanRuns)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return s, err
}

func (s *Stats) countFiles(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT scan_status, count(*), max(scanned_at) FROM files GROUP BY scan_status`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var status library.Status
		var count int
		var newest string
		if err := rows.Scan(&status, &count, &newest); err != nil {
			return err
		}
		s.add(status, count, newest)
	}
	return rows.Err()
}

func (s *Stats) add(status library.Status, count int, newest string) {
	s.Files += count
	s.LastScanAt = max(s.LastScanAt, newest) // this form of a time sorts like the time
	switch status {
	case library.StatusError:
		s.Failed += count
	case library.StatusMissing:
		s.Missing += count
	case library.StatusPending:
		s.Pending += count
	}
}
