package store_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// killAfter kills a process after d, or when it has ended by itself.
func killAfter(p *process, d time.Duration) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(p.stdout); lines.Scan(); {
		}
	}()
	select {
	case <-ended:
	case <-time.After(d):
	}
	p.kill()
	<-ended
}

func TestKilledWhileSaving(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	for round := range 15 {
		p := start(t, 0, "save", path)
		p.line()
		killAfter(p, time.Duration(rand.IntN(60))*time.Millisecond)
		db, err := open(t, path)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if v := db.Check(t.Context()); !v.OK() {
			t.Errorf("round %d: %+v", round, v)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if got := raw(t, path, "PRAGMA integrity_check"); !slices.Equal(got, []string{"ok"}) {
			t.Errorf("round %d: %q", round, got)
		}
		files := fmt.Sprintf(`SELECT count(*) %% %d, (SELECT count(*) FROM tracks) = 3 * count(*) FROM files`, batch)
		if got := raw(t, path, files); got[0] != "0|1" {
			t.Errorf("round %d: part of a batch is stored: %s", round, got)
		}
	}
	if got := raw(t, path, "SELECT count(*) > 0 FROM files"); got[0] != "1" {
		t.Error("nothing was ever stored")
	}
}

func TestKilledWhileCreating(t *testing.T) {
	for round := range 30 {
		path := filepath.Join(t.TempDir(), "library.db")
		killAfter(start(t, 0, "open", path), time.Duration(rand.IntN(25))*time.Millisecond)
		p := start(t, 0, "open", path)
		if got := p.line(); got != "opened" {
			t.Fatalf("round %d: %q", round, got)
		}
		if err := p.finish(); err != nil {
			t.Errorf("round %d: %v: %s", round, err, p.stderr.String())
		}
	}
}

func TestKilledWhileUpdating(t *testing.T) {
	for round := range 20 {
		path := pythonLibrary(t, "python27.sql")
		before := raw(t, path, "SELECT * FROM files")
		killAfter(start(t, 0, "open", path), time.Duration(5+rand.IntN(25))*time.Millisecond)
		db, err := open(t, path)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		db.Close()
		if got := raw(t, path, "SELECT * FROM files"); !slices.Equal(got, before) {
			t.Errorf("round %d: files %q", round, got)
		}
		copies, _ := filepath.Glob(path + ".backup-*")
		for _, c := range copies {
			if strings.Contains(c, ".partial") { // or the journal of one
				t.Errorf("round %d: %s is left behind", round, c)
				continue
			}
			if got := raw(t, c, "PRAGMA integrity_check"); got[0] != "ok" {
				t.Errorf("round %d: the copy %s: %q", round, c, got)
			}
		}
	}
}

func TestManyProcessesThatCreateAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	processes := make([]*process, 8)
	for i := range processes {
		processes[i] = start(t, 0, "open", path)
	}
	for _, p := range processes {
		if got := p.line(); got != "opened" {
			t.Error(got)
		}
		if err := p.finish(); err != nil {
			t.Error(err, p.stderr.String())
		}
	}
	if got := raw(t, path, "SELECT value FROM _meta WHERE key = 'vpod_schema_version'"); len(got) != 1 {
		t.Errorf("version %q", got)
	}
}

func TestManyProcessesThatUpdateAtOnce(t *testing.T) {
	path := pythonLibrary(t, "python27.sql")
	processes := make([]*process, 6)
	for i := range processes {
		processes[i] = start(t, 0, "open", path)
	}
	for _, p := range processes {
		if got := p.line(); got != "opened" {
			t.Error(got)
		}
		if err := p.finish(); err != nil {
			t.Error(err, p.stderr.String())
		}
	}
	// One that comes between two steps of another makes a copy of that state too.
	if copies, _ := filepath.Glob(path + ".backup-0-*"); len(copies) != 1 {
		t.Errorf("copies %q", copies)
	}
}
