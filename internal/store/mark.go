package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// MarkMissing gives the files at these paths the status missing, and tells how many did not have it. It goes by paths: a row
// may have moved to another one since the scan has read it.
func (db *DB) MarkMissing(ctx context.Context, paths []string) (int, error) {
	const op = "mark files missing"
	if len(paths) == 0 {
		return 0, nil
	}
	list, err := json.Marshal(paths)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	var changed int64
	err = db.write(ctx, op, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE files SET scan_status = 'missing'
			WHERE path IN (SELECT value FROM json_each(?)) AND scan_status <> 'missing'`, string(list))
		if err != nil {
			return err
		}
		changed, err = result.RowsAffected()
		return err
	})
	return int(changed), err
}
