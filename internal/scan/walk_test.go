package scan_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"vpo/internal/library"
	"vpo/internal/scan"
)

func TestWalk(t *testing.T) {
	t.Run("NamesAreBytesWithAFewRules", func(t *testing.T) {
		names := []string{
			"-v.mkv", " .mkv", "B.MKV", "Season 1/e\n01.webm", "café.mp4", "cafe\u0301.mp4", "💡.mov", "a.part.avi",
		}
		f := newWorld(t, append(names, "notes.txt", "mkv", ".mkv", ".hidden.mkv", ".Trash-1000/x.mkv", "@eaDir/x.mkv",
			"lost+found/x.mkv", "$RECYCLE.BIN/x.mkv")...)
		want(t, f.scan(scan.Options{}), len(names), len(names), 0, 0, 0, 0)
	})
	t.Run("ANameThatIsNotUTF8IsToldAndNotStored", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "b\xff.mkv", "c\xfe/d.mkv")
		summary := f.scan(scan.Options{})
		want(t, summary, 3, 1, 0, 0, 0, 2)
		if !complains(summary, f.path(`b\xff.mkv`), "UTF-8") || !complains(summary, f.path(`c\xfe/d.mkv`), "UTF-8") {
			t.Errorf("got %v", summary.Errors)
		}
		wantList(t, "stored", f.paths(library.StatusOK), "a.mkv")
	})
	t.Run("OtherExtensionsAreNotMissing", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "b.mp4")
		f.scan(scan.Options{})
		want(t, f.scan(scan.Options{Extensions: []string{".MKV"}}), 1, 0, 0, 1, 0, 0)
	})
	t.Run("AThingThatIsNoFileIsNotOpened", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "folder.mkv/b.mkv")
		f.must(syscall.Mkfifo(f.path("fifo.mkv"), 0o600))
		f.must(os.Symlink("fifo.mkv", f.path("link.mkv")))
		want(t, f.scan(scan.Options{}), 2, 2, 0, 0, 0, 0)
	})
	t.Run("OverlappingRootsScanAFileOnce", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "sub/b.mkv")
		roots := []string{f.path("sub"), f.root, f.root + "/sub/../", f.path("sub")}
		want(t, f.scan(scan.Options{Roots: roots}), 2, 2, 0, 0, 0, 0)
	})
	t.Run("ARootIsScannedWhateverItsName", func(t *testing.T) {
		f := newWorld(t, "a.mkv", ".private/b.mkv")
		want(t, f.scan(scan.Options{Roots: []string{f.path(".private")}}), 1, 1, 0, 0, 0, 0)
		want(t, f.scan(scan.Options{Roots: []string{f.root, f.path(".private")}}), 2, 1, 0, 1, 0, 0)
	})
	t.Run("AnUnreadableFolderIsToldAndNothingBelowIsMissing", func(t *testing.T) {
		if unprivileged(t) {
			return
		}
		f := newWorld(t, "a.mkv", "closed/b.mkv")
		f.scan(scan.Options{})
		f.must(os.Chmod(f.path("closed"), 0))
		t.Cleanup(func() { f.must(os.Chmod(f.path("closed"), 0o755)) })
		summary := f.scan(scan.Options{})
		want(t, summary, 1, 0, 0, 1, 0, 0)
		if !complains(summary, f.path("closed"), "permission denied") {
			t.Errorf("got %v", summary.Errors)
		}
	})
	t.Run("AnUnreadableFileIsDataWithItsReason", func(t *testing.T) {
		if unprivileged(t) {
			return
		}
		f := newWorld(t, "a.mkv")
		f.must(os.Chmod(f.path("a.mkv"), 0))
		summary := f.scan(scan.Options{})
		want(t, summary, 1, 0, 0, 0, 0, 1)
		if !complains(summary, f.path("a.mkv"), "permission denied") {
			t.Errorf("got %v", summary.Errors)
		}
		want(t, f.scan(scan.Options{}), 1, 0, 0, 0, 0, 1)
	})
}

