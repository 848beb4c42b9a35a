package scan_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"vpo/internal/library"
	"vpo/internal/scan"
)

// catalog keeps in memory what the store keeps in tables.
type catalog struct {
	mu     sync.Mutex
	files  map[string]library.File
	mounts map[string]library.Mount
	saves  int
	onSave func() error // called before a save; its error is that of the save
}

func newCatalog() *catalog {
	return &catalog{files: map[string]library.File{}, mounts: map[string]library.Mount{}}
}

func (c *catalog) Known(_ context.Context, root string) (map[string]library.Known, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := map[string]library.Known{}
	for path, f := range c.files {
		if strings.HasPrefix(path, strings.TrimRight(root, "/")+"/") {
			known[path] = library.Known{
				ID: f.ID, SizeBytes: f.SizeBytes, ModifiedAt: f.ModifiedAt, ContentHash: f.ContentHash, Status: f.Status, Error: f.Error,
			}
		}
	}
	return known, nil
}

func (c *catalog) Save(ctx context.Context, files []library.File) error {
	if c.onSave != nil {
		if err := c.onSave(); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.saves++
	for _, f := range files {
		f.ID = int64(len(c.files) + 1)
		if old, ok := c.files[f.Path]; ok {
			f.ID = old.ID
		}
		c.files[f.Path] = f
	}
	return nil
}

func (c *catalog) MarkMissing(_ context.Context, ids []int64) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for path, f := range c.files {
		if slices.Contains(ids, f.ID) {
			f.Status = library.StatusMissing
			c.files[path] = f
		}
	}
	return len(ids), nil
}

func (c *catalog) Mounts(context.Context) ([]library.Mount, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Values(c.mounts)), nil
}

func (c *catalog) SaveMount(_ context.Context, m library.Mount) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mounts[m.Path] = m
	return nil
}

// prober answers that every file is a film, except those that begin with "broken", and notes whom it was asked about.
type prober struct {
	mu      sync.Mutex
	asked   []string
	onProbe func(path string)
	err     error
}

var errBroken = errors.New("no film")

func (p *prober) Probe(_ context.Context, path string) (library.Media, error) {
	p.mu.Lock()
	p.asked = append(p.asked, filepath.Base(path))
	p.mu.Unlock()
	if p.onProbe != nil {
		p.onProbe(path)
	}
	if p.err != nil {
		return library.Media{}, p.err
	}
	if content, err := os.ReadFile(path); err != nil || strings.HasPrefix(string(content), "broken") {
		return library.Media{}, errBroken
	}
	return library.Media{ContainerFormat: "avi", Tracks: []library.Track{{Type: library.TrackVideo}}}, nil
}

// fixture is a library in a temporary folder, with a catalogue of its own.
type fixture struct {
	t       *testing.T
	root    string
	catalog *catalog
	prober  *prober
}

// newFixture makes a folder that holds the named files; each one's content is its own name.
func newFixture(t *testing.T, names ...string) *fixture {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, root: root, catalog: newCatalog(), prober: &prober{}}
	for _, name := range names {
		f.write(name, name)
	}
	return f
}

func (f *fixture) path(name string) string { return filepath.Join(f.root, name) }

func (f *fixture) write(name, content string) {
	f.t.Helper()
	f.must(os.MkdirAll(filepath.Dir(f.path(name)), 0o755))
	f.must(os.WriteFile(f.path(name), []byte(content), 0o644))
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) config() scan.Config {
	return scan.Config{Catalog: f.catalog, Prober: f.prober}
}

// scan runs a scan that has to succeed; no root means the fixture's.
func (f *fixture) scan(opts scan.Options) scan.Summary {
	f.t.Helper()
	summary, err := f.tryScan(opts)
	f.must(err)
	return summary
}

func (f *fixture) tryScan(opts scan.Options) (scan.Summary, error) {
	f.t.Helper()
	if opts.Roots == nil {
		opts.Roots = []string{f.root}
	}
	f.prober.asked = nil
	return scan.Run(f.t.Context(), f.config(), opts)
}

// paths lists the catalogue's files with a status, relative to the root.
func (f *fixture) paths(status library.Status) []string {
	var paths []string
	for path, file := range f.catalog.files {
		if file.Status == status {
			relative, err := filepath.Rel(f.root, path)
			f.must(err)
			paths = append(paths, relative)
		}
	}
	slices.Sort(paths)
	return paths
}

// want compares the counts of a summary: found, new, updated, skipped, missing, failed.
func want(t *testing.T, s scan.Summary, found, fresh, updated, skipped, missing, failed int) {
	t.Helper()
	got := [6]int{s.FilesFound, s.FilesNew, s.FilesUpdated, s.FilesSkipped, s.FilesMissing, s.FilesFailed}
	if got != [6]int{found, fresh, updated, skipped, missing, failed} {
		t.Errorf("found, new, updated, skipped, missing, failed: got %v, want %v; errors %v", got,
			[6]int{found, fresh, updated, skipped, missing, failed}, s.Errors)
	}
}

func wantList(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// complains tells whether the errors of a summary name a path with a text.
func complains(s scan.Summary, path, text string) bool {
	return slices.ContainsFunc(s.Errors, func(e scan.FileError) bool {
		return e.Path == path && strings.Contains(e.Error, text)
	})
}
