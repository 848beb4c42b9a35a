package scan_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vpo/internal/library"
	"vpo/internal/scan"
	"vpo/internal/store"
)

// catalog is a real library, which can be told to fail.
type catalog struct {
	*store.DB
	t       testing.TB
	path    string
	mu      sync.Mutex
	writes  int // calls that would change the database
	onSave  func() error
	markErr error
}

func newCatalog(t testing.TB) *catalog {
	t.Helper()
	return openCatalog(t, filepath.Join(t.TempDir(), "library.db"))
}

func openCatalog(t testing.TB, path string) *catalog {
	t.Helper()
	db, err := store.Create(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &catalog{DB: db, t: t, path: path}
}

func (c *catalog) wrote() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
}

func (c *catalog) Save(ctx context.Context, batch library.Batch) error {
	if len(batch.Files)+len(batch.Stamps)+len(batch.Folders) > 0 {
		c.wrote()
	}
	if c.onSave != nil {
		if err := c.onSave(); err != nil {
			return err
		}
	}
	return c.DB.Save(ctx, batch)
}

func (c *catalog) MarkMissing(ctx context.Context, paths []string) (int, error) {
	c.wrote()
	if c.markErr != nil {
		return 0, c.markErr
	}
	return c.DB.MarkMissing(ctx, paths)
}

// query gives the first column of what a statement finds, past the store.
func (c *catalog) query(statement string, args ...any) (all []string) {
	c.t.Helper()
	db, err := sql.Open("sqlite", c.path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(statement, args...)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			c.t.Fatal(err)
		}
		all = append(all, text.String)
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	return all
}

// run changes the library as another program would.
func (c *catalog) run(statement string, args ...any) {
	c.t.Helper()
	db, err := sql.Open("sqlite", c.path+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(ON)")
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement, args...); err != nil {
		c.t.Fatal(err)
	}
}

type proberFunc func(ctx context.Context, path string) (library.Media, error)

func (f proberFunc) Probe(ctx context.Context, file library.Content) (library.Media, error) {
	return f(ctx, file.Path)
}

// film is a prober to which every file is one.
func film(context.Context, string) (library.Media, error) {
	return library.Media{ContainerFormat: "fake", Tracks: []library.Track{{Type: library.TrackVideo}}}, nil
}

// world is a folder, a catalogue and a prober that knows every file.
type world struct {
	*testing.T
	root   string
	cat    *catalog
	prober scan.Prober
	later  time.Duration // that the scan's clock is ahead, so that the files of a test are none that have just changed

	mu     sync.Mutex
	probed []string
}

func newWorld(t *testing.T, files ...string) *world {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, root: root, cat: newCatalog(t), later: time.Minute}
	w.prober = proberFunc(func(ctx context.Context, path string) (library.Media, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.probed = append(w.probed, path)
		return film(ctx, path)
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
func (w *world) try(ctx context.Context, opts scan.Options) (scan.Summary, error) {
	w.Helper()
	if opts.Roots == nil {
		opts.Roots = []string{w.root}
	}
	w.probed = nil
	cfg := scan.Config{Prober: w.prober, Now: func() time.Time { return time.Now().Add(w.later) }}
	if w.cat != nil {
		cfg.Catalog = w.cat
	}
	return scan.Run(ctx, cfg, opts)
}

// scan is try, where nothing may go wrong.
func (w *world) scan(opts scan.Options) scan.Summary {
	w.Helper()
	summary, err := w.try(w.Context(), opts)
	w.must(err)
	return summary
}

// counts are new, updated, skipped, missing and failed files.
type counts [5]int

func (w *world) wantCounts(s scan.Summary, want counts) {
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
	w.wantPaths("catalogued", w.cat.query("SELECT path FROM files"), names)
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
	if got := w.cat.query("SELECT scan_status FROM files WHERE path = ?", w.path(name)); len(got) != 1 || got[0] != string(want) {
		w.Errorf("%s: status %q, want %q", name, got, want)
	}
}

// wantError wants an error for the path, with the text in it.
func (w *world) wantError(s scan.Summary, path, text string) {
	w.Helper()
	if !slices.ContainsFunc(s.Errors, func(e scan.FileError) bool { return e.Path == path && strings.Contains(e.Error, text) }) {
		w.Errorf("no error for %q with %q in %q", path, text, s.Errors)
	}
}

func (w *world) wantNoErrors(s scan.Summary) {
	w.Helper()
	if len(s.Errors) > 0 {
		w.Errorf("errors %q", s.Errors)
	}
}

// fill makes a file with a content.
func (w *world) fill(name, content string) {
	w.Helper()
	w.must(os.MkdirAll(filepath.Dir(w.path(name)), 0o700))
	w.must(os.WriteFile(w.path(name), []byte(content), 0o600))
}

// paths lists the catalogue's files with a status, relative to the root.
func (w *world) paths(status library.Status) (paths []string) {
	w.Helper()
	for _, path := range w.cat.query("SELECT path FROM files WHERE scan_status = ? ORDER BY path", string(status)) {
		relative, err := filepath.Rel(w.root, path)
		w.must(err)
		paths = append(paths, relative)
	}
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
