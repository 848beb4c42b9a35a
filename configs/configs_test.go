package configs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vpo/configs"
	"vpo/internal/config"
)

// commented matches a line that sets a key once its "#" is removed.
var commented = regexp.MustCompile(`(?m)^#([a-z_]+ = )`)

// load reads a configuration file with the given text, on a system on which nothing else is set.
func load(t *testing.T, text, home string) *config.Settings {
	t.Helper()
	file := filepath.Join(t.TempDir(), "vpo.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := config.Load(config.Input{File: file, Home: home})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReference(t *testing.T) {
	home := t.TempDir()
	want := config.Default(filepath.Join(home, ".vpo"))
	uncommented := commented.ReplaceAllString(configs.Reference, "$1")

	t.Run("AsShippedItChangesNothing", func(t *testing.T) {
		s := load(t, configs.Reference, home)
		if s.Config != want {
			t.Errorf("got %+v, want %+v", s.Config, want)
		}
		for _, v := range s.Values {
			if v.Origin != "default" {
				t.Errorf("%s comes from %s", v.Key, v.Origin)
			}
		}
	})
	t.Run("UncommentedItIsTheDefaults", func(t *testing.T) {
		s := load(t, uncommented, home)
		if s.Config != want {
			t.Errorf("got %+v, want %+v", s.Config, want)
		}
		if len(s.Notices) > 0 {
			t.Errorf("notices: %v", s.Notices)
		}
	})
	t.Run("EveryKeyIsThereWithItsVariable", func(t *testing.T) {
		table := ""
		documented := map[string]bool{"data_dir": true} // set by the environment alone, which the head of the file tells
		for block := range strings.SplitSeq(configs.Reference, "\n\n") {
			if _, rest, ok := strings.Cut(block, "\n["); ok {
				table = strings.TrimSuffix(rest, "]") + "."
			}
			key := commented.FindStringSubmatch(block)
			if key == nil {
				continue
			}
			name := table + strings.TrimSuffix(key[1], " = ")
			for _, v := range load(t, "", home).Values {
				if v.Key == name && strings.Contains(block, "# Environment: "+v.Environment+".") {
					documented[name] = true
				}
			}
			if !documented[name] {
				t.Errorf("%s is no key, or its block does not name its variable", name)
			}
		}
		for _, v := range load(t, "", home).Values {
			if !documented[v.Key] {
				t.Errorf("%s is missing", v.Key)
			}
		}
	})
}
