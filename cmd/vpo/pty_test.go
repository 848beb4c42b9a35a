package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal makes a terminal of the kernel (pty(7)): what is written to tty comes out of screen.
func openTerminal(t *testing.T, width uint16) (screen, tty *os.File) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("there are no terminals here")
	}
	must(err)
	t.Cleanup(func() { screen.Close() })
	must(unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	must(err)
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	must(err)
	t.Cleanup(func() { tty.Close() })
	resize(t, tty, width)
	return screen, tty
}

func resize(t *testing.T, tty *os.File, width uint16) {
	t.Helper()
	if err := unix.IoctlSetWinsize(int(tty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width}); err != nil {
		t.Fatal(err)
	}
}

func TestNewTerminal(t *testing.T) {
	_, tty := openTerminal(t, 132)
	environ := func(pairs ...string) func(string) string {
		return func(name string) string {
			for _, pair := range pairs {
				if value, ok := strings.CutPrefix(pair, name+"="); ok {
					return value
				}
			}
			return ""
		}
	}
	for name, test := range map[string]struct {
		env                   func(string) string
		live, colour, unicode bool
	}{
		"Modern":                {environ("TERM=xterm-256color", "LANG=de_DE.UTF-8"), true, true, true},
		"NoColour":              {environ("TERM=xterm", "NO_COLOR=1"), true, false, false},
		"EmptyNoColourIsColour": {environ("TERM=xterm", "NO_COLOR="), true, true, false},
		"DumbIsNotDrawnOn":      {environ("TERM=dumb", "LANG=C.utf8"), false, false, true},
		"NoKindIsLikeDumb":      {environ(), false, false, false},
		"TheStrongestLocale":    {environ("TERM=xterm", "LC_ALL=C", "LANG=C.UTF-8"), true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := newTerminal(tty, test.env)
			if got.live != test.live || got.colour != test.colour || got.unicode != test.unicode {
				t.Errorf("got %+v", got)
			}
		})
	}
	t.Run("AFileIsNone", func(t *testing.T) {
		file, err := os.Create(filepath.Join(t.TempDir(), "x"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if got := newTerminal(file, environ("TERM=xterm", "LANG=C.UTF-8")); got.live || got.colour || got.width() != plainWidth {
			t.Errorf("got %+v, %d columns", got, got.width())
		}
	})
	t.Run("ItsWidthIsThatOfNow", func(t *testing.T) {
		got := newTerminal(tty, environ())
		if got.width() != 132 {
			t.Errorf("got %d columns", got.width())
		}
		resize(t, tty, 60)
		if got.width() != 60 {
			t.Errorf("then got %d columns", got.width())
		}
		resize(t, tty, 0) // as serial lines have it
		if got.width() != plainWidth {
			t.Errorf("at last got %d columns", got.width())
		}
	})
}

// gatedScan is a scan that waits, with its first files, until the gate is opened.
type gatedScan struct {
	cmd  *exec.Cmd
	gate string
}

func newGatedScan(t *testing.T, args ...string) gatedScan {
	t.Helper()
	dir := t.TempDir()
	gate, script := filepath.Join(dir, "gate"), filepath.Join(dir, "ffprobe")
	overwrite(t, script, "#!/bin/sh\nwhile [ ! -e '"+gate+"' ]; do sleep 0.05; done\nexit 1\n")
	if err := os.Chmod(script, 0o700); err != nil {
		t.Fatal(err)
	}
	films := filepath.Join(dir, "films")
	if err := os.Mkdir(films, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 20 { // no container that anybody knows: ffprobe has to be asked
		overwrite(t, filepath.Join(films, "東京 \x1b[2J "+strconv.Itoa(i)+".mkv"), "no film")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, binary(t), append([]string{"scan", "--db", filepath.Join(dir, "library.db"), films}, args...)...)
	cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "VPO_FFPROBE_PATH=" + script, "TERM=xterm", "LANG=C.UTF-8"}
	return gatedScan{cmd, gate}
}

func (g gatedScan) open(t *testing.T) {
	t.Helper()
	overwrite(t, g.gate, "")
}

// The bar as a person sees it: on a real terminal, made wider while it is drawn, and gone in the end.
func TestScanOnATerminal(t *testing.T) {
	screen, tty := openTerminal(t, 40)
	scan := newGatedScan(t)
	var summary bytes.Buffer
	scan.cmd.Stdout, scan.cmd.Stderr = &summary, tty
	if err := scan.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tty.Close()
	seen := newTeletype(t, 40)
	watch := func(until func(text string) bool) {
		t.Helper()
		chunk := make([]byte, 4096)
		for !until(seen.text()) {
			n, err := screen.Read(chunk)
			if err != nil { // EIO: nobody writes to the terminal any more
				t.Fatalf("one does not see it: %q", seen.text())
			}
			_, _ = seen.Write(chunk[:n])
		}
	}
	watch(func(text string) bool {
		return strings.Contains(text, "0 %  0 of 20 files\n  …") && strings.HasSuffix(text, ".mkv")
	})
	seen.resize(200)
	resize(t, screen, 200)
	watch(func(text string) bool {
		return strings.Contains(text, "0 %  0 of 20 files\n  /") && strings.Contains(text, `/films/東京 \x1b[2J `)
	})
	scan.open(t)
	_, _ = io.Copy(seen, screen) // ends with EIO
	if err := scan.cmd.Wait(); err != nil {
		t.Errorf("the scan: %v", err)
	}
	lines := strings.Split(seen.text(), "\n")
	if len(lines) != 20 || !strings.Contains(lines[0], `東京 \x1b[2J 0.mkv: `) {
		t.Errorf("in the end one sees %d lines: %q", len(lines), lines)
	}
	if !strings.HasPrefix(summary.String(), "Scanned 20 video files") || strings.Contains(summary.String(), "\x1b") {
		t.Errorf("the summary is %q", summary.String())
	}
}

// What a program reads holds no bar, whatever the terminal would be able to show.
func TestNoBarForPrograms(t *testing.T) {
	for name, test := range map[string]struct {
		args     []string
		terminal bool
	}{
		"APipe":                {nil, false},
		"JSONOnATerminal":      {[]string{"--json"}, true},
		"JSONLinesOnATerminal": {[]string{"--json-lines"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			scan := newGatedScan(t, test.args...)
			scan.open(t)
			var stdout, stderr bytes.Buffer
			scan.cmd.Stdout, scan.cmd.Stderr = &stdout, &stderr
			if test.terminal {
				screen, tty := openTerminal(t, 100)
				scan.cmd.Stderr = tty
				if err := scan.cmd.Start(); err != nil {
					t.Fatal(err)
				}
				tty.Close()
				_, _ = io.Copy(&stderr, screen) // ends with EIO
				if err := scan.cmd.Wait(); err != nil {
					t.Fatal(err)
				}
			} else if err := scan.cmd.Run(); err != nil {
				t.Fatal(err)
			}
			if text := stderr.String() + stdout.String(); strings.ContainsAny(text, "\x1b") || strings.ContainsAny(stderr.String(), "%━") {
				t.Errorf("got %q", text)
			}
			if test.args != nil {
				decodesLastLine(t, stdout.String())
			}
		})
	}
}

// decodesLastLine checks that a scan has told its summary, as one object or as the last line of many.
func decodesLastLine(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(text, "\n  ") {
		lines := parsedLines(t, text)
		if last := lines[len(lines)-1]; last["event"] != "summary" || last["files_found"] != 20.0 || len(lines) < 21 {
			t.Errorf("%d lines, the last is %v", len(lines), last)
		}
	} else if !strings.Contains(text, `"files_found": 20`) {
		t.Errorf("got %s", text)
	}
}
