package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// Everything that can happen to the database below a running daemon: /health tells it, and tells when it is over.
func TestFaultsBelowARunningDaemon(t *testing.T) {
	t.Run("LockedByAnotherProcess", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		d := spawn(t, db).ready()
		release := lock(t, db, "BEGIN IMMEDIATE")
		h := d.awaitHealth(http.StatusServiceUnavailable, "database is locked by another process")
		if h.Status != "degraded" || h.Database != "disconnected" {
			t.Errorf("status %q, database %q", h.Status, h.Database)
		}
		if code, _, _, err := d.get("/livez"); err != nil || code != http.StatusOK {
			t.Errorf("/livez: %d %v", code, err)
		}
		release()
		d.recovers()
	})

	t.Run("Deleted", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		content := readFile(t, db)
		d := spawn(t, db).ready()
		remove(t, db, db+"-wal", db+"-shm")
		d.awaitHealth(http.StatusServiceUnavailable, "database file is gone")
		wantNoFile(t, db)
		overwrite(t, db, content)
		d.recovers()
	})

	t.Run("Replaced", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		other := writeFile(t, "other.db", readFile(t, db))
		d := spawn(t, db).ready()
		if err := os.Rename(other, db); err != nil {
			t.Fatal(err)
		}
		d.awaitHealth(http.StatusServiceUnavailable, "database file was replaced")
		d.recovers()
	})

	t.Run("ReplacedByATextFile", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		content := readFile(t, db)
		d := spawn(t, db).ready()
		text := writeFile(t, "text", "this is no database, and it is longer than a header of a hundred bytes, which is what is looked at first")
		if err := os.Rename(text, db); err != nil {
			t.Fatal(err)
		}
		d.awaitHealth(http.StatusServiceUnavailable, "database file")
		remove(t, db)
		overwrite(t, db, content)
		d.recovers()
	})

	t.Run("Truncated", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		content := readFile(t, db)
		d := spawn(t, db).ready()
		if err := os.Truncate(db, 0); err != nil {
			t.Fatal(err)
		}
		d.awaitHealth(http.StatusServiceUnavailable, "truncated")
		overwrite(t, db, content)
		d.recovers()
	})

	t.Run("OverwrittenByRubbish", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		content := readFile(t, db)
		d := spawn(t, db).ready()
		rubbish := make([]byte, len(content))
		for i := range rubbish {
			rubbish[i] = byte(i*7 + 3)
		}
		overwrite(t, db, string(rubbish))
		d.awaitHealth(http.StatusServiceUnavailable, "database")
		overwrite(t, db, content)
		d.recovers()
	})

	t.Run("MadeUnreadable", func(t *testing.T) {
		t.Parallel()
		needRoot(t)
		db := forNobody(t, scanned(t))
		d := spawn(t, db, asNobody).ready()
		if err := os.Chmod(db, 0); err != nil {
			t.Fatal(err)
		}
		d.awaitHealth(http.StatusServiceUnavailable, "not readable")
		if err := os.Chmod(db, 0o600); err != nil {
			t.Fatal(err)
		}
		d.recovers()
	})

	t.Run("MadeReadOnly", func(t *testing.T) {
		t.Parallel()
		needRoot(t)
		db := forNobody(t, scanned(t))
		d := spawn(t, db, asNobody).ready()
		if err := os.Chmod(db, 0o400); err != nil {
			t.Fatal(err)
		}
		d.awaitHealth(http.StatusServiceUnavailable, "read-only")
		if err := os.Chmod(db, 0o600); err != nil {
			t.Fatal(err)
		}
		d.recovers()
	})

	t.Run("OnAFullDisk", func(t *testing.T) {
		t.Parallel()
		needRoot(t)
		disk := t.TempDir()
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=8m", "vpo-test", disk).CombinedOutput(); err != nil {
			t.Fatalf("mount: %v: %s", err, out)
		}
		t.Cleanup(func() {
			if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
				t.Errorf("umount: %v: %s", err, out)
			}
		})
		db := filepath.Join(disk, "library.db")
		overwrite(t, db, readFile(t, scanned(t)))
		d := spawn(t, db).ready()
		ballast := filepath.Join(disk, "ballast")
		fill(t, ballast)
		d.awaitHealth(http.StatusServiceUnavailable, "disk is full")
		remove(t, ballast)
		d.recovers()
		d = spawn(t, db).ready()
		fill(t, ballast)
		d.awaitHealth(http.StatusServiceUnavailable, "disk is full")
		d.signal(syscall.SIGTERM)
		d.wantExit(0, "was not recorded in the library", "noted=false")
		wantNoFile(t, db+".end")
	})
}

func TestLockedAtTheStart(t *testing.T) {
	t.Run("StartsDegradedAndRecovers", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		spawn(t, db).ready().stop()
		release := lock(t, db, "BEGIN IMMEDIATE")
		d := spawn(t, db)
		d.awaitHealth(http.StatusServiceUnavailable, "database is locked by another process")
		release()
		d.recovers()
	})
	t.Run("GivesUpWhereItCannotEvenBeRead", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		execute(t, db, "PRAGMA journal_mode=DELETE")
		release := lock(t, db, "BEGIN EXCLUSIVE")
		defer release()
		spawn(t, db).wantExit(1, "database is locked by another process")
	})
}

// recovers waits for a healthy daemon and stops it.
func (d *daemon) recovers() {
	d.t.Helper()
	d.awaitHealth(http.StatusOK, "")
	d.stop()
}

// stop ends the daemon, cleanly.
func (d *daemon) stop() {
	d.t.Helper()
	d.signal(syscall.SIGTERM)
	d.wantExit(0)
}

func remove(t testing.TB, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// fill writes to a file until the disk has no room left.
func fill(t testing.TB, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	block := make([]byte, 4096)
	for {
		if _, err := file.Write(block); err != nil {
			return
		}
	}
}
