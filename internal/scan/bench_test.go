package scan_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"vpo/internal/scan"
)

// benchFiles is how many files the trees of the benchmarks have: 2,000, or what VPO_BENCH_FILES says.
func benchFiles(b *testing.B) int {
	b.Helper()
	text := os.Getenv("VPO_BENCH_FILES")
	if text == "" {
		return 2000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// benchTree makes a tree of small files, 20 a folder.
func benchTree(b *testing.B, files int) string {
	b.Helper()
	root := b.TempDir()
	for i := range files {
		folder := filepath.Join(root, fmt.Sprintf("%03d/film %d", i/2000, i/20))
		if i%20 == 0 {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("part %d.mkv", i)), fmt.Appendf(nil, "film %d", i), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return root
}

// BenchmarkNewTree scans a tree into a new library, with a prober that knows every film without reading it.
func BenchmarkNewTree(b *testing.B) {
	files := benchFiles(b)
	opts := scan.Options{Roots: []string{benchTree(b, files)}}
	for b.Loop() {
		summary, err := scan.Run(b.Context(), scan.Config{Catalog: newCatalog(b), Prober: proberFunc(film)}, opts)
		if err != nil || summary.FilesNew != files {
			b.Fatalf("%+v, %v", summary, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1e3/float64(b.N)/float64(files), "µs/file")
}

// BenchmarkUnchangedTree scans a tree in which nothing has changed.
func BenchmarkUnchangedTree(b *testing.B) {
	files := benchFiles(b)
	cfg := scan.Config{Catalog: newCatalog(b), Prober: proberFunc(film)}
	opts := scan.Options{Roots: []string{benchTree(b, files)}}
	for read := files; read > 0; { // until no file is so new that it could change unseen
		summary, err := scan.Run(b.Context(), cfg, opts)
		if err != nil {
			b.Fatal(err)
		}
		read = summary.FilesRead
	}
	for b.Loop() {
		summary, err := scan.Run(b.Context(), cfg, opts)
		if err != nil || summary.FilesSkipped != files || summary.FilesRead != 0 {
			b.Fatalf("%+v, %v", summary, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1e3/float64(b.N)/float64(files), "µs/file")
}
