package scan

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
)

func TestContentHash(t *testing.T) {
	random := rand.NewChaCha8([32]byte{1})
	content := make([]byte, 200<<10)
	if _, err := random.Read(content); err != nil {
		t.Fatal(err)
	}
	hash := func(t *testing.T, data []byte, size int64) string {
		t.Helper()
		got, _, _, err := contentHash(bytes.NewReader(data), size, new(hashBuffer))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	t.Run("AFileThatBecameShorterIsAnError", func(t *testing.T) {
		for _, size := range []int64{11, 128 << 10, 1 << 40} {
			if got, _, _, err := contentHash(bytes.NewReader(content[:10]), size, new(hashBuffer)); err == nil {
				t.Errorf("size %d: got %s", size, got)
			}
		}
	})
	t.Run("KnownValues", func(t *testing.T) {
		for text, want := range map[string]string{ // of the reference implementation, xxhsum -H1
			"":    "xxh64:ef46db3751d8e999:ef46db3751d8e999:0",
			"a":   "xxh64:d24ec4f1a98c6e5b:d24ec4f1a98c6e5b:1",
			"abc": "xxh64:44bc2cf5ad770999:44bc2cf5ad770999:3",
		} {
			if got := hash(t, []byte(text), int64(len(text))); got != want {
				t.Errorf("%q: got %s, want %s", text, got, want)
			}
		}
	})
	t.Run("Under128KiBTheWholeIsHashed", func(t *testing.T) {
		for _, size := range []int{1, 64 << 10, 64<<10 + 1, 128<<10 - 1} {
			sum := xxhash.Sum64(content[:size])
			want := fmt.Sprintf("xxh64:%016x:%016x:%d", sum, sum, size)
			if got := hash(t, content[:size], int64(size)); got != want {
				t.Errorf("%d bytes: got %s, want %s", size, got, want)
			}
		}
	})
	t.Run("From128KiBOnHeadAndTailAre", func(t *testing.T) {
		for _, size := range []int{128 << 10, 128<<10 + 1, 200 << 10} {
			head, tail := xxhash.Sum64(content[:64<<10]), xxhash.Sum64(content[size-64<<10:size])
			want := fmt.Sprintf("xxh64:%016x:%016x:%d", head, tail, size)
			if got := hash(t, content[:size], int64(size)); got != want {
				t.Errorf("%d bytes: got %s, want %s", size, got, want)
			}
		}
	})
}

func TestOpenRegular(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo.mkv")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"AFIFO": fifo, "AFolder": dir, "ADevice": os.DevNull, "Nothing": fifo + "x"} {
		t.Run(name+"IsRefusedAtOnce", func(t *testing.T) {
			began := time.Now()
			if file, _, err := openRegular(path); err == nil {
				t.Errorf("opened as %v", file)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func BenchmarkContentHash(b *testing.B) {
	path := filepath.Join(b.TempDir(), "film.mkv")
	if err := os.WriteFile(path, make([]byte, 1<<20), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(2 * hashBlock)
	b.ReportAllocs()
	var buffer hashBuffer
	for b.Loop() {
		file, info, err := openRegular(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, _, _, err := contentHash(file, info.size, &buffer); err != nil {
			b.Fatal(err)
		}
		file.close()
	}
}
