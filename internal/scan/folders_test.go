package scan_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"vpo/internal/library"
	"vpo/internal/scan"
)

// TestFolders is about what a scan may conclude from the look of a folder.
func TestFolders(t *testing.T) {
	fingerprints := func(w *world) []string {
		return w.cat.query("SELECT n || ' ' || (fingerprint <> 0) FROM vpod_dirs ORDER BY path")
	}
	t.Run("AnEditThatKeepsSizeAndTimeIsFound", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.rewrite("b.mkv")
		w.wantCounts(w.scan(scan.Options{}), counts{0, 1, 1, 0, 0})
		w.wantProbed("b.mkv")
	})
	t.Run("AnEditThatTheClockDoesNotTellIsFound", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "sub/b.mkv")
		w.later = -time.Minute // the server of the files is ahead
		for range 2 {
			summary := w.scan(scan.Options{})
			wantList(t, "folders", fingerprints(w), "1 0", "1 0")
			if summary.FilesRead != 2 { // the first time for their tracks, then for their hashes
				t.Errorf("%d files were read", summary.FilesRead)
			}
		}
		w.later = time.Minute
		for _, reads := range []int{2, 0} {
			summary := w.scan(scan.Options{})
			w.wantCounts(summary, counts{0, 0, 2, 0, 0})
			wantList(t, "folders", fingerprints(w), "1 1", "1 1")
			if summary.FilesRead != reads {
				t.Errorf("%d files were read, want %d", summary.FilesRead, reads)
			}
		}
	})
	t.Run("AFailedFileWhoseRightsHaveChangedIsReadAgain", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		good := w.prober
		w.prober = proberFunc(func(context.Context, string) (library.Media, error) { return library.Media{}, errors.New("no film") })
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 0, 0, 1})
		w.prober = good
		w.must(os.Chmod(w.path("a.mkv"), 0o640))
		w.wantCounts(w.scan(scan.Options{}), counts{0, 1, 0, 0, 0})
		w.wantStatus("a.mkv", library.StatusOK)
	})
	t.Run("ARowWhosePathAnotherProgramChangedIsNotTheFileThatIsThere", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.cat.run("UPDATE files SET path = ? WHERE filename = 'a.mkv'", w.path("elsewhere/a.mkv"))
		if summary := w.scan(scan.Options{}); summary.FilesMoved != 1 || summary.FilesSkipped != 1 {
			t.Errorf("%+v", summary)
		}
		w.wantCatalogued("a.mkv", "b.mkv")
	})
	t.Run("ANewLinkOrOwnerOfAFileIsNoChange", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		w.scan(scan.Options{})
		w.must(os.Chmod(w.path("a.mkv"), 0o640))
		for range 2 {
			summary := w.scan(scan.Options{})
			w.wantCounts(summary, counts{0, 0, 1, 0, 0})
			w.wantProbed()
		}
		if summary := w.scan(scan.Options{}); summary.FilesRead != 0 { // the new time of change was noted
			t.Errorf("%d files were read", summary.FilesRead)
		}
	})
	t.Run("AFolderWithAFailedFileIsComparedEachTime", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "sub/b.mkv")
		w.fill("sub/empty.mkv", "")
		w.scan(scan.Options{})
		wantList(t, "folders", fingerprints(w), "1 1", "2 0")
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 2, 0, 1})
	})
	t.Run("AFolderWhoseFilesArePendingIsComparedEachTime", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		w.prober = nil
		w.scan(scan.Options{})
		wantList(t, "folders", fingerprints(w), "1 0")
		w.scan(scan.Options{})
		wantList(t, "folders", fingerprints(w), "1 0")
	})
	t.Run("ARowThatAnotherProgramDeletesIsCataloguedAgain", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.cat.run("DELETE FROM files WHERE filename = 'a.mkv'")
		w.wantCounts(w.scan(scan.Options{}), counts{1, 0, 1, 0, 0})
	})
	t.Run("ARowThatAnotherProgramMarksMissingIsLookedAt", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.cat.run("UPDATE files SET scan_status = 'missing' WHERE filename = 'a.mkv'")
		w.wantCounts(w.scan(scan.Options{}), counts{0, 1, 1, 0, 0})
		w.wantStatus("a.mkv", library.StatusOK)
	})
	t.Run("ARowThatAnotherProgramAddedForAFileThatIsNotThereIsMissing", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		w.scan(scan.Options{})
		w.cat.run(`INSERT INTO files (path, filename, directory, extension, size_bytes, modified_at, scanned_at, scan_status)
			VALUES (?, 'b.mkv', ?, 'mkv', 1, '', '', 'ok')`, w.path("gone/b.mkv"), w.path("gone"))
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 1, 1, 0})
		w.wantStatus("gone/b.mkv", library.StatusMissing)
	})
	t.Run("TriggersThatWereLostAreMadeAgainAndNothingIsTrusted", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		w.scan(scan.Options{})
		w.cat.run("DROP TRIGGER vpod_file_changed")
		w.cat.run("UPDATE files SET size_bytes = 1")
		w.must(w.cat.Close())
		w.cat = reopen(t, w.cat)
		w.wantCounts(w.scan(scan.Options{}), counts{0, 1, 0, 0, 0})
		wantList(t, "triggers", w.cat.query("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"),
			"vpod_file_changed", "vpod_file_deleted")
	})
	t.Run("ALibraryOfThePythonProgramIsAdoptedWithoutReadingItsFiles", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		info, err := os.Stat(w.path("a.mkv"))
		w.must(err)
		w.cat.run(`INSERT INTO files (path, filename, directory, extension, size_bytes, modified_at, content_hash, scanned_at, scan_status)
			VALUES (?, 'a.mkv', ?, 'mkv', ?, ?, 'xxh64:0:0:5', '', 'ok')`, w.path("a.mkv"), w.root, info.Size(), library.FormatTime(info.ModTime()))
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 1, 0, 0})
		w.wantProbed()
		wantList(t, "folders", fingerprints(w), "1 1")
		w.rewrite("a.mkv") // and from now on such an edit is found
		w.wantCounts(w.scan(scan.Options{}), counts{0, 1, 0, 0, 0})
	})
	t.Run("OtherExtensionsAreAnotherLook", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.avi")
		w.wantCounts(w.scan(scan.Options{Extensions: []string{"mkv"}}), counts{1, 0, 0, 0, 0})
		w.wantCounts(w.scan(scan.Options{}), counts{1, 0, 1, 0, 0})
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 2, 0, 0})
	})
	t.Run("AnInterruptedFolderIsComparedAgain", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.cat.run("INSERT INTO vpod_dirs (path, n, fingerprint) VALUES (?, 0, 0)", w.root)
		w.wantCounts(w.scan(scan.Options{}), counts{2, 0, 0, 0, 0})
		wantList(t, "folders", fingerprints(w), "2 1")
	})
	t.Run("AnUnchangedLibraryCostsNoRead", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "sub/b.mkv", "sub/deep/c.mkv")
		w.scan(scan.Options{})
		w.cat.run("DELETE FROM files WHERE 0")
		if summary := w.scan(scan.Options{}); summary.FilesRead != 0 || summary.BytesRead != 0 || summary.FilesSkipped != 3 {
			t.Errorf("got %+v", summary)
		}
	})
}

