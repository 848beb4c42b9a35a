package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vpo/configs"
)

// writtenManual writes all pages, and gives their folder.
func writtenManual(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "man")
	c := &cli{stdout: os.Stdout, stderr: os.Stderr}
	if err := writeManual(folder, manual{root: c.rootCommand(), date: "2026-11-23", version: "1.2.3"}); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestManual(t *testing.T) {
	folder := writtenManual(t)
	read := func(t *testing.T, page string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(folder, page))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	t.Run("EveryCommandHasAPageAndHiddenOnesHaveNone", func(t *testing.T) {
		for _, cmd := range (&cli{}).rootCommand().Commands() {
			_, err := os.Stat(filepath.Join(folder, "vpo-"+cmd.Name()+".1"))
			if got := err == nil; got == cmd.Hidden {
				t.Errorf("%s: page %v, hidden %v", cmd.Name(), got, cmd.Hidden)
			}
		}
	})
	t.Run("EveryFlagIsNamedWithItsMeaning", func(t *testing.T) {
		page := read(t, "vpo-scan.1")
		for _, want := range []string{`.TH "VPO\-SCAN" 1 "2026\-11\-23" "vpo 1.2.3"`, `\fB\-e\fR, \fB\-\-extensions\fR`, `\fB\-\-db\fR`, ".SH \"EXAMPLES\""} {
			if !strings.Contains(page, want) {
				t.Errorf("%s is missing", want)
			}
		}
	})
	t.Run("EveryKeyOfTheConfigurationIsThere", func(t *testing.T) {
		page := read(t, "vpo.toml.5")
		for line := range strings.Lines(configs.Reference) {
			key, _, isKey := strings.Cut(strings.TrimPrefix(line, "#"), " = ")
			if isKey && strings.HasPrefix(line, "#") && line[1] != ' ' && !strings.Contains(page, `\fB`+key+" = ") {
				t.Errorf("%s is missing", key)
			}
		}
	})
	t.Run("ThePagesRenderWithoutAWarning", func(t *testing.T) {
		man, err := exec.LookPath("man")
		if err != nil {
			needInCI(t, "man, from the package man-db")
		}
		pages, err := os.ReadDir(folder)
		if err != nil || len(pages) < 10 {
			t.Fatalf("%d pages (%v)", len(pages), err)
		}
		for _, page := range pages {
			cmd := exec.CommandContext(t.Context(), man, "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", "-l", filepath.Join(folder, page.Name()))
			cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANROFFSEQ=")
			var warnings strings.Builder
			cmd.Stderr = &warnings
			if err := cmd.Run(); err != nil || warnings.Len() > 0 {
				t.Errorf("%s: %v\n%s", page.Name(), err, warnings.String())
			}
		}
	})
}

func TestManDate(t *testing.T) {
	for epoch, want := range map[string]string{"": "", "0": "1970-01-01", "1763900000": "2025-11-23"} {
		if got, err := manDate(epoch); err != nil || got != want {
			t.Errorf("%q gives %q (%v), want %q", epoch, got, err, want)
		}
	}
	if _, err := manDate("yesterday"); err == nil {
		t.Error("a date that is no number was taken")
	}
}

func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		".TH is no request":   `\&.TH is no request`,
		`a \n stays`:          `a \en stays`,
		"vpo 'x' --db `y` ~^": `vpo \(aqx\(aq \-\-db \(gay\(ga \(ti\(ha`,
	} {
		if got := escapeRoff(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	var r roff
	r.text("One\nparagraph.\n\n  vpo scan\n\n  vpo serve\n\nThe end.")
	want := ".PP\nOne\nparagraph.\n.PP\n.RS 4\n.EX\nvpo scan\n\nvpo serve\n.EE\n.RE\n.PP\nThe end.\n"
	if r.String() != want {
		t.Errorf("got %q, want %q", r.String(), want)
	}
}

// needInCI skips a test that lacks a program, except in continuous integration: there, one that did not run is a failure.
func needInCI(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("this test has to run here, and needs %s", what)
	}
	t.Skipf("needs %s", what)
}
