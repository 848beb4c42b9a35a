package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
)

func TestSave(t *testing.T) {
	t.Run("IsAllOrNothing", func(t *testing.T) {
		db, path := create(t)
		bad := file("/m/b.mkv", 1)
		bad.Tracks[0].DurationSeconds = 1
		run(t, path, `CREATE TRIGGER refuse BEFORE INSERT ON files WHEN new.path = '/m/b.mkv'
			BEGIN SELECT raise(ABORT, 'refused'); END`)
		err := db.Save(t.Context(), batchOf(file("/m/a.mkv", 1), bad))
		if err == nil || !strings.Contains(err.Error(), "/m/b.mkv") || !strings.Contains(err.Error(), "refused") {
			t.Errorf("error %v", err)
		}
		if got := raw(t, path, "SELECT count(*) FROM files"); got[0] != "0" {
			t.Errorf("%s files are stored", got)
		}
	})
	t.Run("EndsWithItsContextAndStoresNothing", func(t *testing.T) {
		db, path := create(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.Save(ctx, batchOf(file("/m/a.mkv", 1))); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if got := raw(t, path, "SELECT count(*) FROM files"); got[0] != "0" {
			t.Errorf("%s files are stored", got)
		}
	})
	t.Run("SaysWhoLocksTheLibrary", func(t *testing.T) {
		path := made(t)
		db, err := open(t, path)
		if err != nil {
			t.Fatal(err)
		}
		defer lock(t, path, "BEGIN IMMEDIATE")()
		err = db.Save(t.Context(), batchOf(file("/m/a.mkv", 1)))
		if faultOf(err) != library.FaultLocked || !strings.Contains(err.Error(), "locked by another process") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("FailsAfterClose", func(t *testing.T) {
		path := made(t)
		db, err := open(t, path)
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
		if err := db.Save(t.Context(), batchOf(file("/m/a.mkv", 1))); err == nil {
			t.Error("no error")
		}
	})
	t.Run("NothingIsNoWork", func(t *testing.T) {
		path := made(t)
		db, err := open(t, path)
		if err != nil {
			t.Fatal(err)
		}
		defer lock(t, path, "BEGIN IMMEDIATE")()
		if err := db.Save(t.Context(), library.Batch{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("StoresTheUnknownAsNull", func(t *testing.T) {
		db, path := create(t)
		f := library.File{Path: "/m/a.mkv", Filename: "a.mkv", Directory: "/m", Extension: "mkv", ModifiedAt: "m",
			ScannedAt: "s", Status: library.StatusOK, Media: library.Media{Tracks: []library.Track{{Type: library.TrackOther}}}}
		if err := db.Save(t.Context(), batchOf(f)); err != nil {
			t.Fatal(err)
		}
		want := []string{"1|/m/a.mkv|a.mkv|/m|mkv|0|m|NULL|NULL|s|ok|NULL|NULL|NULL|NULL"}
		if got := raw(t, path, "SELECT * FROM files"); !slices.Equal(got, want) {
			t.Errorf("files %q, want %q", got, want)
		}
		want = []string{"1|1|0|other|NULL|NULL|NULL|0|0" + strings.Repeat("|NULL", 10)}
		if got := raw(t, path, "SELECT * FROM tracks"); !slices.Equal(got, want) {
			t.Errorf("tracks %q, want %q", got, want)
		}
	})
	t.Run("StoresEveryField", func(t *testing.T) {
		db, path := create(t)
		f := file("/m/a.mkv", 0)
		f.Tracks = []library.Track{{Index: 3, Type: library.TrackVideo, Codec: "hevc", Language: "eng", Title: "T",
			Default: true, Forced: true, Channels: 6, ChannelLayout: "5.1", Width: 3840, Height: 2160,
			FrameRate: "24000/1001", ColorTransfer: "smpte2084", ColorPrimaries: "bt2020", ColorSpace: "bt2020nc",
			ColorRange: "tv", DurationSeconds: 1.5}}
		if err := db.Save(t.Context(), batchOf(f)); err != nil {
			t.Fatal(err)
		}
		want := []string{"1|1|3|video|hevc|eng|T|1|1|6|5.1|3840|2160|24000/1001|smpte2084|bt2020|bt2020nc|tv|1.5"}
		if got := raw(t, path, "SELECT * FROM tracks"); !slices.Equal(got, want) {
			t.Errorf("tracks %q, want %q", got, want)
		}
	})
	t.Run("KeepsTheRowsOfAFileAndItsTracks", func(t *testing.T) {
		db, path := create(t)
		for _, n := range []int{3, 40, 2} {
			if err := db.Save(t.Context(), batchOf(file("/m/a.mkv", n))); err != nil {
				t.Fatal(err)
			}
			if got := raw(t, path, "SELECT count(*), min(id), min(file_id) FROM tracks"); got[0] != fmt.Sprintf("%d|1|1", n) {
				t.Errorf("%d tracks: %q", n, got)
			}
		}
	})
	t.Run("KeepsTheTracksOfAFileThatCouldNotBeRead", func(t *testing.T) {
		db, path := create(t)
		failed := file("/m/a.mkv", 0)
		failed.Status, failed.Error = library.StatusError, "input/output error"
		if err := db.Save(t.Context(), batchOf(file("/m/a.mkv", 3))); err != nil {
			t.Fatal(err)
		}
		if err := db.Save(t.Context(), batchOf(failed)); err != nil {
			t.Fatal(err)
		}
		want := []string{"error|input/output error|3"}
		got := raw(t, path, "SELECT scan_status, scan_error, (SELECT count(*) FROM tracks) FROM files")
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
	t.Run("TakesOddText", func(t *testing.T) {
		db, path := create(t)
		f := file("/m/a.mkv", 1)
		f.Tags = map[string]string{"TiTLE": "b\xff", "title": "a", "nul\x00key": "nul\x00value", "ÄÖ": "<&>"}
		f.Error = "bad \xc3\x28 bytes"
		f.Tracks[0].Title = "caf\xe9\x00"
		f.Tracks[0].DurationSeconds = math.NaN()
		if err := db.Save(t.Context(), batchOf(f)); err != nil {
			t.Fatal(err)
		}
		got := raw(t, path, `SELECT json_extract(container_tags, '$.title'), json_extract(container_tags, '$.nulkey'),
			json_extract(container_tags, '$."äö"'), scan_error, title, duration_seconds FROM files, tracks`)
		if want := "b\uFFFD|nulvalue|<&>|bad \uFFFD( bytes|caf\uFFFD|NULL"; got[0] != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func TestMarkMissing(t *testing.T) {
	db, path := create(t)
	failed, pending := file("/m/b.mkv", 0), file("/m/c.mkv", 0)
	failed.Status, failed.Error = library.StatusError, "bad"
	pending.Status, pending.ContentHash = library.StatusPending, ""
	if err := db.Save(t.Context(), batchOf(file("/m/a.mkv", 1), failed, pending, file("/m/d.mkv", 1))); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		count int
		want  string
	}{
		{3, "missing missing missing ok"},
		{0, "missing missing missing ok"},
	}
	for i, step := range steps {
		n, err := db.MarkMissing(t.Context(), []string{"/m/a.mkv", "/m/b.mkv", "/m/c.mkv", "/m/<other> & \".mkv"})
		if err != nil || n != step.count {
			t.Errorf("step %d: %d, %v, want %d", i, n, err, step.count)
		}
		if got := strings.Join(raw(t, path, "SELECT scan_status FROM files ORDER BY id"), " "); got != step.want {
			t.Errorf("step %d: %q, want %q", i, got, step.want)
		}
	}
	run(t, path, `UPDATE files SET path = '/n/d.mkv' WHERE path = '/m/d.mkv'`)
	if n, err := db.MarkMissing(t.Context(), []string{"/m/d.mkv"}); n != 0 || err != nil {
		t.Errorf("a row that has moved since: %d, %v", n, err)
	}
	if n, err := db.MarkMissing(t.Context(), nil); n != 0 || err != nil {
		t.Errorf("no files: %d, %v", n, err)
	}
}

func BenchmarkSave(b *testing.B) {
	for _, size := range []int{1, 100} {
		b.Run(fmt.Sprintf("%dFilesOf5Tracks", size), func(b *testing.B) {
			db, _ := create(b)
			for n := 0; b.Loop(); n++ {
				files := make([]library.File, size)
				for i := range files {
					files[i] = file(fmt.Sprintf("/media/films/Some Film (2020)/%d/%d.mkv", n, i), 5)
				}
				if err := db.Save(b.Context(), library.Batch{Files: files}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*size), "µs/file")
		})
	}
}

func BenchmarkLibraryOf100000(b *testing.B) {
	db, _ := create(b)
	for n := range 1000 {
		files := make([]library.File, 100)
		for i := range files {
			files[i] = file(fmt.Sprintf("/media/films/Some Film (2020)/%d/%d.mkv", n, i), 5)
		}
		if err := db.Save(b.Context(), library.Batch{Files: files}); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("Folders", func(b *testing.B) {
		for b.Loop() {
			n := 0
			err := db.Folders(b.Context(), func(library.Folder) error { n++; return nil })
			if err != nil || n != 1000 {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("FilesIn", func(b *testing.B) {
		for b.Loop() {
			if known, err := db.FilesIn(b.Context(), "/media/films/Some Film (2020)/500"); err != nil || len(known) != 100 {
				b.Fatal(len(known), err)
			}
		}
	})
	b.Run("Stats", func(b *testing.B) {
		for b.Loop() {
			if s, err := db.Stats(b.Context()); err != nil || s.Files != 100_000 {
				b.Fatal(s, err)
			}
		}
	})
	b.Run("QuickCheck", func(b *testing.B) {
		for b.Loop() {
			if err := db.QuickCheck(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Check", func(b *testing.B) {
		for b.Loop() {
			if v := db.Check(b.Context()); !v.OK() {
				b.Fatal(v)
			}
		}
	})
}
