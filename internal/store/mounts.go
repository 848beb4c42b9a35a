package store

import (
	"context"
	"database/sql"
	"fmt"

	"vpo/internal/library"
)

// Mounts gives the file systems that scans have met, by path.
// A library of the Python program that was opened for reading only may have no place for them so far.
func (db *DB) Mounts(ctx context.Context) ([]library.Mount, error) {
	if db.cur.Load().library.own == 0 {
		return nil, nil
	}
	rows, err := db.reader().QueryContext(ctx,
		`SELECT path, device, fs_type, source, last_scan_at, files FROM vpod_mounts ORDER BY path`)
	if err != nil {
		return nil, fmt.Errorf("read mounts: %w", explain(db.path, err))
	}
	mounts, err := collectMounts(rows)
	if err != nil {
		return nil, fmt.Errorf("read mounts: %w", explain(db.path, err))
	}
	return mounts, nil
}

func collectMounts(rows *sql.Rows) (mounts []library.Mount, err error) {
	defer rows.Close()
	for rows.Next() {
		var m library.Mount
		var device int64
		if err := rows.Scan(&m.Path, &device, &m.FSType, &m.Source, &m.LastScanAt, &m.Files); err != nil {
			return nil, err
		}
		m.Device = uint64(device)
		mounts = append(mounts, m)
	}
	return mounts, rows.Err()
}

// SaveMount stores a mount, in place of what was known of its path.
func (db *DB) SaveMount(ctx context.Context, m library.Mount) error {
	return db.write(ctx, "save mount", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO vpod_mounts
			(path, device, fs_type, source, last_scan_at, files) VALUES (?, ?, ?, ?, ?, ?)`,
			m.Path, int64(m.Device), clean(m.FSType), clean(m.Source), m.LastScanAt, m.Files)
		return err
	})
}
