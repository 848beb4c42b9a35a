package scan

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
	"time"
	"unicode/utf8"

	"vpo/internal/library"
)

// catalog is a Catalog in memory.
type catalog struct {
	mu       sync.Mutex
	files    map[string]library.File
	mounts   map[string]library.Mount
	writes   int // calls that would change a database
	saveErr  error
	markErr  error
	badPaths []string
}

func newCatalog() *catalog {
	return &catalog{files: map[string]library.File{}, mounts: map[string]library.Mount{}}
}

func (c *catalog) Known(_ context.Context, root string) (map[string]library.Known, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := map[string]library.Known{}
	for path, f := range c.files {
		if strings.HasPrefix(path, root+"/") {
			known[path] = library.Known{ID: f.ID, SizeBytes: f.SizeBytes, ModifiedAt: f.ModifiedAt,
				ContentHash: f.ContentHash, Status: f.Status, Error: f.Error}
		}
	}
	return known, nil
}

func (c *catalog) Save(ctx context.Context, files []library.File) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	if err := errors.Join(c.saveErr, ctx.Err()); err != nil {
		return err
	}
	for _, f := range files {
		if !utf8.ValidString(f.Path) {
			c.badPaths = append(c.badPaths, f.Path)
		}
		f.ID = c.files[f.Path].ID
		if f.ID == 0 {
			f.ID = int64(len(c.files) + 1)
		}
		c.files[f.Path] = f
	}
	return nil
}

func (c *catalog) MarkMissing(_ context.Context, ids []int64) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	for path, f := range c.files {
		if slices.Contains(ids, f.ID) {
			f.Status = library.StatusMissing
			c.files[path] = f
		}
	}
	return len(ids), c.markErr
}

func (c *catalog) Mounts(context.Context) ([]library.Mount, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Values(c.mounts)), nil
}

func (c *catalog) SaveMount(_ context.Context, mount library.Mount) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	c.mounts[mount.Path] = mount
	return nil
}

type proberFunc func(ctx context.Context, path string) (library.Media, error)

func (f proberFunc) Probe(ctx context.Context, path string) (library.Media, error) {
	return f(ctx, path)
}

// world is a folder, a catalogue and a prober that knows every file.
type world struct {
	*testing.T
	root   string
	cat    *catalog
	prober Prober

	mu     sync.Mutex
	probed []string
}

func newWorld(t *testing.T, files ...string) *world {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, root: root, cat: newCatalog()}
	w.prober = proberFunc(func(_ context.Context, path string) (library.Media, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.probed = append(w.probed, path)
		return library.Media{ContainerFormat: "fake", Tracks: []library.Track{{Type: library.TrackVideo}}}, nil
	})
	w.write(files...)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) path(name string) string { return filepath.Join(w.root, name) }

// write makes files whose content is their name, and the folders above them.
func (w *world) write(names ...string) {
	w.Helper()
	for _, name := range names {
		w.must(os.MkdirAll(filepath.Dir(w.path(name)), 0o700))
		w.must(os.WriteFile(w.path(name), []byte(name), 0o600))
	}
}

// touch gives a file a new time.
func (w *world) touch(name string) {
	w.Helper()
	w.must(os.Chtimes(w.path(name), time.Time{}, time.Unix(1_000_000_000, 0)))
}

// rewrite changes what a file holds, and neither its size nor its time.
func (w *world) rewrite(name string) {
	w.Helper()
	info, err := os.Stat(w.path(name))
	w.must(err)
	w.must(os.WriteFile(w.path(name), []byte(strings.Repeat("!", int(info.Size()))), 0o600))
	w.must(os.Chtimes(w.path(name), time.Time{}, info.ModTime()))
}

func (w *world) remove(name string) {
	w.Helper()
	w.must(os.RemoveAll(w.path(name)))
}

// try scans, the root where no other is given, and forgets what was probed before.
func (w *world) try(ctx context.Context, opts Options) (Summary, error) {
	w.Helper()
	if opts.Roots == nil {
		opts.Roots = []string{w.root}
	}
	w.probed = nil
	cfg := Config{Prober: w.prober}
	if w.cat != nil {
		cfg.Catalog = w.cat
	}
	return Run(ctx, cfg, opts)
}

// scan is try, where nothing may go wrong.
func (w *world) scan(opts Options) Summary {
	w.Helper()
	summary, err := w.try(w.Context(), opts)
	w.must(err)
	return summary
}

// counts are new, updated, skipped, missing and failed files.
type counts [5]int

func (w *world) wantCounts(s Summary, want counts) {
	w.Helper()
	got := counts{s.FilesNew, s.FilesUpdated, s.FilesSkipped, s.FilesMissing, s.FilesFailed}
	if got != want {
		w.Errorf("new, updated, skipped, missing, failed: got %v, want %v; errors %q", got, want, s.Errors)
	}
	if found := want[0] + want[1] + want[2] + want[4]; s.FilesFound != found {
		w.Errorf("found %d, want %d", s.FilesFound, found)
	}
}

// wantProbed takes names below the root.
func (w *world) wantProbed(names ...string) {
	w.Helper()
	w.wantPaths("probed", w.probed, names)
}

// wantCatalogued takes names below the root.
func (w *world) wantCatalogued(names ...string) {
	w.Helper()
	w.wantPaths("catalogued", slices.Collect(maps.Keys(w.cat.files)), names)
}

func (w *world) wantPaths(what string, got, names []string) {
	w.Helper()
	var want []string
	for _, name := range names {
		want = append(want, w.path(name))
	}
	got = slices.Sorted(slices.Values(got))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func (w *world) wantStatus(name string, want library.Status) {
	w.Helper()
	if got := w.cat.files[w.path(name)].Status; got != want {
		w.Errorf("%s: status %q, want %q", name, got, want)
	}
}

// wantError wants an error for the path, with the text in it.
func (w *world) wantError(s Summary, path, text string) {
	w.Helper()
	if !slices.ContainsFunc(s.Errors, func(e FileError) bool { return e.Path == path && strings.Contains(e.Error, text) }) {
		w.Errorf("no error for %q with %q in %q", path, text, s.Errors)
	}
}

func (w *world) wantNoErrors(s Summary) {
	w.Helper()
	if len(s.Errors) > 0 {
		w.Errorf("errors %q", s.Errors)
	}
}
