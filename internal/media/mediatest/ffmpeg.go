package mediatest

import (
	"os"
	"os/exec"
	"testing"
)

// NeedFFmpeg makes sure that ffmpeg can be started, and returns its path. Where there is none it skips the test, except
// in continuous integration, as NeedFFprobe does.
func NeedFFmpeg(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("this test has to run here, and needs ffmpeg: %v", err)
	default:
		t.Skip("needs ffmpeg, from the package ffmpeg")
	}
	return ""
}
