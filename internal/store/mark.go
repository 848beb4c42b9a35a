package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// MarkMissing gives files the status missing, and tells how many did not have it.
func (db *DB) MarkMissing(ctx context.Context, ids []int64) (int, error) {
	return db.mark(ctx, "mark files missing", `UPDATE files SET scan_status = 'missing'
		WHERE id IN (SELECT value FROM json_each(?)) AND scan_status <> 'missing'`, ids)
}

func (db *DB) mark(ctx context.Context, op, query string, ids []int64) (int, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	var changed int64
	err = db.write(ctx, op, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, query, string(list))
		if err != nil {
			return err
		}
		changed, err = result.RowsAffected()
		return err
	})
	return int(changed), err
}