func TestIgnore(t *testing.T) {
	t.Run("APatternWithoutAnEndIsToldAndIgnoresNothing", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.fill(".vpoignore", "a*\n[b\n")
		summary := w.scan(scan.Options{})
		w.wantCounts(summary, counts{2, 0, 0, 0, 0})
		w.wantError(summary, w.path(".vpoignore"), "line 2")
	})
	t.Run("NamesAndPathsByPattern", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.part.mkv", "raw/c.mkv", "sub/raw/d.mkv", "sub/e.part.mkv", "sub/raw.mkv")
		w.fill(".vpoignore", "# unfinished\n*.part.mkv\n/raw\n")
		summary := w.scan(scan.Options{})
		w.wantCatalogued("a.mkv", "sub/raw/d.mkv", "sub/raw.mkv")
		if summary.FilesIgnored != 2 {
			t.Errorf("%d ignored", summary.FilesIgnored)
		}
	})
	t.Run("APatternWithASlashAtItsEndIsForFolders", func(t *testing.T) {
		w := newWorld(t, "old.mkv", "old/a.mkv", "b/old/c.mkv", "b/old.mkv")
		w.fill(".vpoignore", "old/\nold.mkv/\n")
		w.scan(scan.Options{})
		w.wantCatalogued("old.mkv", "b/old.mkv")
	})
	t.Run("ALinkToAFolderIsAFolder", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		other := newWorld(t, "b.mkv")
		w.must(os.Symlink(other.root, w.path("old")))
		w.must(os.Symlink(other.path("b.mkv"), w.path("gone.mkv")))
		w.must(os.Symlink("nowhere", w.path("gone too.mkv")))
		w.fill(".vpoignore", "old/\ngone*\n")
		summary := w.scan(scan.Options{})
		w.wantCatalogued("a.mkv")
		w.wantNoErrors(summary)
		if summary.FilesIgnored != 1 {
			t.Errorf("%d ignored", summary.FilesIgnored)
		}
	})
	t.Run("EditorsOfWindowsMayWriteIt", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv", "all/c.mkv")
		w.fill(".vpoignore", "\ufeffa*\r\n# more\r\n")
		w.fill("all/.vpoignore", "\ufeff\r\n")
		w.scan(scan.Options{})
		w.wantCatalogued("b.mkv")
	})
	t.Run("AnEmptyOneAndNomediaAreForAllBelow", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "private/b.mkv", "private/sub/c.mkv", "phone/d.mkv")
		w.fill("private/.vpoignore", "")
		w.fill("phone/.nomedia", "whatever")
		w.scan(scan.Options{})
		w.wantCatalogued("a.mkv")
	})
	t.Run("WhatIsIgnoredLaterIsNotMissing", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b/c.mkv")
		w.scan(scan.Options{})
		w.fill("b/.nomedia", "")
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 1, 0, 0})
		w.wantStatus("b/c.mkv", library.StatusOK)
	})
}

