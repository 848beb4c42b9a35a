package config

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestChanges(t *testing.T) {
	home := t.TempDir()
	with := func(env ...string) *Settings {
		return mustLoad(t, Input{Home: home, SystemFile: "/none", Env: env})
	}
	t.Run("NothingChanged", func(t *testing.T) {
		if got := with().Changes(with()); got != nil {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("OriginAloneIsNoChange", func(t *testing.T) {
		if got := with().Changes(with("VPO_SERVER_PORT=8321")); got != nil {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("ValuesAreTold", func(t *testing.T) {
		got := with().Changes(with("VPO_LOG_LEVEL=debug", "VPO_SERVER_PORT=9000"))
		want := []Change{
			{"server.port", "8321", "9000", "environment VPO_SERVER_PORT"},
			{"logging.level", "info", "debug", "environment VPO_LOG_LEVEL"},
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("AnotherSecretIsAChangeAndStaysSecret", func(t *testing.T) {
		got := with("VPO_AUTH_TOKEN=the-first-of-two-tokens").Changes(with("VPO_AUTH_TOKEN=the-other-of-two-tokens"))
		if want := []Change{{"server.auth_token", "********", "********", "environment VPO_AUTH_TOKEN"}}; !slices.Equal(got, want) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestDatabasePath(t *testing.T) {
	home := t.TempDir()
	folder := t.TempDir()
	file := func(content string) string {
		path := filepath.Join(folder, "config.toml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	inHome := filepath.Join(home, ".vpo", "library.db")
	tests := []struct {
		name string
		in   Input
		want string
	}{
		{"OfAFileWithOtherProblems", Input{File: file("database_path = '/x.db'\n[server]\nport = 0\n")}, "/x.db"},
		{"OfAMissingFile", Input{File: "/none/config.toml"}, inHome},
		{"OfAMissingFileAndAFlag", Input{File: "/none", Flags: []Flag{{"--db", "database_path", "/y.db"}}}, "/y.db"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.Home, tt.in.SystemFile = home, "/none"
			if got := DatabasePath(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("OfMalformedTOML", func(t *testing.T) {
		if got := DatabasePath(Input{File: file("port = = 1"), Home: home}); got != inHome {
			t.Errorf("got %q", got)
		}
	})
	t.Run("OfNothing", func(t *testing.T) {
		if got := DatabasePath(Input{SystemFile: "/none"}); got != "" {
			t.Errorf("got %q", got)
		}
	})
}
