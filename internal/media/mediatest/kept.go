package mediatest

import (
	"crypto/sha256"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// kept is what programs have made and said, so that tests that run several times in a process (-count) start each program
// once.
var kept sync.Map // of strings to []byte

// Keep gives what write does, and from the second time on what it gave for the same key before. Callers must not change it.
func Keep(key string, write func() []byte) []byte {
	if known, ok := kept.Load(key); ok {
		return known.([]byte)
	}
	made := write()
	kept.Store(key, made)
	return made
}

// KeepFile is Keep for a file: write makes it, and where that was done before, KeepFile does.
func KeepFile(t testing.TB, key, path string, write func()) {
	t.Helper()
	fresh := false
	data := Keep(key, func() []byte {
		fresh = true
		write()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	})
	if fresh {
		return
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// AskFFprobe gives what ffprobe says about a file in JSON, of which arguments tell what is wanted ("-show_format"). A file of
// the same contents is asked about once.
func AskFFprobe(t testing.TB, path string, arguments ...string) []byte {
	t.Helper()
	ffprobe := NeedFFprobe(t)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return Keep("ffprobe "+strings.Join(arguments, " ")+string(sum[:]), func() []byte {
		all := append(append([]string{"-v", "error", "-of", "json"}, arguments...), path)
		output, err := exec.CommandContext(t.Context(), ffprobe, all...).Output()
		if err != nil {
			t.Fatalf("ffprobe %s: %v", path, err)
		}
		return output
	})
}
