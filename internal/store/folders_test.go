package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/store"
)

// saved makes a library with two folders whose fingerprints are known.
func saved(t *testing.T) (*store.DB, string) {
	t.Helper()
	db, path := create(t)
	err := db.Save(t.Context(), library.Batch{
		Files: []library.File{file("/m/a/1.mkv", 1), file("/m/a/2.mkv", 1), file("/m/b/3.mkv", 1)},
		Folders: []library.Folder{
			{Path: "/m/a", Files: 2, Fingerprint: 1<<63 + 5}, {Path: "/m/b", Files: 1, Fingerprint: 7},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, path
}

// folders lists what Folders gives, as "path files fingerprint".
func folders(t *testing.T, db *store.DB) (all []string) {
	t.Helper()
	err := db.Folders(t.Context(), func(f library.Folder) error {
		all = append(all, fmt.Sprintf("%s %d %d", f.Path, f.Files, f.Fingerprint))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func TestFolders(t *testing.T) {
	t.Run("EndWithTheErrorOfTheVisitor", func(t *testing.T) {
		db, _ := saved(t)
		enough := errors.New("enough")
		if err := db.Folders(t.Context(), func(library.Folder) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("KeepTheirFingerprintWhileTheirRowsStay", func(t *testing.T) {
		db, path := saved(t)
		run(t, path, "UPDATE files SET scanned_at = 'later', plugin_metadata = '{}', scan_status = 'ok'")
		if got := folders(t, db); !slices.Equal(got, []string{"/m/a 2 9223372036854775813", "/m/b 1 7"}) {
			t.Errorf("got %q", got)
		}
	})
	for what, statement := range map[string]string{
		"ADeletedRow":   "DELETE FROM files WHERE path = '/m/b/3.mkv'",
		"AChangedSize":  "UPDATE files SET size_bytes = 1 WHERE path = '/m/b/3.mkv'",
		"AChangedTime":  "UPDATE files SET modified_at = '' WHERE path = '/m/b/3.mkv'",
		"AChangedHash":  "UPDATE files SET content_hash = NULL WHERE path = '/m/b/3.mkv'",
		"AnotherStatus": "UPDATE files SET scan_status = 'missing' WHERE path = '/m/b/3.mkv'",
		"ARowMovedInto": "UPDATE files SET path = '/m/b/1.mkv', directory = '/m/b' WHERE path = '/m/a/1.mkv'",
		"AnAddedRow":    "INSERT INTO files (path, filename, directory, extension, size_bytes, modified_at, scanned_at) VALUES ('/m/b/4.mkv', '', '/m/b', '', 0, '', '')",
		"AReplacedRow":  "INSERT OR REPLACE INTO files (path, filename, directory, extension, size_bytes, modified_at, scanned_at) VALUES ('/m/b/3.mkv', '', '/m/b', '', 0, '', '')",
		"AnUpsertThatDiffers": `INSERT INTO files (path, filename, directory, extension, size_bytes, modified_at, scanned_at) VALUES ('/m/b/3.mkv', '', '/m/b', '', 0, '', '')
			ON CONFLICT (path) DO UPDATE SET size_bytes = excluded.size_bytes`,
	} {
		t.Run("LoseTheirFingerprintBy"+what+"OfAnotherProgram", func(t *testing.T) {
			db, path := saved(t)
			run(t, path, statement)
			for _, got := range folders(t, db) {
				if strings.HasPrefix(got, "/m/b ") && !strings.HasSuffix(got, " 0") {
					t.Errorf("got %q", got)
				}
			}
		})
		t.Run("LoseTheirFingerprintAfterAWholeScanBy"+what, func(t *testing.T) {
			db, path := saved(t)
			if err := db.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			run(t, path, statement)
			for _, got := range folders(t, db) {
				if strings.HasPrefix(got, "/m/b ") && !strings.HasSuffix(got, " 0") {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	t.Run("AfterAWholeScanAreThoseThatHoldFiles", func(t *testing.T) {
		db, path := saved(t)
		run(t, path, "DELETE FROM vpod_dirs WHERE path = '/m/a'; INSERT INTO vpod_dirs (path, n, fingerprint) VALUES ('/gone', 3, 3)")
		for range 2 {
			if err := db.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := folders(t, db); !slices.Equal(got, []string{"/m/a 2 0", "/m/b 1 7"}) {
				t.Errorf("got %q", got)
			}
		}
		run(t, path, "UPDATE files SET path = '/new/3.mkv', directory = '/new' WHERE path = '/m/b/3.mkv'")
		if got := folders(t, db); !slices.Contains(got, "/new 0 0") {
			t.Errorf("got %q", got)
		}
	})
	for what, script := range map[string]string{
		"Lost": "DROP TRIGGER vpod_file_deleted",
		"ThoseOfAnotherVersion": `DROP TRIGGER vpod_file_deleted; CREATE TRIGGER vpod_file_deleted AFTER DELETE ON files BEGIN
			DELETE FROM vpod_dirs WHERE path = OLD.directory; END`,
	} {
		t.Run("AreTrustedAgainOnlyAfterAScanWhenTheGuardsWere"+what, func(t *testing.T) {
			db, path := saved(t)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			run(t, path, script)
			again, err := store.Create(t.Context(), path, quick)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { again.Close() })
			if got := folders(t, again); !slices.Equal(got, []string{"/m/a 2 0", "/m/b 1 0"}) {
				t.Errorf("got %q", got)
			}
		})
	}
	t.Run("KeepTheirFingerprintOverAnotherStart", func(t *testing.T) { // the guards are known again
		db, path := saved(t)
		before := folders(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := store.Create(t.Context(), path, quick)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { again.Close() })
		if got := folders(t, again); !slices.Equal(got, before) {
			t.Errorf("got %q, want %q", got, before)
		}
	})
	t.Run("OfALibraryThatIsOnlyLookedAtAreThereBeforeItsUpdate", func(t *testing.T) {
		path := pythonLibrary(t, "python27.sql")
		db, err := store.OpenReadOnly(t.Context(), path, quick)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		if got := folders(t, db); len(got) != 1 || !strings.HasSuffix(got[0], " 0") {
			t.Errorf("got %q", got)
		}
		if known, err := db.FilesIn(t.Context(), "/media"); err != nil || len(known) == 0 || known[0].Stamp != (library.Stamp{}) {
			t.Errorf("got %+v, %v", known, err)
		}
	})
}

func TestFilesIn(t *testing.T) {
	db, _ := saved(t)
	if known, err := db.FilesIn(t.Context(), "/m"); err != nil || len(known) != 0 {
		t.Errorf("those of the folders below: %+v, %v", known, err)
	}
	known, err := db.FilesIn(t.Context(), "/m/b")
	f := file("/m/b/3.mkv", 1)
	want := library.Known{ID: 3, Path: f.Path, SizeBytes: f.SizeBytes, ModifiedAt: f.ModifiedAt, Stamp: f.Stamp, ContentHash: f.ContentHash, Status: f.Status}
	if err != nil || len(known) != 1 || known[0] != want {
		t.Errorf("got %+v, %v, want %+v", known, err, want)
	}
}

func TestSaveStamps(t *testing.T) {
	db, path := saved(t)
	stamps := map[int64]library.Stamp{1: {Device: 1 << 63, Inode: 1<<64 - 1, ChangedAt: -5}, 99: {Inode: 1}}
	if err := db.Save(t.Context(), library.Batch{Stamps: stamps}); err != nil {
		t.Fatal(err)
	}
	known, err := db.FilesIn(t.Context(), "/m/a")
	if err != nil || known[0].Stamp != stamps[1] {
		t.Errorf("got %+v, %v", known, err)
	}
	if got := raw(t, path, "SELECT count(*), count(details) FROM vpod_files"); got[0] != "3|3" {
		t.Errorf("rows and details: %s", got)
	}
}

func TestReunite(t *testing.T) {
	gone := func(t *testing.T, db *store.DB, ids ...int64) string {
		t.Helper()
		moves, err := db.Reunite(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, m := range moves {
			all = append(all, m.From+" > "+m.To)
		}
		return strings.Join(all, ", ")
	}
	// settled is a library after a scan that met these paths.
	settled := func(t *testing.T, paths ...string) (*store.DB, string) {
		t.Helper()
		db, path := create(t)
		for i, p := range paths {
			f := file(p, 2)
			f.ContentHash, f.Stamp.Inode = fmt.Sprintf("hash %d", i), uint64(100+i)
			if err := db.Save(t.Context(), batchOf(f)); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		return db, path
	}
	// met is a file that a later scan has met, with the content of the nth one.
	met := func(t *testing.T, db *store.DB, path string, n int, inode uint64) {
		t.Helper()
		f := file(path, 2)
		f.ContentHash, f.Stamp.Inode = fmt.Sprintf("hash %d", n), inode
		if err := db.Save(t.Context(), batchOf(f)); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("AFileOfAnotherContentIsNotTheOne", func(t *testing.T) {
		db, _ := settled(t, "/m/a.mkv")
		met(t, db, "/m/b.mkv", 7, 100)
		if got := gone(t, db, 1); got != "" {
			t.Error(got)
		}
	})
	t.Run("AFileThatWasThereBeforeIsNotTheOne", func(t *testing.T) {
		db, _ := settled(t, "/m/a.mkv")
		met(t, db, "/m/copy.mkv", 0, 101)
		if err := db.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := gone(t, db, 1); got != "" {
			t.Error(got)
		}
	})
	t.Run("ARowOfAnotherProgramIsNotTakenOver", func(t *testing.T) {
		db, path := settled(t, "/m/a.mkv")
		run(t, path, `INSERT INTO files (path, filename, directory, extension, size_bytes, modified_at, scanned_at, content_hash)
			VALUES ('/m/b.mkv', '', '/m', '', 0, '', '', 'hash 0')`)
		if got := gone(t, db, 1); got != "" {
			t.Error(got)
		}
	})
	t.Run("TheSameInodeWinsThenTheSameName", func(t *testing.T) {
		db, _ := settled(t, "/m/a.mkv", "/m/b.mkv")
		met(t, db, "/n/b.mkv", 1, 500)
		met(t, db, "/n/other.mkv", 1, 501)
		met(t, db, "/n/a.mkv", 0, 500)
		met(t, db, "/n/z.mkv", 0, 100)
		if got := gone(t, db, 1, 2); got != "/m/a.mkv > /n/z.mkv, /m/b.mkv > /n/b.mkv" {
			t.Error(got)
		}
	})
	t.Run("TheRowAndItsTracksStayAndTheNewOnesGo", func(t *testing.T) {
		db, path := settled(t, "/m/a.mkv")
		run(t, path, "UPDATE files SET plugin_metadata = 'mine', job_id = 'job'; UPDATE tracks SET title = 'mine'")
		met(t, db, "/n/b.avi", 0, 100)
		if got := gone(t, db, 1); got != "/m/a.mkv > /n/b.avi" {
			t.Error(got)
		}
		want := []string{"1|/n/b.avi|b.avi|/n|ok|mine|job|2|mine"}
		got := raw(t, path, `SELECT files.id, path, filename, directory, scan_status, plugin_metadata, job_id, count(*), max(title)
			FROM files JOIN tracks ON file_id = files.id GROUP BY files.id`)
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := raw(t, path, "SELECT file_id, inode FROM vpod_files"); !slices.Equal(got, []string{"1|100"}) {
			t.Errorf("stamps %q", got)
		}
	})
	t.Run("AMissingOneTakesTheTracksThatItNeverHad", func(t *testing.T) {
		db, path := settled(t, "/m/a.mkv")
		run(t, path, "UPDATE files SET scan_status = 'missing', scan_error = 'bad'; DELETE FROM tracks")
		met(t, db, "/n/a.mkv", 0, 1)
		if got := gone(t, db); got != "/m/a.mkv > /n/a.mkv" {
			t.Error(got)
		}
		got := raw(t, path, "SELECT files.id, scan_status, scan_error, count(*) FROM files JOIN tracks ON file_id = files.id GROUP BY 1")
		if !slices.Equal(got, []string{"1|ok|NULL|2"}) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("AFileThatIsGoneIsNoPlaceForAnother", func(t *testing.T) {
		db, _ := settled(t, "/m/a.mkv")
		met(t, db, "/n/a.mkv", 0, 100)
		if got := gone(t, db, 1, 2); got != "" { // an interrupted scan has met the second one, which went on
			t.Error(got)
		}
	})
	t.Run("ManyCopiesOfOneFileFindTheirNames", func(t *testing.T) {
		const copies = 3000 // each with each would be nine million pairs
		db, path := create(t)
		for _, folder := range []string{"/m", "/n"} {
			run(t, path, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO files (path, filename, directory, extension, size_bytes, modified_at, scanned_at, scan_status, content_hash)
				SELECT '%s/' || i || '.mkv', i || '.mkv', '%[2]s', 'mkv', 1, '', '', 'ok', 'same' FROM n;
				INSERT OR IGNORE INTO vpod_files (file_id, device, inode, changed_at) SELECT id, 1, id, 1 FROM files`, copies, folder))
		}
		var ids []int64
		for id := range int64(copies) {
			ids = append(ids, id+1)
		}
		moves, err := db.Reunite(t.Context(), ids)
		if err != nil || len(moves) != copies {
			t.Fatalf("%d moves, %v", len(moves), err)
		}
		for _, m := range moves {
			if strings.TrimPrefix(m.From, "/m") != strings.TrimPrefix(m.To, "/n") {
				t.Errorf("%s > %s", m.From, m.To)
			}
		}
	})
	t.Run("ManyAreOne", func(t *testing.T) {
		var paths []string
		for i := range 250 {
			paths = append(paths, fmt.Sprintf("/m/%03d.mkv", i))
		}
		db, path := settled(t, paths...)
		ids := make([]int64, len(paths))
		for i := range paths {
			ids[i] = int64(i + 1)
			met(t, db, fmt.Sprintf("/n/%03d.mkv", i), i, uint64(100+i))
		}
		if moves, err := db.Reunite(t.Context(), ids); err != nil || len(moves) != 250 {
			t.Errorf("%d moves, %v", len(moves), err)
		}
		if got := raw(t, path, "SELECT count(*), max(id), min(path) FROM files"); got[0] != "250|250|/n/000.mkv" {
			t.Errorf("got %q", got)
		}
	})
}

func TestDetails(t *testing.T) {
	db, path := create(t)
	f := file("/m/a.mkv", 1)
	f.Chapters = []library.Chapter{{StartSeconds: 1.5, EndSeconds: 3, Title: "One"}}
	f.Tracks[0] = library.Track{Type: library.TrackVideo, Codec: "hevc", Profile: "Main 10", PixelFormat: "yuv420p10le", BitDepth: 10,
		Mastering: &library.Mastering{MaxLuminance: 1000}, ContentLight: &library.ContentLight{Max: 400}, DolbyVision: &library.DolbyVision{Profile: 8}}
	if err := db.Save(t.Context(), batchOf(f)); err != nil {
		t.Fatal(err)
	}
	got := raw(t, path, `SELECT details ->> 'reader', details ->> 'duration_seconds', details ->> '$.chapters[0].title',
		details ->> '$.tracks[0].profile', details ->> '$.tracks[0].mastering.max_luminance', details ->> '$.tracks[0].content_light.max',
		details ->> '$.tracks[0].dolby_vision.profile', json_type(details, '$.tracks[0].sample_rate') FROM vpod_files`)
	if want := "native|5400.5|One|Main 10|1000|400|8|NULL"; got[0] != want {
		t.Errorf("got %q, want %q", got[0], want)
	}
	f.ID, f.Status, f.Error = 1, library.StatusError, "now it is broken"
	if err := db.Save(t.Context(), batchOf(f)); err != nil {
		t.Fatal(err)
	}
	if got := raw(t, path, "SELECT details ->> 'reader' FROM vpod_files"); got[0] != "native" {
		t.Errorf("what was known is gone: %q", got)
	}
}
