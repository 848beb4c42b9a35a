package scan_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/scan"
)

func TestScan(t *testing.T) {
	t.Run("WithoutACatalogueIsRefused", func(t *testing.T) {
		w := newWorld(t)
		w.cat = nil
		summary, err := w.try(t.Context(), scan.Options{})
		if err == nil || errors.Is(err, scan.ErrRoot) || summary.Errors == nil || summary.Notes == nil || summary.Breakdown.Containers == nil {
			t.Errorf("got %v, errors %#v", err, summary.Errors)
		}
	})
	t.Run("ZeroLengthFileFails", func(t *testing.T) {
		w := newWorld(t)
		w.must(os.WriteFile(w.path("a.mkv"), nil, 0o600))
		summary := w.scan(scan.Options{})
		w.wantCounts(summary, counts{0, 0, 0, 0, 1})
		w.wantError(summary, w.path("a.mkv"), "empty")
		w.wantStatus("a.mkv", library.StatusError)
		w.wantProbed()
	})
	t.Run("FailedFileIsNotReadAgainButToldAgain", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		good := w.prober
		w.prober = proberFunc(func(ctx context.Context, path string) (library.Media, error) {
			if path == w.path("a.mkv") {
				return library.Media{}, errors.New("no film")
			}
			return good.Probe(ctx, library.Content{Path: path})
		})
		w.wantCounts(w.scan(scan.Options{}), counts{1, 0, 0, 0, 1})
		w.prober = good
		for _, opts := range []scan.Options{{}, {VerifyHash: true}, {DryRun: true}} {
			summary := w.scan(opts)
			w.wantCounts(summary, counts{0, 0, 1, 0, 1})
			w.wantError(summary, w.path("a.mkv"), "no film")
			w.wantProbed()
		}
		w.wantCounts(w.scan(scan.Options{Full: true}), counts{0, 2, 0, 0, 0})
		w.wantStatus("a.mkv", library.StatusOK)
	})
	t.Run("NewFileIsProbedAndSaved", func(t *testing.T) {
		w := newWorld(t, "deep/er/a.mkv", "b.MP4", "c.txt", "mkv", "d.mkv.part")
		summary := w.scan(scan.Options{})
		w.wantCounts(summary, counts{2, 0, 0, 0, 0})
		w.wantNoErrors(summary)
		w.wantCatalogued("deep/er/a.mkv", "b.MP4")
		got := w.cat.query(`SELECT extension || ' ' || filename || ' ' || directory || ' ' || size_bytes || ' ' || scan_status || ' ' ||
			container_format || ' ' || (SELECT count(*) FROM tracks WHERE file_id = files.id) || ' ' || length(content_hash) || ' ' ||
			(scanned_at > '2026') FROM files WHERE path = ?`, w.path("b.MP4"))
		wantList(t, "row", got, "mp4 b.MP4 "+w.root+" 5 ok fake 1 41 1")
		if summary.DirectoriesScanned != 3 {
			t.Errorf("%d folders", summary.DirectoriesScanned)
		}
	})
	t.Run("UnchangedFileIsNotProbed", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		w.scan(scan.Options{})
		writes := w.cat.writes
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 1, 0, 0})
		w.wantProbed()
		if w.cat.writes-writes > 1 { // the mount
			t.Errorf("%d writes", w.cat.writes-writes)
		}
	})
	t.Run("ChangedFileIsProbed", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.touch("b.mkv")
		w.wantCounts(w.scan(scan.Options{}), counts{0, 1, 1, 0, 0})
		w.wantProbed("b.mkv")
	})
	t.Run("FullProbesUnchangedFiles", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.wantCounts(w.scan(scan.Options{Full: true}), counts{0, 2, 0, 0, 0})
		w.wantProbed("a.mkv", "b.mkv")
	})
	t.Run("VerifyHashProbesWhatChangedUnderTheSameTime", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.rewrite("b.mkv")
		w.cat.run("UPDATE vpod_files SET changed_at = 0; UPDATE vpod_dirs SET fingerprint = 0") // as where another program has catalogued it
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 2, 0, 0})
		w.wantCounts(w.scan(scan.Options{VerifyHash: true}), counts{0, 1, 1, 0, 0})
		w.wantProbed("b.mkv")
	})
	t.Run("ErrorsAreSorted", func(t *testing.T) {
		w := newWorld(t)
		for i := range 20 {
			w.must(os.WriteFile(w.path(fmt.Sprintf("%02d.mkv", (i*7)%20)), nil, 0o600))
		}
		summary := w.scan(scan.Options{})
		if len(summary.Errors) != 20 || !slices.IsSortedFunc(summary.Errors, func(a, b scan.FileError) int {
			if a.Path < b.Path {
				return -1
			}
			return 1
		}) {
			t.Errorf("got %q", summary.Errors)
		}
	})
	t.Run("ProgressEndsWithAllSettled", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv", "c.mkv")
		var meter scan.Meter
		_, err := scan.Run(t.Context(), scan.Config{Catalog: w.cat, Prober: w.prober, Meter: &meter}, scan.Options{Roots: []string{w.root}})
		if got := meter.Progress(); err != nil || got.Found != 3 || got.Done != 3 || got.Read != 3 || !got.Walked || got.Folders != 1 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestDryRun(t *testing.T) {
	t.Run("WritesNothing", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv", "c.mkv", "d.mkv")
		w.scan(scan.Options{})
		w.touch("a.mkv")
		w.remove("b.mkv")
		w.rewrite("c.mkv")
		w.write("e.mkv")
		writes := w.cat.writes
		w.wantCounts(w.scan(scan.Options{DryRun: true}), counts{1, 2, 1, 1, 0})
		summary := w.scan(scan.Options{DryRun: true, VerifyHash: true})
		w.wantCounts(summary, counts{1, 2, 1, 1, 0})
		w.wantProbed()
		if w.cat.writes != writes || !summary.DryRun {
			t.Errorf("%d writes, %+v", w.cat.writes-writes, summary)
		}
	})
	t.Run("WritesNoFailureEither", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		w.must(os.WriteFile(w.path("a.mkv"), nil, 0o600))
		info, err := os.Stat(w.path("a.mkv"))
		w.must(err)
		w.cat.run(`INSERT INTO files (path, filename, directory, extension, size_bytes, modified_at, scanned_at, scan_status)
			VALUES (?, 'a.mkv', ?, 'mkv', 0, ?, '', 'ok')`, w.path("a.mkv"), w.root, library.FormatTime(info.ModTime()))
		w.wantCounts(w.scan(scan.Options{DryRun: true, VerifyHash: true}), counts{0, 0, 0, 0, 1})
		if w.cat.writes != 0 {
			t.Errorf("%d writes", w.cat.writes)
		}
	})
	t.Run("NeedsNoCatalogue", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		w.cat = nil
		w.wantCounts(w.scan(scan.Options{DryRun: true, VerifyHash: true}), counts{1, 0, 0, 0, 0})
	})
}

