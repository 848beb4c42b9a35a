package media

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
)

// ErrNoFFprobe says that no ffprobe was configured and none is on PATH.
var ErrNoFFprobe = errors.New("ffprobe was not found; install the package ffmpeg, or set tools.ffprobe")

// FindFFprobe returns the absolute path of the ffprobe to use: the configured one, or where that is empty the one on
// PATH. The error is ErrNoFFprobe where nothing is configured and PATH has none; that one program was configured and
// cannot be used is another error, since then another ffprobe would not be what the user asked for.
func FindFFprobe(configured string) (string, error) {
	name := configured
	if name == "" {
		name = "ffprobe"
	}
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return filepath.Abs(path)
	case configured != "":
		return "", fmt.Errorf("find ffprobe: %w; correct tools.ffprobe, or remove it to search PATH", err)
	case errors.Is(err, exec.ErrNotFound):
		return "", ErrNoFFprobe
	default:
		return "", fmt.Errorf("find ffprobe: %w; set tools.ffprobe", err)
	}
}
