package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// credentials is a folder as systemd makes one, with a token in it.
func credentials(t *testing.T, token string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "auth_token"), []byte(token), 0o400); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestCredentials(t *testing.T) {
	const secret = "a-secret-of-the-service"

	t.Run("WrongOnesAreNamedWithoutTheirContent", func(t *testing.T) {
		for content, want := range map[string]string{
			"":                         "credential auth_token: is empty",
			"\n":                       "is empty",
			"short\n":                  "is too short",
			secret + "\n\n":            "white space",
			secret + "\x00":            "cannot be typed",
			strings.Repeat("x", 1<<20): "longer than 4 KiB",
		} {
			_, err := Load(Input{Home: t.TempDir(), SystemFile: "/none", Credential: credentials(t, content)})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%.20q gives %v, want %q", content, err, want)
			} else if strings.Contains(err.Error(), "a-secret") || strings.Contains(err.Error(), "/") {
				t.Errorf("the error %q tells too much", err)
			}
		}
	})
	t.Run("AFolderInItsPlaceIsAnError", func(t *testing.T) {
		folder := t.TempDir()
		if err := os.Mkdir(filepath.Join(folder, "auth_token"), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := Load(Input{Home: t.TempDir(), SystemFile: "/none", Credential: folder})
		if err == nil || !strings.Contains(err.Error(), "no regular file") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("OneThatCannotBeReadIsAnError", func(t *testing.T) {
		if os.Geteuid() == 0 { // whom no rights keep out
			err := credentialError(&fs.PathError{Op: "open", Path: "/run/credentials/x", Err: syscall.EACCES})
			if !strings.Contains(err.Error(), "not readable") || strings.Contains(err.Error(), "/run") {
				t.Errorf("got %v", err)
			}
			return
		}
		folder := credentials(t, secret)
		if err := os.Chmod(filepath.Join(folder, "auth_token"), 0); err != nil {
			t.Fatal(err)
		}
		_, err := Load(Input{Home: t.TempDir(), SystemFile: "/none", Credential: folder})
		if err == nil || !strings.Contains(err.Error(), "not readable") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("OneThatIsNotThereIsNotSet", func(t *testing.T) {
		for _, folder := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
			s := mustLoad(t, Input{Home: t.TempDir(), SystemFile: "/none", Credential: folder})
			if _, origin := value(t, s, "server.auth_token"); origin != "default" {
				t.Errorf("origin %q", origin)
			}
		}
	})
	for _, end := range []string{"", "\n", "\r\n"} {
		t.Run("IsTakenWithoutItsLineEnd", func(t *testing.T) {
			s := mustLoad(t, Input{Home: t.TempDir(), SystemFile: "/none", Credential: credentials(t, secret+end)})
			shown, origin := value(t, s, "server.auth_token")
			if s.Config.Server.AuthToken.Reveal() != secret || origin != "credential auth_token" || shown != "********" {
				t.Errorf("got %q, shown as %q, from %q", s.Config.Server.AuthToken.Reveal(), shown, origin)
			}
		})
	}
	t.Run("GoesBeforeTheFileAndAfterTheEnvironment", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(file, []byte("[server]\nauth_token = 'the-one-of-the-file'\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		in := Input{Home: t.TempDir(), File: file, Credential: credentials(t, secret)}
		if _, origin := value(t, mustLoad(t, in), "server.auth_token"); origin != "credential auth_token" {
			t.Errorf("origin %q", origin)
		}
		in.Env = []string{"VPO_AUTH_TOKEN=the-one-of-the-environment"}
		if _, origin := value(t, mustLoad(t, in), "server.auth_token"); origin != "environment VPO_AUTH_TOKEN" {
			t.Errorf("origin %q", origin)
		}
	})
}
