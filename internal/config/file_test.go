package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestFindFile(t *testing.T) {
	home, dataDir := t.TempDir(), t.TempDir()
	own, system, named := filepath.Join(dataDir, "config.toml"), filepath.Join(home, "system.toml"), filepath.Join(home, "named.toml")
	env := []string{"VPO_DATA_DIR=" + dataDir}
	in := Input{Home: home, Env: env, SystemFile: system}

	t.Run("NamedOneThatIsMissingIsAnError", func(t *testing.T) {
		for _, in := range []Input{
			{Home: home, File: "~/named.toml"},
			{Home: home, Env: []string{"VPO_CONFIG_PATH=" + named}},
		} {
			_, err := Load(in)
			want := "read configuration: stat " + named + ": no such file or directory; create the file, or correct --config or VPO_CONFIG_PATH"
			if !errors.Is(err, fs.ErrNotExist) || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		}
	})
	t.Run("NamedOneWithoutHomeIsAnError", func(t *testing.T) {
		if _, err := Load(Input{File: "~/named.toml"}); err == nil || !strings.Contains(err.Error(), "set HOME") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("WhatCannotBeAFileIsAnError", func(t *testing.T) {
		pipe, huge := filepath.Join(home, "pipe"), filepath.Join(home, "huge")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(huge, bytes.Repeat([]byte("#"), maxFileSize+1), 0o600); err != nil {
			t.Fatal(err)
		}
		for p, want := range map[string]string{
			home:         "is a directory; name the file in it",
			pipe:         "is not a regular file",
			huge:         "is larger than 256 KiB",
			huge + "/x":  "not a directory; check the path",
			"/dev/zero":  "is not a regular file",
			home + "/\n": "no such file",
		} {
			if _, err := Load(Input{Home: home, File: p}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", p, err, want)
			}
		}
	})
	t.Run("DefaultOneThatCannotBeReadIsAnError", func(t *testing.T) {
		if err := os.Mkdir(own, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(in); err == nil || !strings.Contains(err.Error(), own+" is a directory") {
			t.Errorf("got %v", err)
		}
		if err := os.Remove(own); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("nowhere", own); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(in); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("dangling link: got %v", err)
		}
		if err := os.Remove(own); err != nil {
			t.Fatal(err)
		}
		blocked := Input{Home: home, Env: []string{"VPO_DATA_DIR=" + named + "/x"}, SystemFile: system}
		if err := os.WriteFile(named, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(blocked); !errors.Is(err, syscall.ENOTDIR) {
			t.Errorf("data directory below a file: got %v", err)
		}
	})
	t.Run("PermissionAdviceNamesTheUser", func(t *testing.T) {
		err := readError(&fs.PathError{Op: "open", Path: "/x", Err: syscall.EACCES})
		if want := "read configuration: open /x: permission denied; make it readable for the user that runs vpo"; err.Error() != want {
			t.Errorf("got %q", err)
		}
	})
	t.Run("FirstThatExistsIsRead", func(t *testing.T) {
		if got := mustLoad(t, in).File; got != "" {
			t.Errorf("read %q where there is none", got)
		}
		for _, step := range []struct {
			file string
			in   Input
		}{
			{system, in},
			{own, in},
			{named, Input{Home: home, Env: append(env, "VPO_CONFIG_PATH="+named), SystemFile: system}},
			{system, Input{Home: home, Env: append(env, "VPO_CONFIG_PATH="+named), SystemFile: system, File: system}},
		} {
			if err := os.WriteFile(step.file, []byte("server.port = 9999"), 0o600); err != nil {
				t.Fatal(err)
			}
			s := mustLoad(t, step.in)
			if _, origin := value(t, s, "server.port"); s.File != step.file || origin != step.file+":1" {
				t.Errorf("read %s, port from %s; want %s", s.File, origin, step.file)
			}
		}
	})
	t.Run("NullDeviceMeansNoFile", func(t *testing.T) {
		if got := mustLoad(t, Input{Home: home, Env: env, File: os.DevNull}).Config.Server.Port; got != 8321 {
			t.Errorf("port %d", got)
		}
	})
}
