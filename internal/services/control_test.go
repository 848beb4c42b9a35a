package services

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func controlled(t *testing.T, path string, reload func(context.Context) (string, error)) *Control {
	t.Helper()
	c := NewControl(ControlConfig{Path: path, Reload: reload, Logger: quietLogger()})
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

func reloads(context.Context) (string, error) { return "2 settings changed", nil }

func TestControl(t *testing.T) {
	t.Run("NobodyListens", func(t *testing.T) {
		for _, path := range []string{
			filepath.Join(t.TempDir(), "none"), filepath.Join(t.TempDir(), "no", "folder"),
			filepath.Join(t.TempDir(), strings.Repeat("long", 40), "none"), "/dev/null/none",
		} {
			if _, err := AskReload(t.Context(), path); !errors.Is(err, ErrNoDaemon) {
				t.Errorf("%s: %v", path, err)
			}
		}
	})
	t.Run("RefusalHasItsReason", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "control")
		startReady(t, controlled(t, path, func(context.Context) (string, error) { return "", errors.New("line 3:\nno port") }))
		_, err := AskReload(t.Context(), path)
		if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Reason != "line 3:\nno port" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("AnAnswerCannotSpeakToTheTerminal", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "control")
		startReady(t, controlled(t, path, func(context.Context) (string, error) { return "a\nb\x1b]0;c\x07\u202e", nil }))
		if text, err := AskReload(t.Context(), path); err != nil || text != "a\nb\ufffd]0;c\ufffd\ufffd" {
			t.Errorf("got %q, %v", text, err)
		}
	})
	t.Run("AnotherUserIsRefused", func(t *testing.T) {
		if os.Geteuid() != 0 {
			t.Skip("needs root, to become another user")
		}
		// A credential of the client that is not ours is all that checkPeer sees.
		path := filepath.Join(t.TempDir(), "control")
		startReady(t, controlled(t, path, func(context.Context) (string, error) { t.Error("reloaded"); return "", nil }))
		open(t, path)
		out := asNobody(t, path)
		if !strings.Contains(out, "another user") {
			t.Errorf("got %q", out)
		}
	})
	for name, sent := range map[string]string{"AnotherQuestion": "shutdown\n", "ALongOne": strings.Repeat("reload", 1000), "HTTP": "POST /reload HTTP/1.1\r\n\r\n", "HalfAQuestion": "rel"} {
		t.Run(name+"IsNotUnderstood", func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "control")
			startReady(t, controlled(t, path, func(context.Context) (string, error) { t.Error("reloaded"); return "", nil }))
			conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, sent)
			_ = conn.CloseWrite()
			answer, _ := io.ReadAll(conn)
			if len(answer) > 0 && !strings.HasPrefix(string(answer), controlNo) {
				t.Errorf("got %q", answer)
			}
		})
	}
	t.Run("ASilentClientHoldsNoStopUp", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "control")
		run := startReady(t, controlled(t, path, reloads))
		conn, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := run.stop(); err != nil {
			t.Error(err)
		}
	})
	t.Run("DoesAndTells", func(t *testing.T) {
		for _, path := range []string{
			filepath.Join(t.TempDir(), "control"),
			filepath.Join(t.TempDir(), strings.Repeat("a folder with a long name ", 6), "control"),
		} {
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			c := controlled(t, path, reloads)
			run := startReady(t, c)
			for range 3 {
				if text, err := AskReload(t.Context(), path); err != nil || text != "2 settings changed" {
					t.Errorf("got %q, %v", text, err)
				}
			}
			if err := errors.Join(run.stop(), c.Close(t.Context())); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(path); !os.IsNotExist(err) {
				t.Errorf("the socket is left behind: %v", err)
			}
		}
	})
	t.Run("TheSocketOfADeadDaemonIsReplaced", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "control")
		dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		dead.SetUnlinkOnClose(false)
		dead.Close()
		startReady(t, controlled(t, path, reloads))
		if _, err := AskReload(t.Context(), path); err != nil {
			t.Error(err)
		}
	})
	t.Run("TheSocketOfALivingDaemonIsLeftAlone", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "control")
		startReady(t, controlled(t, path, reloads))
		second := NewControl(ControlConfig{Path: path, Logger: quietLogger()})
		if err := second.Open(t.Context()); !errors.Is(err, syscall.EADDRINUSE) || second.Enabled() {
			t.Errorf("got %v", err)
		}
		if _, err := AskReload(t.Context(), path); err != nil {
			t.Error(err)
		}
	})
	for name, put := range map[string]func(path string) error{
		"AFile":   func(path string) error { return os.WriteFile(path, []byte("mine"), 0o600) },
		"AFolder": func(path string) error { return os.Mkdir(path, 0o700) },
		"ALink":   func(path string) error { return os.Symlink("/none", path) },
	} {
		t.Run(name+"InItsPlaceIsLeftAloneAndIsNoDaemon", func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "control")
			if err := put(path); err != nil {
				t.Fatal(err)
			}
			before, _ := os.Lstat(path)
			err := NewControl(ControlConfig{Path: path, Logger: quietLogger()}).Open(t.Context())
			if err == nil || errors.Is(err, syscall.EADDRINUSE) || !strings.Contains(err.Error(), "no socket has this name") {
				t.Errorf("got %v", err)
			}
			if after, err := os.Lstat(path); err != nil || !os.SameFile(before, after) {
				t.Errorf("it is not what it was: %v", err)
			}
		})
	}
	t.Run("ASocketThatTookItsPlaceIsLeftAlone", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "control")
		c := controlled(t, path, reloads)
		if err := os.Rename(path, path+".old"); err != nil {
			t.Fatal(err)
		}
		controlled(t, path, reloads)
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(path); err != nil {
			t.Error(err)
		}
	})
}

// open lets everybody reach the socket, so that nothing but the check of the peer is left to refuse it.
func open(t *testing.T, path string) {
	t.Helper()
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	for folder := filepath.Dir(path); folder != os.TempDir() && folder != "/"; folder = filepath.Dir(folder) {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
