package store

import (
	"context"
	"database/sql"
	"fmt"

	"vpo/internal/library"
)

// ownScanTables is the version of our schema from which on vpod_dirs and vpod_files are there.
const ownScanTables = 3

// Folders gives every folder that holds files of the library to visit, and ends with its error. A fingerprint speaks for
// the rows of its folder as they are now: where another program has changed, added or deleted one of them since, there is
// none.
//
// Triggers forget the fingerprint of a folder when a row is changed or deleted. That rows were added, or replaced, which
// fires no trigger, shows in the highest id of the library, and then in number and highest id of the folder.
func (db *DB) Folders(ctx context.Context, visit func(library.Folder) error) error {
	query, err := db.foldersQuery(ctx)
	if err == nil {
		err = db.eachFolder(ctx, query, visit)
	}
	if err != nil {
		return fmt.Errorf("read folders: %w", explain(db.path, err))
	}
	return nil
}

func (db *DB) foldersQuery(ctx context.Context) (string, error) {
	const unrecorded = `SELECT directory, count(*), 0 FROM files GROUP BY directory`
	const recorded = `SELECT path, n, fingerprint FROM vpod_dirs`
	const compared = `SELECT f.directory, f.n, CASE WHEN d.n = f.n AND d.newest = f.newest THEN d.fingerprint ELSE 0 END
		FROM (SELECT directory, count(*) AS n, max(id) AS newest FROM files GROUP BY directory) AS f
		LEFT JOIN vpod_dirs AS d ON d.path = f.directory`
	if db.cur.Load().library.own < ownScanTables { // opened for reading only, so it was not brought up to date
		return unrecorded, nil
	}
	var complete bool
	err := db.reader().QueryRowContext(ctx, settled).Scan(&complete)
	if err != nil || !complete {
		return compared, err
	}
	return recorded, nil
}

// newest is the highest id: it grows with each row that is added, since ids are not used again. Counting the rows would read
// a whole index.
const newest = `(SELECT coalesce(max(id), 0) FROM files)`

// settled tells whether vpod_dirs has every folder: no row was added since the last scan that came to its end.
const settled = `SELECT ` + newest + ` || '' IS (SELECT value FROM _meta WHERE key = 'vpod_dirs_until')`

// Settle says that a scan has come to its end: files that are stored from now on are new ones.
func (db *DB) Settle(ctx context.Context) error {
	err := db.write(ctx, "end scan", func(tx *sql.Tx) error {
		var complete bool
		if err := tx.QueryRowContext(ctx, settled).Scan(&complete); err != nil || complete {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO vpod_dirs (path, n, fingerprint)
				SELECT directory, count(*), 0 FROM files GROUP BY directory;
			DELETE FROM vpod_dirs WHERE path NOT IN (SELECT directory FROM files);
			INSERT OR REPLACE INTO _meta (key, value) VALUES ('vpod_settled_id', `+newest+`), ('vpod_dirs_until', `+newest+`)`)
		return err
	})
	if err != nil {
		return err
	}
	return db.readFresh(ctx)
}

// readFresh notes where the last scan has ended. A scan that runs at the same time may end before this one has looked for
// files that were moved, and what this one has stored is still new to it.
func (db *DB) readFresh(ctx context.Context) error {
	var id int64
	const query = `SELECT coalesce((SELECT value FROM _meta WHERE key = 'vpod_settled_id'), 0) + 0`
	if err := db.reader().QueryRowContext(ctx, query).Scan(&id); err != nil {
		return fmt.Errorf("read the end of the last scan: %w", explain(db.path, err))
	}
	db.fresh.Store(id)
	return nil
}

func (db *DB) eachFolder(ctx context.Context, query string, visit func(library.Folder) error) error {
	rows, err := db.reader().QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f library.Folder
		var fingerprint int64
		if err := rows.Scan(&f.Path, &f.Files, &fingerprint); err != nil {
			return err
		}
		f.Fingerprint = uint64(fingerprint)
		if err := visit(f); err != nil {
			return err
		}
	}
	return rows.Err()
}

// FilesIn gives what the library remembers of the files whose directory is folder, missing ones included.
func (db *DB) FilesIn(ctx context.Context, folder string) ([]library.Known, error) {
	query := knownColumns + ` FROM files AS f LEFT JOIN vpod_files AS v ON v.file_id = f.id WHERE f.directory = ?`
	if db.cur.Load().library.own < ownScanTables {
		query = knownColumnsBefore3 + ` FROM files AS f WHERE f.directory = ?`
	}
	known, err := queryKnown(ctx, db.reader(), query, folder)
	if err != nil {
		return nil, fmt.Errorf("read known files: %w", explain(db.path, err))
	}
	return known, nil
}

func queryKnown(ctx context.Context, pool *sql.DB, query, folder string) ([]library.Known, error) {
	stmt, err := pool.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer stmt.Close()
	rows, err := stmt.QueryContext(ctx, folder)
	if err != nil {
		return nil, err
	}
	return collectKnown(rows)
}

const knownColumnsBefore3 = `SELECT f.id, f.path, f.size_bytes, f.modified_at, coalesce(f.content_hash, ''), f.scan_status,
	coalesce(f.scan_error, ''), 0, 0, 0`

const knownColumns = `SELECT f.id, f.path, f.size_bytes, f.modified_at, coalesce(f.content_hash, ''), f.scan_status,
	coalesce(f.scan_error, ''), coalesce(v.device, 0), coalesce(v.inode, 0), coalesce(v.changed_at, 0)`

func collectKnown(rows *sql.Rows) (all []library.Known, err error) {
	defer rows.Close()
	for rows.Next() {
		var k library.Known
		var device, inode int64
		err := rows.Scan(&k.ID, &k.Path, &k.SizeBytes, &k.ModifiedAt, &k.ContentHash, &k.Status, &k.Error,
			&device, &inode, &k.Stamp.ChangedAt)
		if err != nil {
			return nil, err
		}
		k.Stamp.Device, k.Stamp.Inode = uint64(device), uint64(inode)
		all = append(all, k)
	}
	return all, rows.Err()
}