func TestLinks(t *testing.T) {
	t.Run("AFileHasTheLinksPath", func(t *testing.T) {
		f := newWorld(t, "films/.keep")
		elsewhere := newWorld(t, "a.mkv")
		f.must(os.Symlink(elsewhere.path("a.mkv"), f.path("films/linked.mkv")))
		want(t, f.scan(scan.Options{}), 1, 1, 0, 0, 0, 0)
		wantList(t, "stored", f.paths(library.StatusOK), "films/linked.mkv")
	})
	t.Run("AFolderIsFollowedOnceAndLoopsEnd", func(t *testing.T) {
		f := newWorld(t, "z/real.mkv")
		f.must(os.Symlink("z", f.path("a")))
		f.must(os.Symlink("..", f.path("z/loop")))
		f.must(os.Symlink(f.root, f.path("z/again")))
		want(t, f.scan(scan.Options{}), 1, 1, 0, 0, 0, 0)
		wantList(t, "stored", f.paths(library.StatusOK), "z/real.mkv")
	})
	t.Run("WhatLiesBehindOneThatDanglesIsNotMissing", func(t *testing.T) {
		f := newWorld(t, "a.mkv")
		disk := newWorld(t, "b.mkv", "c.mkv")
		f.must(os.Symlink(disk.root, f.path("disk2")))
		f.must(os.Symlink(disk.path("c.mkv"), f.path("c.mkv")))
		want(t, f.scan(scan.Options{}), 4, 4, 0, 0, 0, 0)
		f.must(os.Rename(disk.root, disk.root+"-unplugged"))
		t.Cleanup(func() { f.must(os.Rename(disk.root+"-unplugged", disk.root)) })
		summary := f.scan(scan.Options{})
		if summary.FilesMissing != 0 || !complains(summary, f.path("disk2"), "nowhere") || !complains(summary, f.path("c.mkv"), "nowhere") {
			t.Errorf("got %+v", summary)
		}
	})
}

func TestMissing(t *testing.T) {
	t.Run("AFileThatIsGoneIsMarkedOnce", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "sub/b.mkv")
		f.scan(scan.Options{})
		f.must(os.RemoveAll(f.path("sub")))
		want(t, f.scan(scan.Options{}), 1, 0, 0, 1, 1, 0)
		wantList(t, "missing", f.paths(library.StatusMissing), "sub/b.mkv")
		want(t, f.scan(scan.Options{}), 1, 0, 0, 1, 0, 0)
	})
	t.Run("AFileThatIsBackIsReadAgain", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "b.mkv")
		f.scan(scan.Options{})
		f.must(os.Rename(f.path("b.mkv"), f.path("b.away")))
		f.scan(scan.Options{})
		f.must(os.Rename(f.path("b.away"), f.path("b.mkv")))
		want(t, f.scan(scan.Options{}), 2, 0, 1, 1, 0, 0)
		wantList(t, "ok", f.paths(library.StatusOK), "a.mkv", "b.mkv")
	})
	t.Run("NothingOutsideTheRootsIs", func(t *testing.T) {
		f := newWorld(t, "films/a.mkv", "films2/b.mkv")
		f.scan(scan.Options{})
		f.must(os.RemoveAll(f.path("films2")))
		want(t, f.scan(scan.Options{Roots: []string{f.path("films")}}), 1, 0, 0, 1, 0, 0)
	})
	t.Run("ARootThatIsSuddenlyEmptyMarksNothing", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "sub/b.mkv")
		f.scan(scan.Options{})
		f.must(os.RemoveAll(f.path("sub")))
		f.must(os.Remove(f.path("a.mkv")))
		summary := f.scan(scan.Options{})
		want(t, summary, 0, 0, 0, 0, 0, 0)
		if !complains(summary, f.root, "mounted") {
			t.Errorf("got %v", summary.Errors)
		}
	})
	t.Run("ARootThatVanishedEndsNoScan", func(t *testing.T) {
		f := newWorld(t, "a.mkv")
		f.scan(scan.Options{})
		f.cat.run("DELETE FROM _meta WHERE key = 'vpod_settled_id'")
		if _, err := f.try(t.Context(), scan.Options{Roots: []string{f.path("none")}}); !errors.Is(err, scan.ErrRoot) {
			t.Error(err)
		}
		wantList(t, "settled", f.cat.query("SELECT value FROM _meta WHERE key = 'vpod_settled_id'"))
	})
	t.Run("ARootThatVanishedMarksNothingEvenBelowAnotherRoot", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "disk/b.mkv")
		f.scan(scan.Options{})
		f.must(os.RemoveAll(f.path("disk")))
		summary, err := f.try(t.Context(), scan.Options{Roots: []string{f.root, f.path("disk")}})
		if err == nil || summary.FilesMissing != 0 {
			t.Errorf("got %v, %+v", err, summary)
		}
	})
	t.Run("AFolderThatWasOnceARootCanLoseAFile", func(t *testing.T) {
		f := newWorld(t, "films/a.mkv", "films/b.mkv", "series/c.mkv")
		f.scan(scan.Options{Roots: []string{f.path("films")}})
		f.must(os.Remove(f.path("films/b.mkv")))
		summary := f.scan(scan.Options{})
		want(t, summary, 2, 1, 0, 1, 1, 0)
		if len(summary.Errors) != 0 {
			t.Errorf("got %v", summary.Errors)
		}
	})
	t.Run("AFileThatBecameAFolderIs", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "b.mkv")
		f.scan(scan.Options{})
		f.must(os.Remove(f.path("b.mkv")))
		f.must(os.Mkdir(f.path("b.mkv"), 0o755))
		want(t, f.scan(scan.Options{}), 1, 0, 0, 1, 1, 0)
	})
	t.Run("AFileThatVanishesBeforeItIsReadIsMissingAtTheNextScan", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "b.mkv")
		f.scan(scan.Options{})
		f.fill("a.mkv", "changed and longer")
		f.fill("b.mkv", "changed and longer")
		f.prober = proberFunc(func(context.Context, string) (library.Media, error) {
			os.Remove(f.path("a.mkv"))
			os.Remove(f.path("b.mkv"))
			return library.Media{ContainerFormat: "fake"}, nil
		})
		want(t, f.scan(scan.Options{Workers: 1}), 1, 0, 1, 0, 0, 0)
		f.fill("c.mkv", "another")
		want(t, f.scan(scan.Options{}), 1, 1, 0, 0, 2, 0)
	})
}