func TestPending(t *testing.T) {
	unavailable := proberFunc(func(context.Context, string) (library.Media, error) {
		return library.Media{}, fmt.Errorf("%w: gone", library.ErrProberUnavailable)
	})
	t.Run("ProberThatCannotStartIsToldOnce", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.prober = unavailable
		summary := w.scan(scan.Options{})
		if len(summary.Errors) != 1 || summary.FilesPending != 2 {
			t.Errorf("got %+v", summary)
		}
		w.wantStatus("a.mkv", library.StatusPending)
	})
	t.Run("WithoutAProberWhatIsKnownStays", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		w.scan(scan.Options{})
		for _, prober := range []scan.Prober{nil, unavailable} {
			w.prober = prober
			w.wantCounts(w.scan(scan.Options{Full: true}), counts{0, 0, 1, 0, 0})
			w.wantStatus("a.mkv", library.StatusOK)
		}
	})
	t.Run("FilesAreCompletedOnceThereIsAProber", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		prober := w.prober
		w.prober = nil
		summary := w.scan(scan.Options{})
		w.wantCounts(summary, counts{2, 0, 0, 0, 0})
		if summary.FilesPending != 2 {
			t.Errorf("%d pending", summary.FilesPending)
		}
		w.wantStatus("a.mkv", library.StatusPending)
		w.wantCounts(w.scan(scan.Options{}), counts{0, 0, 2, 0, 0})
		w.prober = prober
		w.wantCounts(w.scan(scan.Options{}), counts{0, 2, 0, 0, 0})
		w.wantStatus("a.mkv", library.StatusOK)
	})
}

