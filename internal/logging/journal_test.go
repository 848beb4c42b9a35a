package logging

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestIsJournal(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "stream"))
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	own := fmt.Sprintf("%d:%d", stat.Dev, stat.Ino)
	for stream, want := range map[string]bool{
		"":         false,
		":":        false,
		"journal":  false,
		own + ":1": false,
		fmt.Sprintf("%d:%d", stat.Dev, stat.Ino+1): false,
		fmt.Sprintf("%d:%d", stat.Dev+1, stat.Ino): false,
		fmt.Sprintf("%d:%d ", stat.Dev, stat.Ino):  false,
		own: true,
	} {
		if got := IsJournal(f, stream); got != want {
			t.Errorf("IsJournal of %q is %v", stream, got)
		}
	}
	if IsJournal(nil, own) {
		t.Error("no file is the journal")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if IsJournal(f, own) {
		t.Error("a closed file is the journal")
	}
}
