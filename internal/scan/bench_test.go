package scan_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"vpo/internal/scan"
)

// BenchmarkUnchangedTree scans 2,000 files in 100 folders, none of which has changed.
func BenchmarkUnchangedTree(b *testing.B) {
	const folders, each = 100, 20
	root := b.TempDir()
	for i := range folders {
		folder := filepath.Join(root, fmt.Sprintf("film %d", i))
		if err := os.Mkdir(folder, 0o755); err != nil {
			b.Fatal(err)
		}
		for j := range each {
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("part %d.mkv", j)), []byte("film"), 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
	cfg := scan.Config{Catalog: newCatalog(b), Prober: proberFunc(film)}
	opts := scan.Options{Roots: []string{root}}
	if _, err := scan.Run(b.Context(), cfg, opts); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		summary, err := scan.Run(b.Context(), cfg, opts)
		if err != nil || summary.FilesSkipped != folders*each {
			b.Fatalf("%+v, %v", summary, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/(folders*each), "µs/file")
}
