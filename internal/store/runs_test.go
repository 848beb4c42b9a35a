package store_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"vpo/internal/library"
	"vpo/internal/store"
)

func TestRuns(t *testing.T) {
	db, path := create(t)
	at := time.Date(2026, 1, 2, 3, 4, 5, 250_000_000, time.UTC)
	begin := func() (store.Run, *store.Run) {
		t.Helper()
		run, previous, err := db.BeginRun(t.Context(), store.Run{StartedAt: at, PID: 42, Version: "1.0"})
		if err != nil {
			t.Fatal(err)
		}
		return run, previous
	}
	unclean := func() int {
		t.Helper()
		s, err := db.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s.UncleanRuns
	}

	first, previous := begin()
	if previous != nil {
		t.Errorf("before the first run there was %+v", previous)
	}
	first.EndedAt, first.Clean, first.Receipt = at.Add(time.Second), true, json.RawMessage(`{"stages":[]}`)
	if err := db.EndRun(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	elsewhere := first // with the same number, in a library that was here before this one
	elsewhere.StartedAt, elsewhere.Clean = at.Add(-time.Hour), false
	if err := db.EndRun(t.Context(), elsewhere); err != nil {
		t.Fatal(err)
	}
	if last, err := db.LastRun(t.Context()); err != nil || !reflect.DeepEqual(*last, first) {
		t.Errorf("last run %+v, %v, want %+v", last, err, first)
	}

	inARow := func(run int64, want int) {
		t.Helper()
		if got, err := db.UncleanInARow(t.Context(), run); err != nil || got != want {
			t.Errorf("%d unclean runs in a row, %v, want %d", got, err, want)
		}
	}
	inARow(first.ID, 0)

	second, previous := begin()
	inARow(second.ID, 0)
	if !reflect.DeepEqual(*previous, first) {
		t.Errorf("previous run %+v, want %+v", previous, first)
	}
	if n := unclean(); n != 0 {
		t.Errorf("%d unclean runs after a clean one", n)
	}

	third, _ := begin()
	inARow(third.ID, 1)

	for range 119 { // each of these finds one that never ended
		if _, previous = begin(); !previous.EndedAt.IsZero() || previous.Receipt != nil {
			t.Fatalf("previous run %+v", previous)
		}
	}
	inARow(122, 99) // as far back as runs are kept
	if n := unclean(); n != 120 {
		t.Errorf("%d unclean runs, want 120", n)
	}
	if got := raw(t, path, "SELECT count(*), max(id) FROM vpod_runs"); got[0] != "100|122" {
		t.Errorf("kept %q", got)
	}
}

func TestMounts(t *testing.T) {
	db, _ := create(t)
	first := library.Mount{Path: "/a", Device: math.MaxUint64, FSType: "nfs4", Source: "nas:/films", LastScanAt: "x", Files: 3}
	second := library.Mount{Path: "/b", Device: 1, FSType: "ext4", Source: "/dev/sdb1"}
	for _, m := range []library.Mount{second, first, second} {
		if err := db.SaveMount(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := db.Mounts(t.Context()); err != nil || !slices.Equal(got, []library.Mount{first, second}) {
		t.Errorf("%+v, %v", got, err)
	}
	first.Files = 4
	if err := db.SaveMount(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Mounts(t.Context()); err != nil || got[0].Files != 4 || len(got) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestStats(t *testing.T) {
	db, _ := create(t)
	if s, err := db.Stats(t.Context()); err != nil || s != (store.Stats{}) {
		t.Errorf("empty: %+v, %v", s, err)
	}
	files := []library.File{file("/1.mkv", 2), file("/2.mkv", 1), file("/3.mkv", 0), file("/4.mkv", 0), file("/5.mkv", 0)}
	files[1].ScannedAt = "2026-05-01T00:00:00+00:00"
	files[2].Status, files[3].Status, files[4].Status = library.StatusError, library.StatusMissing, library.StatusPending
	if err := db.Save(t.Context(), library.Batch{Files: files}); err != nil {
		t.Fatal(err)
	}
	want := store.Stats{Files: 5, Failed: 1, Missing: 1, Pending: 1, Tracks: 3, LastScanAt: files[1].ScannedAt}
	if s, err := db.Stats(t.Context()); err != nil || s != want {
		t.Errorf("%+v, %v, want %+v", s, err, want)
	}
}