func TestSamplesAndExtras(t *testing.T) {
	film := make([]byte, 100_000)
	files := func(w *world) {
		w.fill("Film/film.mkv", string(film))
		w.fill("Film/film-sample.mkv", "short")
		w.fill("Film/Sample/sample-film.mkv", "short")
		w.fill("Film/Trailers/one.mkv", "short")
		w.fill("Film/film-trailer.mkv", "short")
	}
	t.Run("SamplesArePassedOverAndCounted", func(t *testing.T) {
		w := newWorld(t)
		files(w)
		if summary := w.scan(scan.Options{}); summary.FilesNew != 3 || summary.FilesIgnored != 2 {
			t.Errorf("got %+v", summary)
		}
		w.wantCatalogued("Film/film.mkv", "Film/Trailers/one.mkv", "Film/film-trailer.mkv")
		w.wantCounts(w.scan(scan.Options{Samples: true}), counts{2, 0, 3, 0, 0})
	})
	t.Run("ExtrasCanBe", func(t *testing.T) {
		w := newWorld(t)
		files(w)
		w.wantCounts(w.scan(scan.Options{SkipExtras: true}), counts{1, 0, 0, 0, 0})
	})
	t.Run("AFileThatIsCalledSampleAndHasNoFilmBesideItIsOne", func(t *testing.T) {
		w := newWorld(t, "sample.mkv", "samples/a.mkv")
		w.wantCounts(w.scan(scan.Options{}), counts{2, 0, 0, 0, 0})
	})
}

