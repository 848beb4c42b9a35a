package systemdtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestExposure holds the units to what systemd-analyze thinks of them, 0 being nothing to be exposed by and 10 everything.
func TestExposure(t *testing.T) {
	for _, c := range []struct {
		name, unit string
		dropIns    []string
		most       float64
	}{
		{"OfTheDaemonIsAtMostOne", "vpo.service", nil, 1.0},
		{"OfTheDaemonWithoutNetworkIsAtMostThreeTenths", "vpo.service", []string{"airgap.conf"}, 0.3},
		{"OfTheDaemonOnTheLANIsAtMostOnePointOne", "vpo.service", []string{"lan.conf"}, 1.1},
		{"OfTheDaemonThatWritesMediaIsAtMostOneAndAHalf", "vpo.service", []string{"media-rw.conf"}, 1.5},
		{"OfAScanIsAtMostThreeTenths", "vpo-scan@srv-media.service", nil, 0.3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			m.install(t)
			m.dropIn(t, c.unit, c.dropIns...)
			out := m.run(t, "systemd-analyze", "security", "--offline=yes", "--no-pager", c.unit)
			var exposure float64
			_, verdict, _ := strings.Cut(out, "Overall exposure level for "+c.unit+": ")
			if _, err := fmt.Sscan(verdict, &exposure); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			t.Logf("exposure %.1f", exposure)
			if exposure > c.most {
				t.Errorf("exposure %.1f, want at most %.1f\n%s", exposure, c.most, out)
			}
		})
	}
}

func TestUnits(t *testing.T) {
	t.Run("AreVerifiedInSilence", func(t *testing.T) {
		t.Parallel()
		for _, dropIn := range []string{"", "airgap.conf", "lan.conf", "media-rw.conf"} {
			m := newMachine(t)
			m.install(t)
			if dropIn != "" {
				m.dropIn(t, "vpo.service", dropIn)
			}
			if dropIn == "lan.conf" {
				m.dropIn(t, "vpo.socket", "lan-socket.conf")
			}
			out, errs, err := m.try("systemd-analyze", "verify",
				"vpo.service", "vpo.socket", "vpo-scan@srv-media.service", "vpo-scan@srv-media.timer")
			if err != nil || out != "" || errs != "" {
				t.Errorf("systemd-analyze verify, with %q: %v\n%s%s", dropIn, err, out, errs)
			}
			if warnings := m.journal(t, "--priority=warning"); strings.Contains(warnings, "vpo") {
				t.Errorf("systemd warns, with %q:\n%s", dropIn, warnings)
			}
		}
	})
	t.Run("OfAScanHaveTheWallsOfTheDaemon", func(t *testing.T) {
		t.Parallel()
		daemon, scan := walls(t, "vpo.service"), walls(t, "vpo-scan@.service")
		if len(daemon) < 25 || !slices.Equal(daemon, scan) {
			t.Errorf("the walls differ:\n%s\n\n%s", strings.Join(daemon, "\n"), strings.Join(scan, "\n"))
		}
	})
	t.Run("StopLaterThanTheDaemonGivesUp", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		var shutdown time.Duration
		for line := range strings.Lines(m.run(t, "vpo", "config", "show")) {
			if value, ok := strings.CutPrefix(line, "server.shutdown_timeout"); ok {
				shutdown = duration(t, strings.Fields(value)[0])
			}
		}
		const backstop = 2 * time.Second // after which the daemon leaves, whatever hangs
		if unit := duration(t, m.show(t, "vpo.service", "TimeoutStopUSec")); shutdown == 0 || unit <= shutdown+backstop {
			t.Errorf("the unit gives %v for a stop, the daemon takes up to %v", unit, shutdown+backstop)
		}
	})
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// walls are the directives of a unit that stand between the file system and the network.
func walls(t *testing.T, unit string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "systemd", unit))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "\nProtectSystem=")
	between, _, _ := strings.Cut(after, "# -- Network")
	var lines []string
	for line := range strings.Lines(between) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}
