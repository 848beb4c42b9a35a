package systemdtest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestSandbox(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.install(t)
	m.media(t)
	m.write(t, "/home/anna/diary", "private")
	m.run(t, "install", "-d", "-m", "1777", "/run/lock")

	// First without: an attempt that fails anyway would show nothing.
	m.write(t, "/etc/systemd/system/free.service", "[Service]\nStateDirectory=vpo\n")
	free := m.intrusion(t, "free.service")
	t.Run("WithoutItEveryAttemptSucceeds", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(free.Refused)) {
			if why := free.Refused[name]; why != "" {
				t.Errorf("%s: %s", name, why)
			}
		}
	})

	t.Run("OfTheDaemon", func(t *testing.T) {
		testWalls(t, m.intrusion(t, "vpo.service"), "connect to this machine")
	})
	t.Run("OfAScan", func(t *testing.T) {
		testWalls(t, m.intrusion(t, "vpo-scan@srv-media.service"))
	})
}

// testWalls holds a report against what may not be done, but for what is allowed.
func testWalls(t *testing.T, caught report, allowed ...string) {
	for name := range attempts {
		if slices.Contains(allowed, name) {
			if why := caught.Refused[name]; why != "" {
				t.Errorf("%s: %s", name, why)
			}
			continue
		}
		t.Run("ItIsRefusedTo/"+name, func(t *testing.T) {
			if why := caught.Refused[name]; why == "" {
				t.Error("it was done")
			}
		})
	}
	t.Run("NothingButTheLibraryAndAPrivateTmpCanBeWritten", func(t *testing.T) {
		if got := strings.Join(slices.Compact(slices.Sorted(slices.Values(caught.Writable))), " "); got != "/tmp /var/lib/vpo /var/tmp" {
			t.Errorf("writable: %s", got)
		}
	})
	t.Run("OfTheUsersOnlyTwoExist", func(t *testing.T) {
		if caught.Users != 2 {
			t.Errorf("%d users", caught.Users)
		}
	})
	t.Run("FFprobeReadsAFilm", func(t *testing.T) {
		if !strings.Contains(caught.Probe, "matroska") {
			t.Errorf("ffprobe says %s", caught.Probe)
		}
	})
}