func TestMoves(t *testing.T) {
	id := func(w *world, name string) string {
		w.Helper()
		ids := w.cat.query("SELECT id || ' ' || coalesce(plugin_metadata, '') FROM files WHERE path = ?", w.path(name))
		if len(ids) != 1 {
			w.Fatalf("%s has %d rows", name, len(ids))
		}
		return ids[0]
	}
	rename := func(w *world, from, to string) {
		w.Helper()
		w.must(os.MkdirAll(w.path(to+"/.."), 0o700))
		w.must(os.Rename(w.path(from), w.path(to)))
	}
	enriched := func(t *testing.T, names ...string) *world {
		w := newWorld(t, names...)
		w.scan(scan.Options{})
		w.cat.run("UPDATE files SET plugin_metadata = filename")
		w.cat.run("UPDATE tracks SET title = 'by hand'")
		return w
	}
	t.Run("ARenamedFileKeepsItsRowAndItsEnrichment", func(t *testing.T) {
		w := enriched(t, "a.mkv", "b.mkv")
		before := id(w, "a.mkv")
		rename(w, "a.mkv", "Film (2020)/film.mkv")
		summary := w.scan(scan.Options{})
		w.wantCatalogued("b.mkv", "Film (2020)/film.mkv")
		if after := id(w, "Film (2020)/film.mkv"); after != before || summary.FilesMoved != 1 || summary.FilesNew != 0 || summary.FilesMissing != 0 {
			t.Errorf("row %q, was %q; %+v", after, before, summary)
		}
		wantList(t, "titles", w.cat.query("SELECT DISTINCT title FROM tracks"), "by hand")
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 2, 0, 0})
		if summary := w.scan(scan.Options{}); summary.FilesRead != 0 {
			t.Errorf("%d files are read again", summary.FilesRead)
		}
	})
	t.Run("AMovedFolderMovesItsFiles", func(t *testing.T) {
		w := enriched(t, "old/a.mkv", "old/deep/b.mkv", "c.mkv")
		rename(w, "old", "new")
		summary := w.scan(scan.Options{})
		if summary.FilesMoved != 2 || summary.FilesNew != 0 || summary.FilesMissing != 0 || id(w, "new/deep/b.mkv") == "" {
			t.Errorf("got %+v", summary)
		}
	})
	t.Run("ACopyOnAnotherDiskWhoseOriginalIsGoneIsAMove", func(t *testing.T) {
		w := enriched(t, "a.mkv", "b.mkv")
		before := id(w, "a.mkv")
		w.fill("far/x.mkv", "a.mkv")
		w.remove("a.mkv")
		if summary := w.scan(scan.Options{}); summary.FilesMoved != 1 || id(w, "far/x.mkv") != before {
			t.Errorf("got %+v", summary)
		}
	})
	t.Run("ACopyBesideItsOriginalIsNew", func(t *testing.T) {
		w := enriched(t, "a.mkv")
		w.fill("copy.mkv", "a.mkv")
		w.wantCounts(w.scan(scan.Options{}), counts{1, 0, 1, 0, 0})
		w.remove("a.mkv") // later: the copy was known before
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 1, 1, 0})
	})
	t.Run("AFileThatWasMissingForAWhileIsFoundAgain", func(t *testing.T) {
		w := enriched(t, "a.mkv", "b.mkv")
		before := id(w, "a.mkv")
		rename(w, "a.mkv", "a.away")
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 1, 1, 0})
		rename(w, "a.away", "c.mkv")
		if summary := w.scan(scan.Options{}); summary.FilesMoved != 1 || id(w, "c.mkv") != before {
			t.Errorf("got %+v", summary)
		}
		w.wantStatus("c.mkv", library.StatusOK)
	})
	t.Run("TwoFilesThatSwapNamesAreReadAgain", func(t *testing.T) {
		w := enriched(t, "a.mkv", "b.mkv")
		w.must(os.Chtimes(w.path("a.mkv"), time.Time{}, time.Unix(1_500_000_000, 0)))
		w.scan(scan.Options{})
		rename(w, "a.mkv", "x")
		rename(w, "b.mkv", "a.mkv")
		rename(w, "x", "b.mkv")
		w.wantCounts(w.scan(scan.Options{}), counts{0, 2, 0, 0, 0})
	})
	t.Run("AMoveThatAnInterruptedScanHasMetIsCountedOnce", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.must(os.Rename(w.path("a.mkv"), w.path("c.mkv")))
		w.cat.markErr = errors.New("interrupted")
		w.write("d.mkv")
		w.remove("b.mkv")
		w.cat.run("CREATE TRIGGER busy BEFORE UPDATE OF path ON files BEGIN SELECT raise(ABORT, 'busy'); END")
		if _, err := w.try(t.Context(), scan.Options{}); err == nil {
			t.Fatal("the scan came to its end")
		}
		w.cat.run("DROP TRIGGER busy")
		w.cat.markErr = nil
		summary := w.scan(scan.Options{})
		if summary.FilesMoved != 1 || summary.FilesSkipped != 1 || summary.FilesFound != 2 || summary.FilesMissing != 1 {
			t.Errorf("%+v", summary)
		}
	})
	t.Run("AMoveIsToldAfterTheNewFile", func(t *testing.T) {
		w := enriched(t, "a.mkv", "b.mkv")
		rename(w, "a.mkv", "c.mkv")
		var events []string
		_, err := scan.Run(t.Context(), scan.Config{Catalog: w.cat, Prober: w.prober, Event: func(e scan.Event) {
			events = append(events, string(e.Outcome)+" "+e.Path+" "+e.From)
		}}, scan.Options{Roots: []string{w.root}})
		w.must(err)
		wantList(t, "events", events, "new "+w.path("c.mkv")+" ", "moved "+w.path("c.mkv")+" "+w.path("a.mkv"))
	})
}

// reopen opens the library of a catalogue that was closed.
func reopen(t *testing.T, c *catalog) *catalog {
	t.Helper()
	return openCatalog(t, c.path)
}
