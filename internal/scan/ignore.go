package scan

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	ignoreFile    = ".vpoignore"
	noMediaFile   = ".nomedia"
	maxIgnoreFile = 64 << 10 // bytes; what is longer is no list of a few names
)

// ignore is what the .vpoignore files of a folder and of those above it say. A nil ignore says nothing.
type ignore struct {
	folder   string
	all      bool
	patterns []string
	above    *ignore
}

// matches tells whether a file or folder is passed over: the pattern matches its name or, where it has a slash, its path
// below the folder of the .vpoignore; one that ends with a slash is for folders alone.
func (i *ignore) matches(file string, folder bool) bool {
	for ; i != nil; i = i.above {
		if i.all || i.named(file, folder) {
			return true
		}
	}
	return false
}

func (i *ignore) named(file string, folder bool) bool {
	inside := strings.TrimPrefix(strings.TrimPrefix(file, i.folder), "/")
	for _, pattern := range i.patterns {
		trimmed := strings.TrimSuffix(pattern, "/")
		if trimmed != pattern && !folder {
			continue
		}
		name := path.Base(file)
		if strings.Contains(trimmed, "/") {
			name, trimmed = inside, strings.TrimPrefix(trimmed, "/")
		}
		if ok, _ := path.Match(trimmed, name); ok { // the pattern was tried when it was read
			return true
		}
	}
	return false
}

// readIgnore adds what the folder that the looker has listed says itself. With an error it says nothing.
func (l *looker) readIgnore(fd int, folder string, above *ignore) (*ignore, error) {
	for i := range l.entries {
		switch string(l.name(&l.entries[i])) {
		case noMediaFile:
			return &ignore{folder: folder, all: true, above: above}, nil
		case ignoreFile:
			patterns, err := readPatterns(fd)
			if err != nil {
				return above, err
			}
			return &ignore{folder: folder, all: len(patterns) == 0, patterns: patterns, above: above}, nil
		}
	}
	return above, nil
}

// readPatterns reads the .vpoignore of an open folder: a pattern (path.Match) a line, comments behind #. An empty file is
// for all that the folder holds.
func readPatterns(folder int) ([]string, error) {
	fd, err := unix.Openat(folder, ignoreFile, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	file := os.NewFile(uintptr(fd), ignoreFile)
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxIgnoreFile+1))
	if err == nil && len(text) > maxIgnoreFile {
		err = fmt.Errorf("is longer than %d KiB", maxIgnoreFile>>10)
	}
	if err != nil {
		return nil, errors.New(reason(err))
	}
	return parsePatterns(string(text))
}

func parsePatterns(text string) (patterns []string, err error) {
	text = strings.TrimPrefix(text, "\ufeff") // the mark that editors of Windows put before UTF-8
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, err := path.Match(line, ""); err != nil {
			return nil, fmt.Errorf("line %d: the pattern %q has no end; nothing is ignored by this file", number, line)
		}
		patterns = append(patterns, line)
	}
	if patterns == nil && strings.TrimSpace(text) != "" {
		return nil, errors.New("has comments alone: name what is to be ignored, or make it empty to ignore the whole folder")
	}
	return patterns, nil
}
