package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// The benchmarks of this file time whole processes: the built program, and in turn with it what it is compared with. A
// shared machine drifts, so the ratio of the two is the figure to look at. docs/benchmarks.md tells how they are run.

// benchFiles is how many files a tree has: few, so that the benchmarks can be run with the tests, or what VPO_BENCH_FILES says.
func benchFiles(b *testing.B, few int) int {
	b.Helper()
	text := os.Getenv("VPO_BENCH_FILES")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("VPO_BENCH_FILES is %q, want a number of files", text)
	}
	return n
}

// films are the real films of the test library, by container.
var films = []string{
	"Films/The Lighthouse Keeper (2021)/The Lighthouse Keeper (2021).mkv", "Films/Harbour Lights (2019)/Harbour Lights (2019).mp4",
	"Films/Paper Boats (2017)/Paper Boats (2017).webm", "Home Videos/1994/HARBOUR.AVI",
	"Series/Tide Tables/Season 01/Tide Tables - S01E01.mkv",
}

// filmTree makes a tree of so many real films, five a folder; each is padded behind its end to size bytes, which no reader
// minds, without taking room on the disk.
func filmTree(b *testing.B, files int, size int64) string {
	b.Helper()
	root := b.TempDir()
	var contents [][]byte
	for _, name := range films {
		content, err := os.ReadFile(filepath.Join("../../testdata/library", name))
		if err != nil {
			b.Fatal(err)
		}
		contents = append(contents, content)
	}
	for i := range files {
		folder := filepath.Join(root, fmt.Sprintf("%03d", i/1000), fmt.Sprintf("Film %d", i/5))
		if i%5 == 0 {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				b.Fatal(err)
			}
		}
		path := filepath.Join(folder, fmt.Sprintf("%d%s", i, filepath.Ext(films[i%5])))
		if err := os.WriteFile(path, contents[i%5], 0o600); err != nil {
			b.Fatal(err)
		}
		if size > int64(len(contents[i%5])) {
			if err := os.Truncate(path, size); err != nil {
				b.Fatal(err)
			}
		}
	}
	return root
}

// cost is what a process took.
type cost struct {
	wall, cpu time.Duration
	resident  int64 // bytes, at most
}

func (c *cost) add(other cost) {
	c.wall += other.wall
	c.cpu += other.cpu
	c.resident = max(c.resident, other.resident)
}

// spend runs a process to its end.
func spend(b *testing.B, name string, args ...string) cost {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), name, args...)
	cmd.Env = append(os.Environ(), "HOME="+b.TempDir())
	began := time.Now()
	output, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v\n%s", name, err, output)
	}
	c := cost{wall: time.Since(began), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.resident = usage.Maxrss << 10
	}
	return c
}

// compare reports the two and their ratio.
func compare(b *testing.B, ours, theirs cost) {
	b.Helper()
	b.ReportMetric(ours.wall.Seconds()*1e3/float64(b.N), "ms")
	b.ReportMetric(theirs.wall.Seconds()*1e3/float64(b.N), "other-ms")
	b.ReportMetric(ours.wall.Seconds()/theirs.wall.Seconds(), "ratio")
	b.ReportMetric(ours.cpu.Seconds()/theirs.cpu.Seconds(), "cpu-ratio")
	b.ReportMetric(float64(ours.resident)/(1<<20), "MiB")
	b.ReportMetric(0, "ns/op") // of both together, which says nothing
}

// BenchmarkUnchangedLibrary scans a library in which nothing has changed, and has find look for newer files.
func BenchmarkUnchangedLibrary(b *testing.B) {
	root, db := filmTree(b, benchFiles(b, 500), 0), filepath.Join(b.TempDir(), "library.db")
	spend(b, binary(b), "scan", "--db", db, root)
	var ours, theirs cost
	for b.Loop() {
		ours.add(spend(b, binary(b), "scan", "--db", db, root))
		theirs.add(spend(b, "find", root, "-type", "f", "-newer", db))
	}
	compare(b, ours, theirs)
}

// BenchmarkFilms catalogues films of 50 MB in a new library, and has ffprobe read them, one process a core.
func BenchmarkFilms(b *testing.B) {
	if _, err := exec.LookPath("ffprobe"); err != nil {
		b.Skip("needs ffprobe, from the package ffmpeg")
	}
	root := filmTree(b, benchFiles(b, 20), 50<<20)
	script := fmt.Sprintf("find '%s' -type f -print0 | xargs -0 -n1 -P%d ffprobe -v error -show_format -show_streams -of json >/dev/null", root, runtime.NumCPU())
	var ours, theirs cost
	for b.Loop() {
		ours.add(spend(b, binary(b), "scan", "--db", filepath.Join(b.TempDir(), "library.db"), root))
		theirs.add(spend(b, "sh", "-c", script))
	}
	compare(b, ours, theirs)
	b.ReportMetric(theirs.wall.Seconds()/ours.wall.Seconds(), "times-faster")
}

// BenchmarkNewLibrary catalogues a tree in a new library, and has a program in C walk and hash it.
// To its time that of the sqlite3 shell has to be added, which BenchmarkBulk of internal/store measures.
func BenchmarkNewLibrary(b *testing.B) {
	compiler, err := exec.LookPath("cc")
	if err != nil {
		b.Skip("needs a compiler for C")
	}
	walk := filepath.Join(b.TempDir(), "walk")
	if output, err := exec.CommandContext(b.Context(), compiler, "-O2", "-o", walk, "testdata/bench/walk.c").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, output)
	}
	files := benchFiles(b, 500)
	root := filmTree(b, files, 200<<10)
	var ours, theirs cost
	for b.Loop() {
		ours.add(spend(b, binary(b), "scan", "--db", filepath.Join(b.TempDir(), "library.db"), root))
		theirs.add(spend(b, walk, root))
	}
	compare(b, ours, theirs)
	b.ReportMetric(float64(ours.wall.Microseconds())/float64(b.N)/float64(files), "µs/file")
	b.ReportMetric(float64(theirs.wall.Microseconds())/float64(b.N)/float64(files), "other-µs/file")
}

// BenchmarkGrowth catalogues trees of growing size in new libraries, and scans them again.
func BenchmarkGrowth(b *testing.B) {
	most := benchFiles(b, 400)
	for _, files := range []int{most / 100, most / 10, most} {
		b.Run(strconv.Itoa(files), func(b *testing.B) {
			root, db := filmTree(b, files, 0), filepath.Join(b.TempDir(), "library.db")
			var fresh, again cost
			for b.Loop() {
				for _, suffix := range []string{"", "-wal", "-shm"} {
					os.Remove(db + suffix)
				}
				fresh.add(spend(b, binary(b), "scan", "--db", db, root))
				again.add(spend(b, binary(b), "scan", "--db", db, root))
			}
			n := float64(b.N)
			b.ReportMetric(fresh.wall.Seconds()*1e3/n, "new-ms")
			b.ReportMetric(float64(fresh.resident)/(1<<20), "new-MiB")
			b.ReportMetric(again.wall.Seconds()*1e3/n, "unchanged-ms")
			b.ReportMetric(float64(again.resident)/(1<<20), "unchanged-MiB")
			b.ReportMetric(0, "ns/op")
		})
	}
}
