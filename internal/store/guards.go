package store

import (
	"context"
	"database/sql"
	_ "embed"
)

// guards are triggers on a table that this program shares: another one may rebuild that table, and with it they are gone.
//
//go:embed guards.sql
var guards string

// guard sees to it that the triggers are there, and those of this version. Where they were not, nobody knows what the
// fingerprints are worth.
func (db *DB) guard(ctx context.Context) error {
	const count = `SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'vpod\_file\_%' ESCAPE '\'
		AND instr(?, sql) > 0` // SQLite keeps the text of a trigger
	var there int
	if err := db.reader().QueryRowContext(ctx, count, guards).Scan(&there); err != nil || there == 2 {
		return explain(db.path, err)
	}
	return db.write(ctx, "guard folders", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DROP TRIGGER IF EXISTS vpod_file_deleted; DROP TRIGGER IF EXISTS vpod_file_changed;
			DELETE FROM vpod_dirs; DELETE FROM _meta WHERE key = 'vpod_dirs_until';`+guards)
		return err
	})
}
