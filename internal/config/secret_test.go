package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const token = "Xyzzy-Plugh-0123456789"

func TestSecret(t *testing.T) {
	t.Run("NoVerbShowsIt", func(t *testing.T) {
		c := Config{Server: ServerConfig{AuthToken: token}}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%10s"} {
			if got := fmt.Sprintf(verb, c) + fmt.Sprintf(verb, c.Server.AuthToken); strings.Contains(got, "Plugh") ||
				strings.Contains(strings.ToLower(got), "506c756768") {
				t.Errorf("%s: %s", verb, got)
			}
		}
	})
	t.Run("NoEncodingShowsIt", func(t *testing.T) {
		b, err := json.Marshal(map[string]any{"value": Secret(token), "list": []Secret{token}})
		if err != nil || strings.Contains(string(b), "Plugh") {
			t.Errorf("%s, %v", b, err)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "token", Secret(token), "config", Config{Server: ServerConfig{AuthToken: token}})
		if strings.Contains(log.String(), "Plugh") {
			t.Error(log.String())
		}
	})
	t.Run("NoProblemShowsIt", func(t *testing.T) {
		for _, text := range []string{
			"server.auth_token = [\"" + token + "\"]",
			"server.auth_token = " + token,
			"server.auth_token = \"" + token,
			"server.auth_token = \" " + token + "\"",
			"server.auth_token.x = \"" + token + "\"",
			"server.auth_token = \"" + token[:15] + "\"",
			"server.auth_token = 1e999999999",
			"server.auth_token = 123456789012345678901234567890",
			"server.auth_token = 1979-99-27",
		} {
			_, err := loadText(t, text)
			p, ok := errors.AsType[*Problems](err)
			if !ok {
				t.Fatalf("%s: got %v", text, err)
			}
			for _, hidden := range []string{"Xyzzy", "999999", "123456789", "1979"} {
				if got := p.List()[0].Message; strings.Contains(got, hidden) {
					t.Errorf("%s: %s", text, got)
				}
			}
		}
	})
	t.Run("SettingsShowAMaskWhereOneIsSet", func(t *testing.T) {
		s := mustLoad(t, Input{Home: "/h", SystemFile: "/nonexistent", Env: []string{"VPO_AUTH_TOKEN=" + token}})
		if v, _ := value(t, s, "server.auth_token"); v != "********" || s.Config.Server.AuthToken.Reveal() != token {
			t.Errorf("shown %q, revealed %q", v, s.Config.Server.AuthToken.Reveal())
		}
		if Secret("").String() != "" {
			t.Error("a secret that is not set has a mask")
		}
	})
}
