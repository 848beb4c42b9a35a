package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"vpo/internal/library"
)

// keptRuns is how many runs of the daemon are remembered.
const keptRuns = 100

// Run is one life of the daemon, from its start to its shutdown receipt.
type Run struct {
	ID        int64
	StartedAt time.Time
	EndedAt   time.Time // zero where there is no receipt: the run is not over, or it ended uncleanly
	PID       int
	Version   string
	Clean     bool            // everything stopped in time, as the receipt has it
	Receipt   json.RawMessage // nil where there is none
}

// BeginRun stores the start of a run, and gives it with its ID. previous is the run before it, nil for the first one; a
// previous run without an end was killed, and is counted in Stats.UncleanRuns.
func (db *DB) BeginRun(ctx context.Context, run Run) (begun Run, previous *Run, err error) {
	err = db.write(ctx, "begin run", func(tx *sql.Tx) error {
		if previous, err = lastRun(ctx, tx); err != nil {
			return err
		}
		if previous != nil && previous.EndedAt.IsZero() {
			if err := countUnclean(ctx, tx); err != nil {
				return err
			}
		}
		run.ID, err = insertRun(ctx, tx, run)
		return err
	})
	if err != nil {
		return Run{}, nil, err
	}
	return run, previous, nil
}

func insertRun(ctx context.Context, tx *sql.Tx, run Run) (int64, error) {
	result, err := tx.ExecContext(ctx, `INSERT INTO vpod_runs (started_at, pid, version) VALUES (?, ?, ?)`,
		library.FormatTime(run.StartedAt), run.PID, run.Version)
	if err != nil {
		return 0, err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM vpod_runs WHERE id <= ?`, id-keptRuns)
	return id, err
}

func countUnclean(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO _meta (key, value) VALUES ('vpod_unclean_runs', '1')
		ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)`)
	return err
}

// UncleanInARow counts the runs before the given one that ended without a receipt, back to the newest that has one.
func (db *DB) UncleanInARow(ctx context.Context, run int64) (count int, err error) {
	err = db.reader().QueryRowContext(ctx, `SELECT count(*) FROM vpod_runs WHERE id < ?1 AND id >
		(SELECT coalesce(max(id), 0) FROM vpod_runs WHERE id < ?1 AND ended_at IS NOT NULL)`, run).Scan(&count)
	if err != nil {
		return 0, fmt.Errorf("count unclean runs: %w", explain(db.path, err))
	}
	return count, nil
}

// EndRun stores the end of the run with run.ID: EndedAt, Clean and Receipt, which is the shutdown receipt. Where another
// library has taken the place of the one in which the run began, a run of that one with the same number is left alone: it
// began at another time.
func (db *DB) EndRun(ctx context.Context, run Run) error {
	return db.write(ctx, "end run", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE vpod_runs SET ended_at = ?, clean = ?, receipt = ? WHERE id = ? AND started_at = ?`,
			library.FormatTime(run.EndedAt), run.Clean, text(string(run.Receipt)), run.ID, library.FormatTime(run.StartedAt))
		return err
	})
}

// LastRun gives the newest run, nil where there is none.
func (db *DB) LastRun(ctx context.Context) (*Run, error) {
	run, err := lastRun(ctx, db.reader())
	if err != nil {
		return nil, fmt.Errorf("read last run: %w", explain(db.path, err))
	}
	return run, nil
}

func lastRun(ctx context.Context, q querier) (*Run, error) {
	var run Run
	var started string
	var ended, receipt sql.NullString
	var clean sql.NullBool
	err := q.QueryRowContext(ctx, `SELECT id, started_at, ended_at, pid, version, clean, receipt FROM vpod_runs
		ORDER BY id DESC LIMIT 1`).Scan(&run.ID, &started, &ended, &run.PID, &run.Version, &clean, &receipt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	run.Clean = clean.Bool
	if receipt.Valid {
		run.Receipt = json.RawMessage(receipt.String)
	}
	if run.StartedAt, err = parseTime(started); err != nil {
		return nil, err
	}
	run.EndedAt, err = parseTime(ended.String)
	return &run, err
}

// parseTime reads what library.FormatTime writes; "" is the zero time.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t.UTC(), err
}
