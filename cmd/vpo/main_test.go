package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be vpo itself, for the scripts below testdata/script.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"vpo": main})
}

// TestScripts tells what the command line does, a file a story.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			samples, err := filepath.Abs(filepath.Join("..", "..", "testdata", "library"))
			if err != nil {
				return err
			}
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("HOME", home)
			env.Setenv("SAMPLES", samples)
			env.Setenv("CI", os.Getenv("CI"))
			return os.Mkdir(home, 0o700)
		},
		Condition: func(condition string) (bool, error) {
			switch condition {
			case "root":
				return os.Geteuid() == 0, nil
			case "ffprobe":
				_, err := exec.LookPath("ffprobe")
				return err == nil || os.Getenv("CI") == "true", nil
			}
			return false, errUnknownCondition(condition)
		},
	})
}

type errUnknownCondition string

func (e errUnknownCondition) Error() string {
	return "unknown condition " + string(e) + " on " + runtime.GOOS
}
