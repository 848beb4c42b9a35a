package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	credentialSource = "credential "
	// maxCredential bounds what is read of a credential, in bytes; no secret of ours is longer.
	maxCredential = 4 << 10
)

// fromCredentials reads the secrets that systemd keeps for this process, LoadCredential= or SetCredential= in the unit:
// files below a folder of its own, each named as the key without its table (systemd.exec(5), "CREDENTIALS"). One that is
// not there is not set.
func (l *loader) fromCredentials(folder string) layer {
	out := layer{}
	if folder == "" {
		return out
	}
	for _, k := range keys {
		if k.role != secret {
			continue
		}
		name := k.name[strings.LastIndexByte(k.name, '.')+1:]
		from := credentialSource + name
		value, err := readCredential(filepath.Join(folder, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			l.problems.add(from, k.name, err.Error())
		default:
			l.read(out, setting{key: k, raw: words(value), origin: from, source: from})
		}
	}
	return out
}

// readCredential returns what the file holds, without the line end that editors and echo put there. Its errors tell
// nothing of the content.
func readCredential(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", credentialError(err)
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("is no regular file; let LoadCredential= name one")
	}
	f, err := os.Open(path)
	if err != nil {
		return "", credentialError(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxCredential+1))
	if err != nil {
		return "", credentialError(err)
	}
	if len(data) > maxCredential {
		return "", errors.New("is longer than 4 KiB; is it the right file?")
	}
	data = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
	if len(data) == 0 {
		return "", errors.New("is empty; write the secret into its file, or remove the LoadCredential= line")
	}
	return string(data), nil
}

// credentialError leaves the path out: the name of the credential says enough, and the folder is systemd's.
func credentialError(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	if errors.Is(err, fs.ErrPermission) {
		return errors.New("is not readable for the user that runs vpo")
	}
	return fmt.Errorf("cannot be read: %w", err)
}
