package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
)

// oldLibrary makes a library that has seen the first step alone, with a row.
func oldLibrary(t *testing.T) (*DB, *handle, []step) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "library.db")
	if err := newFile(path); err != nil {
		t.Fatal(err)
	}
	steps, err := loadSteps()
	if err != nil {
		t.Fatal(err)
	}
	db := &DB{path: path, opt: Options{}.withDefaults()}
	h, err := newHandle(path, db.opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.close() })
	if err := db.migrate(t.Context(), h, steps[:1]); err != nil {
		t.Fatal(err)
	}
	if _, err := h.writer.ExecContext(t.Context(), `INSERT INTO files (path, filename, directory, extension, size_bytes,
		modified_at, scanned_at) VALUES ('/a.mkv', 'a.mkv', '/', 'mkv', 1, '', '')`); err != nil {
		t.Fatal(err)
	}
	return db, h, steps
}

func (h *handle) schema(t *testing.T) (version int, tables []string) {
	t.Helper()
	id, err := h.readIdentity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := h.reader.QueryContext(t.Context(), "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	if tables, err = collectStrings(rows); err != nil {
		t.Fatal(err)
	}
	return id.own, tables
}

func TestMigration(t *testing.T) {
	t.Run("ThatFailsLeavesTheStepsBeforeItAndGoesOnLater", func(t *testing.T) {
		db, h, steps := oldLibrary(t)
		broken := append(slices.Clone(steps), step{name: "0004_broken.sql", sql: "CREATE TABLE half (id); CREATE TABL;"})
		err := db.migrate(t.Context(), h, broken)
		if err == nil || !strings.Contains(err.Error(), "0004_broken.sql") {
			t.Errorf("error %v", err)
		}
		version, tables := h.schema(t)
		if version != len(steps) || slices.Contains(tables, "half") || !slices.Contains(tables, "vpod_runs") {
			t.Errorf("version %d, tables %q", version, tables)
		}
		broken[len(steps)].sql = "CREATE TABLE half (id)"
		if err := db.migrate(t.Context(), h, broken); err != nil {
			t.Fatal(err)
		}
		if version, tables := h.schema(t); version != len(broken) || !slices.Contains(tables, "half") {
			t.Errorf("version %d, tables %q", version, tables)
		}
	})
	t.Run("ThatIsNotNeededWritesNothing", func(t *testing.T) {
		db, h, steps := oldLibrary(t)
		if err := db.migrate(t.Context(), h, steps[:1]); err != nil {
			t.Error(err)
		}
		if copies, _ := filepath.Glob(h.real + ".backup*"); len(copies) != 0 {
			t.Errorf("copies %q", copies)
		}
	})
	t.Run("CopiesALibraryWithRowsOnce", func(t *testing.T) {
		db, h, steps := oldLibrary(t)
		steps = append(steps, step{name: "0004_more.sql", sql: "CREATE TABLE more (id)"})
		if err := db.migrate(t.Context(), h, steps); err != nil {
			t.Fatal(err)
		}
		copies, _ := filepath.Glob(h.real + ".backup-1-*")
		if len(copies) != 1 || strings.HasSuffix(copies[0], ".partial") {
			t.Errorf("copies %q", copies)
		}
	})
	t.Run("ThatMeetsANewerProgramStops", func(t *testing.T) {
		db, h, steps := oldLibrary(t)
		if _, err := h.writer.ExecContext(t.Context(),
			"UPDATE _meta SET value = '9' WHERE key = 'vpod_schema_version'"); err != nil {
			t.Fatal(err)
		}
		if err := db.migrate(t.Context(), h, steps); classify(err) != library.FaultNewer {
			t.Errorf("error %v", err)
		}
	})
	t.Run("ThatIsInterruptedLeavesTheLibraryAsItWas", func(t *testing.T) {
		db, h, steps := oldLibrary(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.migrate(ctx, h, steps); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if version, _ := h.schema(t); version != 1 {
			t.Errorf("version %d", version)
		}
		if copies, _ := filepath.Glob(h.real + ".backup*"); len(copies) != 0 {
			t.Errorf("copies %q", copies)
		}
	})
}

func TestStepsAreNumberedFromOneWithoutGaps(t *testing.T) {
	steps, err := loadSteps()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("schema")
	if err != nil || len(entries) != len(steps) {
		t.Errorf("%d files, %d steps, %v", len(entries), len(steps), err)
	}
}

func TestStepsNeverTouchTheVersionOfThePythonProgram(t *testing.T) {
	steps, err := loadSteps()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		if strings.Contains(s.sql, "'schema_version'") {
			t.Errorf("%s names schema_version in a statement", s.name)
		}
	}
}
