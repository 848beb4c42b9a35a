package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vpo/internal/library"
	"vpo/internal/store"
)

// filled makes a library of n files, and opens it with a log that holds frames.
func filled(t *testing.T, n int) (*store.DB, string) {
	t.Helper()
	path := made(t)
	db, err := open(t, path)
	if err != nil {
		t.Fatal(err)
	}
	var files []library.File
	for i := range n {
		files = append(files, file(fmt.Sprintf("/m/%d.mkv", i), 5))
	}
	if err := db.Save(t.Context(), library.Batch{Files: files}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = open(t, path); err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.BeginRun(t.Context(), store.Run{StartedAt: time.Now()}); err != nil {
		t.Fatal(err)
	}
	wantFault(t, db, library.FaultNone)
	return db, path
}

func wantFault(t *testing.T, db *store.DB, want library.Fault) {
	t.Helper()
	v := db.Check(t.Context())
	if v.Fault != want {
		t.Fatalf("fault %q (%v), want %q", v.Fault, v.Cause, want)
	}
	if v.At.IsZero() || v.Took <= 0 || v.OK() != (want == library.FaultNone) || (v.Cause == nil) != v.OK() {
		t.Errorf("verdict %+v", v)
	}
}

// overwrite changes bytes of a file in place. The tests do it on a library that is open, as no other code of this
// process may: closing the descriptor drops the locks of this process, and SQLite's are needed no more.
func overwrite(t *testing.T, path string, at int64, body string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(body), at); err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func TestCheckFinds(t *testing.T) {
	t.Run("AFileThatIsGoneAndComesBack", func(t *testing.T) {
		db, path := filled(t, 10)
		rename(t, path, path+".away")
		wantFault(t, db, library.FaultGone)
		if _, err := os.Stat(path); err == nil {
			t.Error("the check made a file")
		}
		rename(t, path+".away", path)
		wantFault(t, db, library.FaultNone)
	})
	t.Run("AFolderThatIsGone", func(t *testing.T) {
		db, path := filled(t, 10)
		rename(t, filepath.Dir(path), filepath.Dir(path)+".away")
		wantFault(t, db, library.FaultGone)
		rename(t, filepath.Dir(path)+".away", filepath.Dir(path))
	})
	t.Run("AFolderInItsPlace", func(t *testing.T) {
		db, path := filled(t, 10)
		rename(t, path, path+".away")
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		wantFault(t, db, library.FaultNotDatabase)
	})
	t.Run("AnotherFileInItsPlace", func(t *testing.T) {
		db, path := filled(t, 10)
		other := made(t)
		rename(t, other, path)
		wantFault(t, db, library.FaultReplaced)
	})
	t.Run("ALogThatWasRemoved", func(t *testing.T) {
		db, path := filled(t, 10)
		if err := os.Remove(path + "-wal"); err != nil {
			t.Fatal(err)
		}
		wantFault(t, db, library.FaultReplaced)
		if err := db.Reopen(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantFault(t, db, library.FaultNone)
		if run, err := db.LastRun(t.Context()); err != nil || run == nil {
			t.Errorf("what the log held is lost: %v, %v", run, err)
		}
	})
	t.Run("AFileOfNoBytes", func(t *testing.T) {
		db, path := filled(t, 10)
		truncate(t, path, 0)
		wantFault(t, db, library.FaultTruncated)
	})
	for _, keep := range []int64{1, 100, 4096, 5000, 8192, 20480, 65536} {
		t.Run(fmt.Sprintf("AFileOf%dBytesOfItsOwn", keep), func(t *testing.T) {
			db, path := filled(t, 300)
			truncate(t, path, keep)
			wantFault(t, db, library.FaultTruncated)
			wantFault(t, db, library.FaultTruncated)
		})
	}
	t.Run("AHeaderThatIsNone", func(t *testing.T) {
		db, path := filled(t, 10)
		overwrite(t, path, 0, strings.Repeat("x", 100))
		wantFault(t, db, library.FaultNotDatabase)
	})
	t.Run("ADamagedSchema", func(t *testing.T) {
		db, path := filled(t, 10)
		overwrite(t, path, 100, strings.Repeat("x", 3996))
		wantFault(t, db, library.FaultDamaged)
	})
	t.Run("AnotherLibraryInTheSameFile", func(t *testing.T) {
		db, path := filled(t, 10)
		run(t, path, "UPDATE _meta SET value = 'another' WHERE key = 'vpod_library_id'")
		wantFault(t, db, library.FaultReplaced)
	})
	t.Run("ATableThatWasDropped", func(t *testing.T) {
		db, path := filled(t, 10)
		run(t, path, "DROP TABLE tracks")
		wantFault(t, db, library.FaultForeign)
	})
	t.Run("ANewerSchema", func(t *testing.T) {
		db, path := filled(t, 10)
		run(t, path, "UPDATE _meta SET value = '999' WHERE key = 'vpod_schema_version'")
		wantFault(t, db, library.FaultNewer)
	})
	for _, statement := range []string{"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"} {
		t.Run("AnotherProcessThatHolds"+strings.TrimPrefix(statement, "BEGIN "), func(t *testing.T) {
			db, path := filled(t, 10)
			release := lock(t, path, statement)
			wantFault(t, db, library.FaultLocked)
			release()
			wantFault(t, db, library.FaultNone)
		})
	}
	t.Run("ItsOwnEnd", func(t *testing.T) {
		db, _ := filled(t, 10)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if v := db.Check(ctx); v.Fault != library.FaultHung {
			t.Errorf("verdict %+v", v)
		}
		wantFault(t, db, library.FaultNone)
	})
	t.Run("AClosedLibrary", func(t *testing.T) {
		db, _ := filled(t, 10)
		db.Close()
		if v := db.Check(t.Context()); v.OK() {
			t.Errorf("verdict %+v", v)
		}
	})
}

func truncate(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func TestCheckIsContentWith(t *testing.T) {
	t.Run("AFileThatVacuumMadeSmaller", func(t *testing.T) {
		db, path := filled(t, 500)
		before := sizeOf(t, path)
		run(t, path, "DELETE FROM files WHERE id > 10; DELETE FROM tracks; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
		if after := sizeOf(t, path); after >= before {
			t.Fatalf("%d bytes became %d", before, after)
		}
		wantFault(t, db, library.FaultNone)
		wantFault(t, db, library.FaultNone)
	})
	t.Run("AWriteOfThisProgram", func(t *testing.T) {
		db, _ := filled(t, 10)
		files := make([]library.File, 1000)
		for i := range files {
			files[i] = file(fmt.Sprintf("/big/%d.mkv", i), 5)
		}
		var saving sync.WaitGroup
		ctx, stop := context.WithCancel(t.Context())
		saving.Go(func() {
			for ctx.Err() == nil {
				if err := db.Save(t.Context(), library.Batch{Files: files}); err != nil {
					t.Error(err)
				}
			}
		})
		for range 20 {
			wantFault(t, db, library.FaultNone)
		}
		stop()
		saving.Wait()
	})
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestCheckChangesNothingOnTheDisk(t *testing.T) {
	db, path := filled(t, 100)
	state := func() (all []string) {
		for _, suffix := range []string{"", "-wal"} {
			info, err := os.Stat(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprint(info.Size(), info.ModTime()))
		}
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	before := state()
	for range 100 {
		wantFault(t, db, library.FaultNone)
	}
	if after := state(); !slices.Equal(before, after) {
		t.Errorf("%q became %q", before, after)
	}
}

func TestCheckKeepsNoDescriptors(t *testing.T) {
	db, _ := filled(t, 10)
	count := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	before := count()
	for range 200 {
		wantFault(t, db, library.FaultNone)
	}
	if after := count(); after > before+2 {
		t.Errorf("%d descriptors became %d", before, after)
	}
}

// As root every access is allowed, so another user does what these check.
func TestCheckByAUserWithoutRights(t *testing.T) {
	const nobody = 65534
	for _, test := range []struct {
		name         string
		file, folder fs.FileMode
		want         library.Fault
	}{
		{"MayNotRead", 0o200, 0o700, library.FaultUnreadable},
		{"MayNotWriteTheFile", 0o400, 0o700, library.FaultReadOnly},
		{"MayNotWriteTheFolder", 0o600, 0o500, library.FaultReadOnly},
		{"MayNotEnterTheFolder", 0o600, 0o600, library.FaultUnreadable},
		{"MayDoAll", 0o600, 0o700, library.FaultNone},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder, err := os.MkdirTemp("/tmp", "vpo-store-test")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				os.Chmod(folder, 0o700)
				os.RemoveAll(folder)
			})
			path := filepath.Join(folder, "library.db")
			rename(t, made(t), path)
			uid := uint32(0)
			if os.Getuid() == 0 {
				uid = nobody
				for _, name := range []string{folder, path} {
					if err := os.Chown(name, nobody, nobody); err != nil {
						t.Fatal(err)
					}
				}
			}
			p := start(t, uid, "check", path)
			if got := p.line(); got != "opened" {
				t.Fatal(got)
			}
			if err := os.Chmod(path, test.file); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(folder, test.folder); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(p.stdin)
			if got, want := p.line(), string(test.want)+"|"; got != want {
				t.Errorf("fault %q, want %q", got, want)
			}
			if err := p.finish(); err != nil {
				t.Error(err, p.stderr.String())
			}
		})
	}
}

func TestReopen(t *testing.T) {
	t.Run("TakesOverALibraryInItsPlace", func(t *testing.T) {
		db, path := filled(t, 10)
		other, otherPath := create(t)
		if err := other.Save(t.Context(), batchOf(file("/other/a.mkv", 1))); err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		rename(t, otherPath, path)
		wantFault(t, db, library.FaultReplaced)
		// Nothing may touch the new file through what is known of the old one.
		if err := db.Reopen(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantFault(t, db, library.FaultNone)
		if known, err := db.FilesIn(t.Context(), "/other"); err != nil || len(known) != 1 {
			t.Errorf("known %v, %v", known, err)
		}
		if err := db.QuickCheck(t.Context()); err != nil {
			t.Error(err)
		}
		if err := db.Save(t.Context(), batchOf(file("/other/b.mkv", 1))); err != nil {
			t.Error(err)
		}
	})
	t.Run("TakesOverARestoredCopy", func(t *testing.T) {
		db, path := filled(t, 200)
		if err := db.Backup(t.Context(), path+".copy"); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		wantFault(t, db, library.FaultGone)
		rename(t, path+".copy", path)
		wantFault(t, db, library.FaultReplaced)
		if err := db.Reopen(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantFault(t, db, library.FaultNone)
		if got := raw(t, path, "PRAGMA integrity_check"); got[0] != "ok" {
			t.Errorf("integrity %q", got)
		}
	})
	t.Run("RefusesWhatOpenRefusesAndMayBeTriedAgain", func(t *testing.T) {
		db, path := filled(t, 10)
		rename(t, path, path+".away")
		if err := db.Reopen(t.Context()); faultOf(err) != library.FaultGone {
			t.Errorf("error %v", err)
		}
		writeFile(t, path, "a text")
		if err := db.Reopen(t.Context()); faultOf(err) != library.FaultNotDatabase {
			t.Errorf("error %v", err)
		}
		rename(t, made(t), path)
		if err := db.Reopen(t.Context()); err != nil {
			t.Error(err)
		}
		wantFault(t, db, library.FaultNone)
	})
	t.Run("FailsAfterClose", func(t *testing.T) {
		db, _ := filled(t, 10)
		db.Close()
		if err := db.Reopen(t.Context()); err != store.ErrClosed {
			t.Errorf("error %v", err)
		}
	})
	t.Run("WorksWhileOthersReadAndWrite", func(t *testing.T) {
		db, path := filled(t, 10)
		ctx, stop := context.WithCancel(t.Context())
		var users sync.WaitGroup
		for n := range 3 {
			users.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					db.FilesIn(ctx, "/1")
					db.Save(ctx, batchOf(file(fmt.Sprintf("/%d/%d.mkv", n, i), 2)))
					db.Check(ctx)
				}
			})
		}
		for range 5 {
			rename(t, made(t), path)
			if err := db.Reopen(t.Context()); err != nil {
				t.Error(err)
			}
		}
		stop()
		users.Wait()
		wantFault(t, db, library.FaultNone)
		if got := raw(t, path, "PRAGMA integrity_check"); got[0] != "ok" {
			t.Errorf("integrity %q", got)
		}
	})
}

func TestQuickCheck(t *testing.T) {
	t.Run("FindsADamagedPage", func(t *testing.T) {
		db, path := filled(t, 500)
		overwrite(t, path, sizeOf(t, path)/2/4096*4096, strings.Repeat("\xff", 4096))
		wantFault(t, db, library.FaultNone)
		if err := db.QuickCheck(t.Context()); faultOf(err) != library.FaultDamaged {
			t.Errorf("error %v", err)
		}
	})
	t.Run("EndsWithItsContext", func(t *testing.T) {
		db, _ := filled(t, 10)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.QuickCheck(ctx); err == nil || faultOf(err) != "" {
			t.Errorf("error %v", err)
		}
	})
	t.Run("IsContentWithRowsThatBreakARule", func(t *testing.T) {
		db, path := filled(t, 10)
		run(t, path, `CREATE TABLE odd (n INTEGER CHECK (n > 0)); PRAGMA ignore_check_constraints = ON;
			INSERT INTO odd VALUES (-1)`)
		if err := db.QuickCheck(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	db, _ := create(b)
	b.ReportAllocs()
	for b.Loop() {
		if v := db.Check(b.Context()); !v.OK() {
			b.Fatal(v)
		}
	}
}
