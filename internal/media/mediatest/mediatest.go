// Package mediatest helps tests that need the real programs which read and write video files.
package mediatest

import (
	"os"
	"os/exec"
	"testing"
)

// NeedFFprobe returns the path of ffprobe. Where there is none it skips the test, except in continuous integration (the
// environment has CI=true): there a test that did not run is a failure.
func NeedFFprobe(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("ffprobe")
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("this test has to run here, and needs ffprobe: %v", err)
	default:
		t.Skip("needs ffprobe, from the package ffmpeg")
	}
	return ""
}
