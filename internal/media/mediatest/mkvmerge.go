package mediatest

import (
	"os"
	"os/exec"
	"testing"
)

// NeedMKVMerge makes sure that mkvmerge can be started, and returns its path. Where there is none it skips the test, except
// in continuous integration, as NeedFFprobe does.
func NeedMKVMerge(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("mkvmerge")
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("this test has to run here, and needs mkvmerge: %v", err)
	default:
		t.Skip("needs mkvmerge, from the package mkvtoolnix")
	}
	return ""
}
