package media_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"vpo/internal/library"
	"vpo/internal/media"
	"vpo/internal/media/mediatest"
)

// BenchmarkFileAgainstFFprobe reads a film from its path, opening included, and has ffprobe read the same film, in turn:
// "times-faster" is how many films are read while ffprobe reads one.
func BenchmarkFileAgainstFFprobe(b *testing.B) {
	const reads = 1000 // of ours for each of ffprobe's, which takes as long as all of them
	ffprobe := media.FFprobe{Path: mediatest.NeedFFprobe(b)}
	for _, name := range []string{
		"Films/The Lighthouse Keeper (2021)/The Lighthouse Keeper (2021).mkv", "Films/Harbour Lights (2019)/Harbour Lights (2019).mp4",
		"Home Videos/1994/HARBOUR.AVI",
	} {
		path := filepath.Join("../../testdata/library", name)
		b.Run(filepath.Ext(name)[1:], func(b *testing.B) {
			var ours, theirs time.Duration
			for b.Loop() {
				began := time.Now()
				for range reads {
					readFile(b, path)
				}
				ours += time.Since(began)
				began = time.Now()
				if _, err := ffprobe.Probe(b.Context(), path); err != nil {
					b.Fatal(err)
				}
				theirs += time.Since(began)
			}
			b.ReportMetric(float64(ours.Nanoseconds())/1e3/reads/float64(b.N), "µs/file")
			b.ReportMetric(theirs.Seconds()*1e3/float64(b.N), "ffprobe-ms/file")
			b.ReportMetric(theirs.Seconds()*reads/ours.Seconds(), "times-faster")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// rival is used by one benchmark at a time.
var rival struct {
	prober media.Prober
	head   [64 << 10]byte
}

func readFile(b *testing.B, path string) {
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	n, err := file.ReadAt(rival.head[:min(int64(len(rival.head)), info.Size())], 0)
	if err != nil {
		b.Fatal(err)
	}
	content := library.Content{Path: path, Data: file, Size: info.Size(), Head: rival.head[:n]}
	if held, err := rival.prober.Probe(b.Context(), content); err != nil || held.Reader != library.ReaderNative {
		b.Fatal(held.Reader, err)
	}
}
