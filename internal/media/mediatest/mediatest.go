// Package mediatest helps tests that need the real programs which read and write video files.
package mediatest

import (
	"os"
	"os/exec"
	"testing"
)

// NeedFFprobe returns the path of ffprobe. Where there is none it skips the test, except in continuous integration (the
// environment has CI=true): there a test that did not run is a failure.
func NeedFFprobe(t testing.TB) string { return need(t, "ffprobe", "ffmpeg") }

// NeedFFmpeg is NeedFFprobe for ffmpeg.
func NeedFFmpeg(t testing.TB) string { return need(t, "ffmpeg", "ffmpeg") }

// NeedMKVMerge is NeedFFprobe for mkvmerge.
func NeedMKVMerge(t testing.TB) string { return need(t, "mkvmerge", "mkvtoolnix") }

// need returns the path of a program, which a package brings.
func need(t testing.TB, program, fromPackage string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("this test has to run here, and needs %s: %v", program, err)
	default:
		t.Skipf("needs %s, from the package %s", program, fromPackage)
	}
	return ""
}
