package scan

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"github.com/cespare/xxhash/v2"

	"vpo/internal/library"
)

// book is what the catalogue remembers of the folders below the roots. It keeps the hash of a folder's path in place of
// the path: 24 bytes a folder, whatever the names. A walk comes to each folder once, so its workers may mark folders as
// visited without a lock.
type book struct {
	pages []page // by path hash
	files int    // rows of files in them
}

type page struct {
	path        uint64 // hash
	fingerprint uint64
	visited     bool
}

// openBook reads the catalogue's folders below the roots.
func openBook(ctx context.Context, catalog Catalog, roots []string) (*book, error) {
	b := &book{}
	if catalog == nil {
		return b, nil
	}
	err := catalog.Folders(ctx, func(f library.Folder) error {
		if within(f.Path, roots) {
			b.pages = append(b.pages, page{path: xxhash.Sum64String(f.Path), fingerprint: f.Fingerprint})
			b.files += f.Files
		}
		return nil
	})
	slices.SortFunc(b.pages, func(a, b page) int { return cmp.Compare(a.path, b.path) })
	return b, err
}

// find returns the page of a folder, nil where the catalogue has no file in it.
func (b *book) find(path string) *page {
	hash := xxhash.Sum64String(path)
	// By index: another worker may be marking a page, which must not be copied meanwhile.
	i, ok := sort.Find(len(b.pages), func(i int) int { return cmp.Compare(hash, b.pages[i].path) })
	if !ok {
		return nil
	}
	return &b.pages[i]
}

// unvisited lists the folders that the walk has not come to.
func (b *book) unvisited(ctx context.Context, catalog Catalog, roots []string) (folders []library.Folder, err error) {
	if catalog == nil || !slices.ContainsFunc(b.pages, func(p page) bool { return !p.visited }) {
		return nil, nil
	}
	err = catalog.Folders(ctx, func(f library.Folder) error {
		if p := b.find(f.Path); p != nil && !p.visited && within(f.Path, roots) {
			folders = append(folders, f)
		}
		return nil
	})
	slices.SortFunc(folders, func(a, b library.Folder) int { return cmp.Compare(a.Path, b.Path) })
	return folders, err
}

func within(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return below(path, root) })
}
