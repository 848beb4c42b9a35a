package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// expand makes a path absolute. "~" at its start is the home directory; a relative path counts from the working
// directory.
func expand(p, home string) (string, error) {
	first, rest, _ := strings.Cut(p, "/")
	switch {
	case first == "~" && home == "":
		return "", errors.New("the home directory that ~ stands for is not known; set HOME, or write the path in full")
	case first == "~":
		p = filepath.Join(home, rest)
	case strings.HasPrefix(first, "~"):
		return "", fmt.Errorf("%s is not understood; only ~ for your own home directory is, so write the path in full",
			quote(first))
	}
	absolute, err := filepath.Abs(p)
	if err != nil {
		return "", fmt.Errorf("find the working directory for %s: %w; write the path in full", quote(p), err)
	}
	return absolute, nil
}
