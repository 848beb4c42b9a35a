package systemdtest

import (
	"slices"
	"strings"
	"testing"
)

// TestMedia is about the drop-in; that media cannot be written without it is one of the attempts of TestSandbox.
func TestMedia(t *testing.T) {
	t.Run("CanBeWrittenWithTheDropInAndNothingElse", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.install(t)
		m.media(t)
		m.dropIn(t, "vpo.service", "media-rw.conf")
		caught := m.intrusion(t, "vpo.service")
		for name, why := range caught.Refused {
			if done := why == ""; done != (name == "write to the media" || name == "connect to this machine") {
				t.Errorf("%s: %q", name, why)
			}
		}
		writable := slices.Compact(slices.Sorted(slices.Values(caught.Writable)))
		if got := strings.Join(writable, " "); got != "/srv/media /tmp /var/lib/vpo /var/tmp" {
			t.Errorf("writable: %s", got)
		}
	})
	t.Run("ThatAreNotThereDoNotKeepTheDaemonFromStarting", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.run(t, "groupadd", "--system", "--force", "media")
		m.dropIn(t, "vpo.service", "media-rw.conf")
		m.run(t, "systemctl", "start", "vpo.service")
		m.awaitHealthy(t)
	})
}
