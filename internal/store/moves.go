package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"vpo/internal/library"
)

// movesAtOnce bounds the files of one transaction.
const movesAtOnce = 100

// Reunite finds files that are gone, or were found missing before, again among those that were stored since the last call
// of Settle: the same content, and of several such files the one with the same inode first, then the same name. The old row, with what other
// programs hang on it, takes over the new path, and the new row goes. A file is found again at most once.
func (db *DB) Reunite(ctx context.Context, gone []int64) ([]library.Move, error) {
	pairs, err := db.pairs(ctx, gone)
	if err != nil {
		return nil, fmt.Errorf("find moved files: %w", explain(db.path, err))
	}
	moves := make([]library.Move, 0, len(pairs))
	for len(pairs) > 0 {
		n := min(len(pairs), movesAtOnce)
		var joined []library.Move
		err := db.write(ctx, "move files", func(tx *sql.Tx) (err error) {
			joined, err = joinAll(ctx, tx, pairs[:n])
			return err
		})
		if err != nil {
			return moves, err
		}
		moves, pairs = append(moves, joined...), pairs[n:]
	}
	return moves, nil
}

// pair is a row whose file is gone, and the row of the same file at its new place.
type pair struct {
	old, fresh int64
	move       library.Move
}

// pairs lists what belongs together, each row once: the best matches first.
func (db *DB) pairs(ctx context.Context, gone []int64) ([]pair, error) {
	if len(gone) == 0 { // the usual case of a first scan, where looking at all that is new takes long
		var missing bool
		err := db.reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM files WHERE scan_status = 'missing')`).Scan(&missing)
		if err != nil || !missing {
			return nil, err
		}
	}
	ids, err := json.Marshal(append([]int64{}, gone...)) // json_each takes the null of a nil slice for a value
	if err != nil {
		return nil, err
	}
	// Rows without our stamp are another program's, which may know more of them than we do.
	rows, err := db.reader().QueryContext(ctx, `
		WITH gone AS MATERIALIZED (SELECT value AS id FROM json_each(?)),
		fresh AS MATERIALIZED (
			SELECT f.id, f.path, f.filename, f.content_hash, v.inode FROM files AS f JOIN vpod_files AS v ON v.file_id = f.id
			WHERE f.id > ?
				AND f.scan_status <> 'missing' AND f.content_hash IS NOT NULL AND f.id NOT IN (SELECT id FROM gone)),
		old AS MATERIALIZED (
			SELECT f.id, f.path, f.filename, f.content_hash, v.inode FROM files AS f LEFT JOIN vpod_files AS v ON v.file_id = f.id
			WHERE f.content_hash IN (SELECT content_hash FROM fresh)
				AND (f.id IN (SELECT id FROM gone) OR f.scan_status = 'missing'))
		SELECT 0 AS is_fresh, * FROM old
		UNION ALL SELECT 1, * FROM fresh WHERE content_hash IN (SELECT content_hash FROM old)
		ORDER BY content_hash, is_fresh, path`, string(ids), db.fresh.Load())
	if err != nil {
		return nil, err
	}
	return collectPairs(rows)
}

// collectPairs matches rows that come sorted by their content, the old ones first.
func collectPairs(rows *sql.Rows) (pairs []pair, err error) {
	defer rows.Close()
	var same contents
	for rows.Next() {
		var r twin
		var fresh bool
		if err := rows.Scan(&fresh, &r.id, &r.path, &r.name, &r.hash, &r.inode); err != nil {
			return nil, err
		}
		if r.hash != same.hash {
			pairs = append(pairs, same.match()...)
			same = contents{hash: r.hash}
		}
		if fresh {
			same.fresh = append(same.fresh, r)
		} else {
			same.old = append(same.old, r)
		}
	}
	return append(pairs, same.match()...), rows.Err()
}

// joinAll joins the pairs that are as they were when they were found: a scan that runs at the same time may have found them,
// too.
func joinAll(ctx context.Context, tx *sql.Tx, pairs []pair) (joined []library.Move, err error) {
	for _, p := range pairs {
		var rows int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM files WHERE id = ? AND path = ? OR id = ? AND path = ?`,
			p.old, p.move.From, p.fresh, p.move.To).Scan(&rows)
		if err == nil && rows < 2 {
			continue
		}
		if err == nil {
			err = p.join(ctx, tx)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.move.To, err)
		}
		joined = append(joined, p.move)
	}
	return joined, nil
}

// join gives the old row what the new one says of the file, and takes the new one away.
func (p pair) join(ctx context.Context, tx *sql.Tx) error {
	for _, query := range []string{
		// Both rows cannot have the path at once.
		`CREATE TEMP TABLE IF NOT EXISTS moved AS SELECT * FROM files WHERE 0`,
		`DELETE FROM temp.moved`,
		`INSERT INTO temp.moved SELECT * FROM files WHERE id = :fresh`,
		`INSERT OR REPLACE INTO vpod_files (file_id, device, inode, changed_at, details)
			SELECT :old, device, inode, changed_at, details FROM vpod_files WHERE file_id = :fresh`,
		`UPDATE tracks SET file_id = :old WHERE file_id = :fresh AND NOT EXISTS (SELECT 1 FROM tracks WHERE file_id = :old)`,
		`DELETE FROM files WHERE id = :fresh`,
		`UPDATE files SET (` + fileColumns + `) = (SELECT ` + fileColumns + ` FROM temp.moved) WHERE id = :old`,
	} {
		if _, err := tx.ExecContext(ctx, query, sql.Named("old", p.old), sql.Named("fresh", p.fresh)); err != nil {
			return err
		}
	}
	return nil
}
