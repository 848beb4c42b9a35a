package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// step is one change of the schema. The steps of a library that has seen n of them are steps[n:].
type step struct {
	name string // "0001_base.sql"
	sql  string
}

// loadSteps gives the embedded steps in their order.
func loadSteps() ([]step, error) {
	names, err := fs.Glob(schemaFiles, "schema/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]step, 0, len(names))
	for i, name := range names {
		body, err := schemaFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		name = strings.TrimPrefix(name, "schema/")
		if number, _, _ := strings.Cut(name, "_"); number != fmt.Sprintf("%04d", i+1) {
			return nil, fmt.Errorf("schema step %s is not number %d", name, i+1)
		}
		steps = append(steps, step{name: name, sql: string(body)})
	}
	return steps, nil
}

// migrate takes the steps that the library has not seen, each in a transaction of its own. When it is interrupted, the
// next one goes on from there; when another process does the same at the same time, they take turns.
func (db *DB) migrate(ctx context.Context, h *handle, steps []step) error {
	m := migration{db: db, h: h, steps: steps}
	for {
		more, err := m.next(ctx)
		if err != nil || !more {
			return err
		}
	}
}

type migration struct {
	db       *DB
	h        *handle
	steps    []step
	backedUp bool
}

// next takes one step, and tells whether there was one to take.
func (m *migration) next(ctx context.Context) (more bool, err error) {
	err = m.h.write(ctx, func(tx *sql.Tx) error {
		id, err := readIdentity(ctx, tx) // again, now that nobody else can write
		if err != nil {
			return err
		}
		if err := id.known(len(m.steps)); err != nil {
			return err
		}
		if more = id.own < len(m.steps); !more {
			return nil
		}
		if err := m.backup(ctx, tx, id); err != nil {
			return err
		}
		return m.apply(ctx, tx, id.own)
	})
	return more, err
}

// backup copies a library that has rows, once and before the first step. The write lock, which tx holds, keeps the copy
// from missing anything.
func (m *migration) backup(ctx context.Context, tx *sql.Tx, id identity) error {
	if m.backedUp || id.empty {
		return nil
	}
	var rows bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM files)").Scan(&rows); err != nil || !rows {
		return err
	}
	m.sweep()
	dst := fmt.Sprintf("%s.backup-%d-%s", m.h.real, id.own, time.Now().UTC().Format("20060102T150405.000Z"))
	if err := m.h.backup(ctx, dst); err != nil {
		return fmt.Errorf("back it up first: %w", err)
	}
	m.backedUp = true
	m.db.opt.Logger.Info("backed up the library before updating its schema", "backup", dst)
	return nil
}

// sweep removes the unfinished copies, and their journals, of updates that were killed. None of them is at work: the write
// lock is ours.
func (m *migration) sweep() {
	entries, err := os.ReadDir(filepath.Dir(m.h.real))
	if err != nil {
		return // the copy that is to be made next will tell
	}
	for _, entry := range entries {
		stamp, ok := strings.CutPrefix(entry.Name(), filepath.Base(m.h.real)+".backup-")
		if ok && strings.Contains(stamp, "Z.partial") && entry.Type().IsRegular() {
			_ = os.Remove(filepath.Join(filepath.Dir(m.h.real), entry.Name()))
		}
	}
}

// apply takes the step that follows version from.
func (m *migration) apply(ctx context.Context, tx *sql.Tx, from int) error {
	s := m.steps[from]
	if _, err := tx.ExecContext(ctx, s.sql); err != nil {
		return fmt.Errorf("step %s: %w", s.name, err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO _meta (key, value) VALUES ('vpod_schema_version', ?)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, strconv.Itoa(from+1))
	return err
}