func TestEndOfAScan(t *testing.T) {
	broken := errors.New("broken catalogue")
	t.Run("SaveErrorEndsTheScan", func(t *testing.T) {
		w := newWorld(t)
		for i := range 500 {
			w.write(fmt.Sprintf("%03d.mkv", i))
		}
		w.cat.onSave = func() error { return broken }
		summary, err := w.try(t.Context(), scan.Options{Workers: 1})
		if !errors.Is(err, broken) || summary.Interrupted {
			t.Errorf("got %v, interrupted %v", err, summary.Interrupted)
		}
		if len(w.probed) == 500 {
			t.Error("all files were read all the same")
		}
	})
	t.Run("MarkErrorEndsTheScan", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		w.scan(scan.Options{})
		w.remove("a.mkv")
		w.cat.markErr = broken
		summary, err := w.try(t.Context(), scan.Options{})
		if !errors.Is(err, broken) || summary.FilesMissing != 0 {
			t.Errorf("got %v, %+v", err, summary)
		}
	})
	t.Run("InterruptionBeforeTheStartReadsNothing", func(t *testing.T) {
		w := newWorld(t, "a.mkv")
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("stop")
		cancel(cause)
		summary, err := w.try(ctx, scan.Options{})
		if !errors.Is(err, cause) || !summary.Interrupted {
			t.Errorf("got %v, %+v", err, summary)
		}
		w.wantProbed()
	})
	for _, workers := range []int{1, 4} {
		t.Run(fmt.Sprintf("InterruptionKeepsWhatIsFinished/%dWorkers", workers), func(t *testing.T) {
			testInterruption(t, workers)
		})
	}
	t.Run("SaveErrorAfterAnInterruptionIsTold", func(t *testing.T) {
		w := newWorld(t, "a.mkv", "b.mkv")
		ctx, cancel := context.WithCancel(t.Context())
		w.prober = proberFunc(func(context.Context, string) (library.Media, error) {
			cancel()
			return library.Media{}, nil
		})
		w.cat.onSave = func() error { return broken }
		summary, err := w.try(ctx, scan.Options{Workers: 1})
		if !errors.Is(err, broken) || !errors.Is(err, context.Canceled) || !summary.Interrupted {
			t.Errorf("got %v, %+v", err, summary)
		}
	})
}

func testInterruption(t *testing.T, workers int) {
	t.Helper()
	w := newWorld(t)
	for i := range 60 {
		w.write(fmt.Sprintf("%02d.mkv", i))
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("stop")
	n, good := make(chan struct{}, 10), w.prober
	w.prober = proberFunc(func(ctx context.Context, path string) (library.Media, error) {
		select {
		case n <- struct{}{}:
			return good.Probe(ctx, library.Content{Path: path})
		default:
			cancel(cause)
			return library.Media{}, context.Cause(ctx)
		}
	})
	summary, err := w.try(ctx, scan.Options{Workers: workers})
	if !errors.Is(err, cause) || !summary.Interrupted {
		t.Errorf("got %v, %+v", err, summary)
	}
	w.wantCounts(summary, counts{10, 0, 0, 0, 0})
	if got, want := w.cat.query("SELECT path FROM files ORDER BY path"), slices.Sorted(slices.Values(w.probed)); !slices.Equal(got, want) {
		t.Errorf("catalogued %q, finished %q", got, want)
	}
	w.prober = good
	w.wantCounts(w.scan(scan.Options{}), counts{50, 0, 10, 0, 0})
}

func TestSummary(t *testing.T) {
	t.Run("HasTheKeysOfTheContract", func(t *testing.T) {
		w := newWorld(t)
		encoded, err := json.Marshal(w.scan(scan.Options{}))
		w.must(err)
		var got map[string]any
		w.must(json.Unmarshal(encoded, &got))
		want := strings.Fields(`breakdown bytes_read directories_scanned dry_run elapsed_seconds errors files_failed files_found
			files_ignored files_missing files_moved files_new files_pending files_read files_skipped files_updated interrupted
			notes second_opinions`)
		if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) {
			t.Errorf("got %q", keys)
		}
		if list, ok := got["errors"].([]any); !ok || len(list) != 0 {
			t.Errorf("errors is %v", got["errors"])
		}
	})
	t.Run("AnErrorHasPathAndError", func(t *testing.T) {
		encoded, err := json.Marshal(scan.FileError{"/a", "b"})
		if err != nil || string(encoded) != `{"path":"/a","error":"b"}` {
			t.Errorf("got %s, %v", encoded, err)
		}
	})
}
