package store_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vpo/internal/library"
	"vpo/internal/store"
)

// What the bulk benchmark stores: batches as a scan makes them.
const (
	bulkBatches = 100
	bulkBatch   = 100
	bulkTracks  = 5
)

// BenchmarkBulk stores the same files by this package and by the sqlite3 shell, in turn: the same schema, the same rows, as
// many rows a statement and as many files a transaction. The shell has to parse its values; this package has to bind them.
func BenchmarkBulk(b *testing.B) {
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		b.Skip("needs the sqlite3 shell, from the package sqlite3")
	}
	folder := b.TempDir()
	script := filepath.Join(folder, "bulk.sql")
	batches := bulkFiles()
	writeBulkScript(b, script, batches)
	var ours, theirs time.Duration
	for n := 0; b.Loop(); n++ {
		ours += timeStore(b, filepath.Join(folder, fmt.Sprintf("ours%d.db", n)), batches)
		theirs += timeShell(b, shell, filepath.Join(folder, fmt.Sprintf("theirs%d.db", n)), script)
	}
	files := float64(b.N) * bulkBatches * bulkBatch
	b.ReportMetric(float64(ours.Nanoseconds())/1e3/files, "µs/file")
	b.ReportMetric(float64(theirs.Nanoseconds())/1e3/files, "shell-µs/file")
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "ratio")
}

func bulkFiles() [][]library.File {
	batches := make([][]library.File, bulkBatches)
	for n := range batches {
		batches[n] = make([]library.File, bulkBatch)
		for i := range batches[n] {
			batches[n][i] = file(fmt.Sprintf("/media/films/Some Film (2020)/%d/%d.mkv", n, i), bulkTracks)
		}
	}
	return batches
}

func timeStore(b *testing.B, path string, batches [][]library.File) time.Duration {
	b.Helper()
	db, err := store.Create(b.Context(), path, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	for _, files := range batches {
		if err := db.Save(b.Context(), library.Batch{Files: files}); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(began)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	if got := raw(b, path, "SELECT count(*) FROM tracks"); got[0] != fmt.Sprint(bulkBatches*bulkBatch*bulkTracks) {
		b.Fatalf("%s tracks are stored", got)
	}
	return took
}

func timeShell(b *testing.B, shell, path, script string) time.Duration {
	b.Helper()
	db, err := store.Create(b.Context(), path, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	output, err := exec.CommandContext(b.Context(), shell, "-batch", path, ".read "+script).CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, output)
	}
	took := time.Since(began)
	if got := raw(b, path, "SELECT count(*) FROM tracks"); got[0] != fmt.Sprint(bulkBatches*bulkBatch*bulkTracks) {
		b.Fatalf("%s tracks are stored by the shell", got)
	}
	return took
}

// writeBulkScript writes what Save does as text.
func writeBulkScript(b *testing.B, path string, batches [][]library.File) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768;")
	id := 0
	for _, files := range batches {
		fmt.Fprintln(w, "BEGIN IMMEDIATE;")
		for len(files) > 0 {
			id = writeBulkStatements(w, files[:20], id)
			files = files[20:]
		}
		fmt.Fprintln(w, "COMMIT;")
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

func writeBulkStatements(w *bufio.Writer, files []library.File, id int) int {
	var rows, tracks, details, paths []string
	for i, f := range files {
		rows = append(rows, fmt.Sprintf("(%d,'%s','%s','%s','%s',%d,'%s','%s','%s','%s','ok',NULL,'{\"title\":\"A film\"}')",
			id+i+1, f.Path, f.Filename, f.Directory, f.Extension, f.SizeBytes, f.ModifiedAt, f.ContentHash, f.ContainerFormat, f.ScannedAt))
		paths = append(paths, "'"+f.Path+"'")
		var of []string
		for _, t := range f.Tracks {
			tracks = append(tracks, fmt.Sprintf("(%d,%d,'audio','aac','eng',NULL,%v,0,2,'stereo',NULL,NULL,NULL,NULL,NULL,NULL,NULL,%v)",
				id+i+1, t.Index, t.Default, t.DurationSeconds))
			of = append(of, fmt.Sprintf(`{"track_index":%d}`, t.Index))
		}
		details = append(details, fmt.Sprintf(`(%d,1,%d,1,'{"reader":"native","duration_seconds":5400.5,"tracks":[%s]}')`,
			id+i+1, len(f.Path), strings.Join(of, ",")))
	}
	fmt.Fprintf(w, "SELECT EXISTS (SELECT 1 FROM files WHERE path IN (%s));\n", strings.Join(paths, ","))
	fmt.Fprintf(w, "INSERT INTO files (id,path,filename,directory,extension,size_bytes,modified_at,content_hash,container_format,"+
		"scanned_at,scan_status,scan_error,container_tags) VALUES %s;\n", strings.Join(rows, ","))
	for len(tracks) > 0 {
		n := min(64, len(tracks))
		fmt.Fprintf(w, "INSERT INTO tracks (file_id,track_index,track_type,codec,language,title,is_default,is_forced,channels,"+
			"channel_layout,width,height,frame_rate,color_transfer,color_primaries,color_space,color_range,duration_seconds) VALUES %s;\n",
			strings.Join(tracks[:n], ","))
		tracks = tracks[n:]
	}
	fmt.Fprintf(w, "INSERT INTO vpod_files (file_id,device,inode,changed_at,details) VALUES %s;\n", strings.Join(details, ","))
	return id + len(files)
}
