package app_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"log/slog"

	"vpo/internal/app"
	"vpo/internal/config"
	"vpo/internal/doctor"
	"vpo/internal/scan"
)

// patient is a daemon whose library is at path, and that nobody has named in the environment.
func patient(t *testing.T, path string) app.Patient {
	t.Helper()
	settings := &config.Settings{Config: config.Default(filepath.Dir(path))}
	settings.Config.DatabasePath = path
	return app.Patient{
		Load:        func([]string, string) (*config.Settings, error) { return settings, nil },
		OwnSettings: true,
	}
}

// scanned is a library of two folders of films, one in the other.
func scanned(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"media/a.mkv", "media/deep/down/b.mkv"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("no video"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := patient(t, filepath.Join(dir, "library.db"))
	settings, err := p.Load(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	opts := scan.Options{Roots: []string{filepath.Join(dir, "media")}}
	if _, err := app.Scan(t.Context(), settings, slog.New(slog.DiscardHandler), opts, app.Watch{}); err != nil {
		t.Fatal(err)
	}
	return settings.Config.DatabasePath
}

// finding looks for a check in a report.
func finding(t *testing.T, report doctor.Report, check string) doctor.Finding {
	t.Helper()
	for _, f := range report.Checks {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("the check %q was not made: %+v", check, report.Checks)
	return doctor.Finding{}
}

func TestExamine(t *testing.T) {
	t.Run("ALibraryIsReadAndCounted", func(t *testing.T) {
		report := app.Examine(t.Context(), patient(t, scanned(t)))
		for check, words := range map[string]string{
			"database": "2 files, schema ", "media": "(1)", "inotify": "3 folders, ", "database lock": "free",
		} {
			if f := finding(t, report, check); f.Status != doctor.Pass || !strings.Contains(f.Message, words) {
				t.Errorf("%+v, want %q", f, words)
			}
		}
	})
	t.Run("ALibraryThatIsGoneIsNotMade", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "library.db")
		report := app.Examine(t.Context(), patient(t, path))
		if f := finding(t, report, "database"); f.Status != doctor.Fail || !strings.Contains(f.Fix, "vpo scan") {
			t.Errorf("%+v", f)
		}
		if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) > 0 {
			t.Errorf("made %v (%v)", entries, err)
		}
	})
	t.Run("AFileThatIsNoDatabaseIsLeftAsItIs", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "library.db")
		if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
			t.Fatal(err)
		}
		before := contents(t, filepath.Dir(path))
		report := app.Examine(t.Context(), patient(t, path))
		if f := finding(t, report, "database"); f.Status != doctor.Fail || !strings.Contains(f.Message, "not a database") {
			t.Errorf("%+v", f)
		}
		if after := contents(t, filepath.Dir(path)); after != before {
			t.Errorf("before:\n%s\nafter:\n%s", before, after)
		}
	})
	t.Run("NothingIsChanged", func(t *testing.T) {
		path := scanned(t)
		before := contents(t, filepath.Dir(path))
		app.Examine(t.Context(), patient(t, path))
		if after := contents(t, filepath.Dir(path)); after != before {
			t.Errorf("before:\n%s\nafter:\n%s", before, after)
		}
	})
	t.Run("TheLogOfACrashStaysForTheDaemon", func(t *testing.T) {
		path := scanned(t)
		crash(t, path)
		before := contents(t, filepath.Dir(path))
		if !strings.Contains(before, "library.db-wal") {
			t.Fatalf("there is no log to begin with:\n%s", before)
		}
		report := app.Examine(t.Context(), patient(t, path))
		if f := finding(t, report, "database"); f.Status != doctor.Pass {
			t.Errorf("%+v", f)
		}
		if after := contents(t, filepath.Dir(path)); after != before {
			t.Errorf("before:\n%s\nafter:\n%s", before, after)
		}
	})
}

// crash leaves a library as a process does that was killed after a write: with a log that is not part of the file so far.
func crash(t *testing.T, path string) {
	t.Helper()
	sqlite3, err := exec.LookPath("sqlite3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("this test has to run here, and needs sqlite3")
		}
		t.Skip("needs sqlite3, from the package of that name")
	}
	cmd := exec.CommandContext(t.Context(), sqlite3, path)
	cmd.Stdin = strings.NewReader("PRAGMA journal_mode; INSERT INTO _meta VALUES ('crash', '1');\n.shell kill -9 $PPID\n")
	if err := cmd.Run(); err == nil {
		t.Fatal("it was not killed")
	}
}

// contents names everything below a folder with what it holds. The index of the log is left out: it is memory that
// processes share, and nothing that lasts.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || strings.HasSuffix(path, "-shm") {
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %v %x\n", path, info.Mode(), sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
