package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxFileSize bounds what is read of a configuration file, in bytes. go-toml's time grows with the square of the number of
// keys in a table: a file of this size takes at most about a second.
const maxFileSize = 256 << 10

// findFile returns the path of the configuration file, and "" where there is none: the one that was named, which has to
// exist, else the first of the default ones.
func findFile(in Input, env environ, dataDir string) (string, error) {
	named := in.File
	if named == "" {
		named = env[configPathVariable]
	}
	if named != "" {
		p, err := expand(named, in.Home)
		if err != nil {
			return "", fmt.Errorf("find configuration: %w", err)
		}
		return p, nil
	}
	system := in.SystemFile
	if system == "" {
		system = "/etc/vpo/config.toml"
	}
	candidates := []string{system}
	if dataDir != "" {
		candidates = []string{filepath.Join(dataDir, "config.toml"), system}
	}
	for _, p := range candidates {
		// A link that leads nowhere is there, and shall not be passed over in silence.
		if _, err := os.Lstat(p); !errors.Is(err, fs.ErrNotExist) {
			return p, nil
		}
	}
	return "", nil
}

// readFile returns what the configuration file holds.
func readFile(p string) ([]byte, error) {
	info, err := os.Stat(p)
	switch {
	case err != nil:
		return nil, readError(err)
	case info.IsDir():
		return nil, fmt.Errorf("read configuration: %s is a directory; name the file in it", p)
	case !info.Mode().IsRegular() && p != os.DevNull: // a pipe that nobody writes to would hang the start
		return nil, fmt.Errorf("read configuration: %s is not a regular file; name a file that holds TOML", p)
	}
	f, err := os.Open(p)
	if err != nil {
		return nil, readError(err)
	}
	defer f.Close()

	data, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return nil, readError(err)
	}
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("read configuration: %s is larger than 256 KiB; name a file that holds TOML", p)
	}
	return data, nil
}

// readError adds what to do to the error of a system call, which names the path.
func readError(err error) error {
	advice := "check the path"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		advice = "create the file, or correct --config or " + configPathVariable
	case errors.Is(err, fs.ErrPermission):
		advice = "make it readable for the user that runs vpo"
	}
	return fmt.Errorf("read configuration: %w; %s", err, advice)
}
