package store_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/store"
)

// pythonLibrary makes a library from a script of testdata.
func pythonLibrary(t testing.TB, script string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", script))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "library.db")
	run(t, path, string(body))
	return path
}

func TestPythonLibrary(t *testing.T) {
	t.Run("UnderSchema27IsServedAndNotScannedInto", func(t *testing.T) {
		path := pythonLibrary(t, "python5.sql")
		before := contents(t, filepath.Dir(path))
		_, err := store.Create(t.Context(), path, quick)
		if !errors.Is(err, store.ErrOldSchema) {
			t.Fatalf("Create: %v", err)
		}
		for _, text := range []string{path, "open it once with the Python program", "schema is 5"} {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%q does not say %q", err, text)
			}
		}
		if after := contents(t, filepath.Dir(path)); !slices.Equal(before, after) {
			t.Error("Create changed the folder")
		}
		db, err := open(t, path)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := db.Stats(t.Context()); err != nil || s.Files != 1 {
			t.Errorf("Stats: %+v, %v", s, err)
		}
		if v := db.Check(t.Context()); !v.OK() {
			t.Errorf("Check: %+v", v)
		}
		if known, err := db.FilesIn(t.Context(), "/media"); err != nil || known[0].Path != "/media/a.mkv" || known[0].SizeBytes != 1000 {
			t.Errorf("FilesIn: %v, %v", known, err)
		}
	})

	t.Run("KeepsWhatTheOtherProgramKnows", func(t *testing.T) {
		path := pythonLibrary(t, "python27.sql")
		db, err := store.Create(t.Context(), path, quick)
		if err != nil {
			t.Fatal(err)
		}
		f := file("/media/a.mkv", 2)
		if err := db.Save(t.Context(), batchOf(f, file("/media/c.mkv", 1))); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string][]string{
			"SELECT value FROM _meta WHERE key = 'schema_version'":                     {"27"},
			"SELECT id, job_id, plugin_metadata, content_hash FROM files WHERE id = 7": {`7|job-1|{"radarr": {"id": 3}}|` + f.ContentHash},
			"SELECT path, scan_status, scan_error FROM files WHERE id = 9":             {"/media/b.mp4|error|it broke"},
			"SELECT id, track_index, codec FROM tracks WHERE file_id = 7 ORDER BY id":  {"70|0|aac", "71|1|aac"},
			"SELECT id, track_id FROM transcription_results":                           {"1|71"},
			"SELECT * FROM jobs":  {"job-1|7|/media/a.mkv|scan"},
			"SELECT * FROM plans": {"plan-1|7|/media/a.mkv"},
			"SELECT count(*) FROM sqlite_schema WHERE name = 'idx_files_status_scanned'": {"1"},
			"PRAGMA foreign_key_check": nil,
			"PRAGMA integrity_check":   {"ok"},
			"SELECT name FROM sqlite_schema WHERE name LIKE 'vpod%' AND type = 'table'":    {"vpod_mounts", "vpod_runs", "vpod_files", "vpod_dirs"},
			"SELECT name FROM sqlite_schema WHERE name LIKE 'idx_vpod%' AND type = 'view'": nil,
		} {
			if got := raw(t, path, query); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
	})

	t.Run("IsCopiedBeforeItIsUpdated", func(t *testing.T) {
		path := pythonLibrary(t, "python27.sql")
		before := raw(t, path, "SELECT name, sql FROM sqlite_schema ORDER BY name")
		if _, err := open(t, path); err != nil {
			t.Fatal(err)
		}
		copies, err := filepath.Glob(path + ".backup-0-*")
		if err != nil || len(copies) != 1 {
			t.Fatalf("copies %q, %v", copies, err)
		}
		if info, err := os.Stat(copies[0]); err != nil || info.Mode() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if got := raw(t, copies[0], "SELECT name, sql FROM sqlite_schema ORDER BY name"); !slices.Equal(got, before) {
			t.Errorf("the copy has %q, want %q", got, before)
		}
		if got := raw(t, copies[0], "SELECT count(*) FROM tracks"); got[0] != "3" {
			t.Errorf("the copy has %q tracks", got)
		}
	})

	t.Run("IsLeftAsItWasWhereItCannotBeCopied", func(t *testing.T) {
		path := pythonLibrary(t, "python27.sql")
		run(t, path, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 999 WHERE name = 'idx_files_directory'")
		before := contents(t, filepath.Dir(path))
		_, err := open(t, path)
		if faultOf(err) != library.FaultDamaged {
			t.Errorf("error %v", err)
		}
		if after := contents(t, filepath.Dir(path)); !slices.Equal(before, after) {
			t.Error("the folder was changed")
		}
	})
}

// The Python program adds its own tables where schema_version is absent, with CREATE TABLE IF NOT EXISTS, and reads
// files and tracks by the names of their columns.
func TestLibraryIsOneThatThePythonProgramTakes(t *testing.T) {
	path := made(t)
	for _, table := range []string{"_meta", "files", "tracks"} {
		python := pythonLibrary(t, "python27.sql")
		query := `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)`
		if got, want := raw(t, path, query, table), raw(t, python, query, table); !slices.Equal(got, want) {
			t.Errorf("%s: columns %q, want %q", table, got, want)
		}
		query = `SELECT "unique", origin FROM pragma_index_list(?) WHERE origin <> 'c'`
		if got, want := raw(t, path, query, table), raw(t, python, query, table); !slices.Equal(got, want) {
			t.Errorf("%s: constraints %q, want %q", table, got, want)
		}
	}
	// What it does on opening such a file.
	run(t, path, `CREATE TABLE IF NOT EXISTS files (id INTEGER);
		CREATE INDEX IF NOT EXISTS idx_files_status_scanned ON files (scan_status, scanned_at DESC);
		CREATE INDEX IF NOT EXISTS idx_files_directory ON files (directory);
		CREATE TABLE IF NOT EXISTS plans (id TEXT PRIMARY KEY, file_id INTEGER REFERENCES files (id) ON DELETE SET NULL);
		INSERT OR IGNORE INTO _meta (key, value) VALUES ('schema_version', '27')`)
	db, err := store.Create(t.Context(), path, quick)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Save(t.Context(), batchOf(file("/media/a.mkv", 2))); err != nil {
		t.Error(err)
	}
	if got := raw(t, path, "SELECT value FROM _meta WHERE key = 'schema_version'"); got[0] != "27" {
		t.Errorf("schema_version is %q", got)
	}
}

func TestLibraryIsReadByPythonItself(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed; the other tests cover the format")
	}
	db, path := create(t)
	if err := db.Save(t.Context(), batchOf(file("/media/é.mkv", 2))); err != nil {
		t.Fatal(err)
	}
	const script = `import json, sqlite3, sys
row = sqlite3.connect(sys.argv[1]).execute("SELECT path, container_tags FROM files").fetchone()
print(row[0], json.loads(row[1])["title"])`
	out, err := exec.CommandContext(t.Context(), python, "-c", script, path).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "/media/é.mkv A film" {
		t.Errorf("%q, %v", out, err)
	}
}
