package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house: which package of this module may import which. What is not listed may not be imported.
var floors = map[string][]string{
	"vpo/cmd/vpo":                 {"vpo/configs", "vpo/internal/app", "vpo/internal/config", "vpo/internal/doctor", "vpo/internal/logging", "vpo/internal/library", "vpo/internal/media/language", "vpo/internal/scan"},
	"vpo/internal/app":            {"vpo/internal/config", "vpo/internal/doctor", "vpo/internal/httpapi", "vpo/internal/library", "vpo/internal/logging", "vpo/internal/media", "vpo/internal/scan", "vpo/internal/services", "vpo/internal/store", "vpo/internal/supervisor"},
	"vpo/internal/doctor":         {"vpo/internal/config", "vpo/internal/library"},
	"vpo/internal/httpapi":        {"vpo/internal/library"},
	"vpo/internal/services":       {"vpo/internal/library", "vpo/internal/supervisor"},
	"vpo/internal/scan":           {"vpo/internal/library"},
	"vpo/internal/media":          {"vpo/internal/library", "vpo/internal/media/avi", "vpo/internal/media/isobmff", "vpo/internal/media/language", "vpo/internal/media/matroska", "vpo/internal/media/mpegts", "vpo/internal/media/source"},
	"vpo/internal/media/avi":      {"vpo/internal/library", "vpo/internal/media/codec", "vpo/internal/media/language", "vpo/internal/media/source"},
	"vpo/internal/media/codec":    {"vpo/internal/library", "vpo/internal/media/language"},
	"vpo/internal/media/isobmff":  {"vpo/internal/library", "vpo/internal/media/codec", "vpo/internal/media/language", "vpo/internal/media/source"},
	"vpo/internal/media/language": {},
	"vpo/internal/media/matroska": {"vpo/internal/library", "vpo/internal/media/codec", "vpo/internal/media/language", "vpo/internal/media/source"},
	"vpo/internal/media/mpegts":   {"vpo/internal/library", "vpo/internal/media/codec", "vpo/internal/media/language", "vpo/internal/media/source"},
	"vpo/internal/media/source":   {"vpo/internal/library"},
	"vpo/internal/store":          {"vpo/internal/library"},
	"vpo/internal/config":         {},
	"vpo/internal/logging":        {},
	"vpo/internal/library":        {},
	"vpo/internal/supervisor":     {},
	"vpo/configs":                 {},
}

// Each of these libraries has one package that knows it.
var owners = map[string]string{
	"github.com/thejerf/suture/":    "vpo/internal/supervisor",
	"github.com/go-chi/chi/":        "vpo/internal/httpapi",
	"github.com/knadh/koanf/":       "vpo/internal/config",
	"github.com/pelletier/go-toml/": "vpo/internal/config",
	"modernc.org/sqlite":            "vpo/internal/store",
	"github.com/spf13/":             "vpo/cmd/vpo",
	"github.com/coreos/go-systemd/": "vpo/internal/services",
	"github.com/cespare/xxhash/":    "vpo/internal/scan",
	"golang.org/x/term":             "vpo/cmd/vpo",
	"golang.org/x/text/":            "vpo/cmd/vpo",
}

// The domain stands on the standard library alone.
var standardOnly = []string{"vpo/internal/library"}

func TestImportsPointDownwards(t *testing.T) {
	imports := importsOf(t, "../..")
	if len(imports) < 12 {
		t.Fatalf("only %d packages were found", len(imports))
	}
	for _, violation := range violations(imports) {
		t.Error(violation)
	}
}

func TestBadImportsAreFound(t *testing.T) {
	for name, bad := range map[string]map[string][]string{
		"a package that nobody drew":         {"vpo/internal/util": {"strings"}},
		"a sibling":                          {"vpo/internal/httpapi": {"vpo/internal/store"}},
		"upwards":                            {"vpo/internal/library": {"vpo/internal/store"}},
		"ours in the supervisor":             {"vpo/internal/supervisor": {"vpo/internal/library"}},
		"suture outside of the supervisor":   {"vpo/internal/services": {"github.com/thejerf/suture/v4"}},
		"the driver outside of the store":    {"vpo/internal/scan": {"modernc.org/sqlite"}},
		"a foreign library in the domain":    {"vpo/internal/library": {"golang.org/x/sys/unix"}},
		"a part of a library with one owner": {"vpo/internal/app": {"github.com/go-chi/chi/v5/middleware"}},
	} {
		if got := violations(bad); len(got) != 1 {
			t.Errorf("%s: %d violations were found, want 1: %v", name, len(got), got)
		}
	}
}

// violations lists what breaks the rules above.
func violations(imports map[string][]string) []string {
	var found []string
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		allowed, drawn := floors[pkg]
		if !drawn {
			found = append(found, pkg+" has no floor in the house")
			continue
		}
		for _, imported := range imports[pkg] {
			if why := forbidden(pkg, imported, allowed); why != "" {
				found = append(found, pkg+" imports "+imported+": "+why)
			}
		}
	}
	return found
}

func forbidden(pkg, imported string, allowed []string) string {
	if strings.HasPrefix(imported, "vpo/") {
		if !slices.Contains(allowed, imported) {
			return "the arrow is not in the house"
		}
		return ""
	}
	for library, owner := range owners {
		if strings.HasPrefix(imported+"/", library) || strings.HasPrefix(imported, library) {
			if pkg != owner {
				return "only " + owner + " may know it"
			}
		}
	}
	isStandard := !strings.Contains(strings.Split(imported, "/")[0], ".")
	if slices.Contains(standardOnly, pkg) && !isStandard {
		return "the standard library alone is allowed here"
	}
	return ""
}

// importsOf reads the imports of every package below root, tests and packages that only serve tests left out.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			base := entry.Name()
			if base == "testdata" || base == "tools" || strings.HasSuffix(base, "test") || (strings.HasPrefix(base, ".") && name != root) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		pkg := path.Join("vpo", filepath.ToSlash(relative))
		if imports[pkg] == nil {
			imports[pkg] = []string{}
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports[pkg] = append(imports[pkg], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}
