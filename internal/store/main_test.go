package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"vpo/internal/library"
	"vpo/internal/store"
)

// roleVariable names what a re-executed test binary does instead of testing.
const roleVariable = "VPO_STORE_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		if err := play(role, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// play is what another process does to a library, as the tests need it.
func play(role string, args []string) error {
	ctx := context.Background()
	switch role {
	case "lock": // path, statement that takes a lock; holds it until stdin ends
		return holdLock(args[0], args[1])
	case "save": // path; stores numbered batches until it is killed
		return saveForever(ctx, args[0])
	case "open": // path; opens, and says so
		db, err := store.Create(ctx, args[0], store.Options{})
		if err != nil {
			return err
		}
		fmt.Println("opened")
		return db.Close()
	case "check": // path; opens, says so, checks once a line of stdin came
		return checkOnce(ctx, args[0])
	default:
		return fmt.Errorf("no role %q", role)
	}
}

func holdLock(path, statement string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(statement); err != nil {
		return err
	}
	fmt.Println("locked")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// batch is the size of the transactions of saveForever.
const batch = 20

func saveForever(ctx context.Context, path string) error {
	db, err := store.Create(ctx, path, store.Options{})
	if err != nil {
		return err
	}
	fmt.Println("opened")
	for n := 0; ; n++ {
		files := make([]library.File, batch)
		for i := range files {
			files[i] = file(fmt.Sprintf("/m/%d/%d-%d.mkv", os.Getpid(), n, i), 3)
		}
		if err := db.Save(ctx, library.Batch{Files: files}); err != nil {
			return err
		}
	}
}

func checkOnce(ctx context.Context, path string) error {
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	fmt.Println("opened")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	fmt.Printf("%s|\n", db.Check(ctx).Fault)
	return nil
}

// process is a re-executed test binary.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr strings.Builder
}

// start runs a role in another process, as user uid where that is not 0.
func start(t *testing.T, uid uint32, role string, args ...string) *process {
	t.Helper()
	binary := os.Args[0]
	if uid != 0 {
		binary = binaryForAll(t)
	}
	p := &process{t: t, cmd: exec.Command(binary, args...)}
	// A binary with the race detector would sleep for a second at its end.
	p.cmd.Env = append(os.Environ(), roleVariable+"="+role, "GORACE=atexit_sleep_ms=0")
	if uid != 0 {
		p.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdout = bufio.NewReader(out)
	p.cmd.Stderr = &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.kill() })
	return p
}

// binaryForAll is a copy of the test binary that every user may run. The original is in a folder of this user.
func binaryForAll(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "vpo-store-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	body, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(folder, "store.test")
	if err := errors.Join(os.Chmod(folder, 0o755), os.WriteFile(binary, body, 0o755), os.Chmod(binary, 0o755)); err != nil {
		t.Fatal(err)
	}
	return binary
}

// line waits for a line of the process's output.
func (p *process) line() string {
	p.t.Helper()
	line, err := p.stdout.ReadString('\n')
	if err != nil {
		p.cmd.Wait()
		p.t.Fatalf("no line of output: %v\n%s", err, p.stderr.String())
	}
	return strings.TrimSuffix(line, "\n")
}

// finish ends the process's input, and waits for its end.
func (p *process) finish() error {
	p.stdin.Close()
	return p.cmd.Wait()
}

func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// lock holds a lock on the library at path in another process until release is called.
func lock(t *testing.T, path, statement string) (release func()) {
	t.Helper()
	p := start(t, 0, "lock", path, statement)
	if got := p.line(); got != "locked" {
		t.Fatalf("the lock holder says %q", got)
	}
	return func() { p.finish() }
}

// create makes a library in a temporary folder.
func create(t testing.TB) (*store.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "library.db")
	db, err := store.Create(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, path
}

// open opens the library at path with short waits.
func open(t testing.TB, path string) (*store.DB, error) {
	t.Helper()
	db, err := store.Open(t.Context(), path, quick)
	if err == nil {
		t.Cleanup(func() { db.Close() })
	}
	return db, err
}

var quick = store.Options{LockWait: 300 * time.Millisecond, ProbeWait: 20 * time.Millisecond}

// file is a catalogued file with n tracks.
func file(path string, n int) library.File {
	f := library.File{
		Path: path, Filename: filepath.Base(path), Directory: filepath.Dir(path), Extension: "mkv",
		SizeBytes: 1 << 30, ModifiedAt: "2026-01-02T03:04:05.678901+00:00", ScannedAt: "2026-01-03T00:00:00+00:00",
		ContentHash: "xxh64:0123456789abcdef:0123456789abcdef:1073741824",
		Status:      library.StatusOK,
		Stamp:       library.Stamp{Device: 1, Inode: uint64(len(path)), ChangedAt: 1},
		Media: library.Media{
			ContainerFormat: "matroska,webm", Tags: map[string]string{"TITLE": "A film"}, Reader: library.ReaderNative, DurationSeconds: 5400.5,
		},
	}
	for i := range n {
		f.Tracks = append(f.Tracks, library.Track{Index: i, Type: library.TrackAudio, Codec: "aac", Language: "eng",
			Channels: 2, ChannelLayout: "stereo", DurationSeconds: 5400.5, Default: i == 0})
	}
	return f
}

// batchOf is a batch of nothing but files.
func batchOf(files ...library.File) library.Batch { return library.Batch{Files: files} }

// raw runs SQL on the file at path, past the package, and gives the rows as strings.
func raw(t testing.TB, path, query string, args ...any) []string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		values, targets := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		fields := make([]string, len(values))
		for i, v := range values {
			fields[i] = v.String
			if !v.Valid {
				fields[i] = "NULL"
			}
		}
		all = append(all, strings.Join(fields, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// run runs a script of statements on the file at path, past the package, and makes the file where there is none.
func run(t testing.TB, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
}