func TestMounts(t *testing.T) {
	remember := func(w *world, path, source string) {
		w.must(w.cat.SaveMount(t.Context(), library.Mount{Path: path, Source: source, FSType: "ext4", Device: 1, LastScanAt: "t", Files: 1}))
	}
	t.Run("AnotherFileSystemAtTheRootMarksNothingUntilItIsAccepted", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "b.mkv")
		f.scan(scan.Options{})
		remember(f, f.root, "/dev/films")
		f.must(os.Remove(f.path("b.mkv")))
		summary := f.scan(scan.Options{})
		if summary.FilesMissing != 0 || !complains(summary, f.root, "/dev/films") {
			t.Errorf("got %+v", summary)
		}
		if summary = f.scan(scan.Options{Full: true}); summary.FilesMissing != 1 {
			t.Errorf("got %+v", summary)
		}
		if summary = f.scan(scan.Options{}); len(summary.Errors) != 0 {
			t.Errorf("got %+v", summary)
		}
	})
	t.Run("AMountBelowTheRootThatIsGoneMarksNothingThere", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "b.mkv", "disk/c.mkv")
		f.scan(scan.Options{})
		remember(f, f.path("disk"), "/dev/films")
		f.must(os.Remove(f.path("disk/c.mkv")))
		f.must(os.Remove(f.path("b.mkv")))
		summary := f.scan(scan.Options{})
		want(t, summary, 1, 0, 0, 1, 1, 0)
		if !complains(summary, f.path("disk"), "/dev/films") {
			t.Errorf("got %v", summary.Errors)
		}
	})
	t.Run("AMountThatIsGoneForGoodCanBeAccepted", func(t *testing.T) {
		f := newWorld(t, "a.mkv", "disk/c.mkv")
		f.scan(scan.Options{})
		remember(f, f.path("disk"), "/dev/films")
		f.must(os.RemoveAll(f.path("disk")))
		f.scan(scan.Options{})
		if summary := f.scan(scan.Options{Full: true}); summary.FilesMissing != 1 {
			t.Errorf("got %+v", summary)
		}
	})
	t.Run("ALinkThatWasRemovedTakesItsFilesAlong", func(t *testing.T) {
		f := newWorld(t, "a.mkv")
		disk := newWorld(t, "b.mkv")
		f.must(os.Symlink(disk.root, f.path("more")))
		f.scan(scan.Options{})
		f.must(os.Remove(f.path("more")))
		summary := f.scan(scan.Options{})
		want(t, summary, 1, 0, 0, 1, 1, 0)
	})
}

func TestTheLibraryOfTheRepository(t *testing.T) {
	f := newWorld(t)
	root, err := filepath.Abs("../../testdata/library")
	f.must(err)
	want(t, f.scan(scan.Options{Roots: []string{root}}), 8, 8, 0, 0, 0, 0)
	want(t, f.scan(scan.Options{Roots: []string{root}}), 8, 0, 0, 8, 0, 0)
}
