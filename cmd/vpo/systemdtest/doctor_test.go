package systemdtest

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestDoctor is vpo doctor beside a systemd that answers; what it finds on other machines its own package tells.
func TestDoctor(t *testing.T) {
	t.Run("FindsNothingWrongWithTheUnitAsItComes", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		m.media(t)
		m.run(t, "systemctl", "start", "vpo-scan@srv-media.service")
		out := m.run(t, "vpo", "doctor")
		for _, want := range []string{
			"unit: vpo.service is active", "user: vpo, in the groups", "with the environment of vpo.service", "stop timeout: 45s",
			"is held by vpo itself", "database folder: /var/lib/vpo, vpo may write", "database: /var/lib/vpo/library.db, ",
			"media: vpo may read the scanned folders",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is missing in:\n%s", want, out)
			}
		}
		if strings.Contains(out, "fail ") || strings.Contains(out, "warn ") {
			t.Errorf("something was found:\n%s", out)
		}
	})
	t.Run("ItsCommandMendsAStopTimeoutThatIsTooShort", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		m.run(t, "sh", "-c", "mkdir -p /etc/vpo && printf '[server]\\nshutdown_timeout = 60\\n' >/etc/vpo/config.toml")
		var report struct {
			Checks []struct{ Check, Status, Fix string }
		}
		// It fails with 1, which is the point; the report is what it printed.
		if err := json.Unmarshal([]byte(m.run(t, "sh", "-c", "! vpo doctor --json >/tmp/report && cat /tmp/report")), &report); err != nil {
			t.Fatal(err)
		}
		for _, found := range report.Checks {
			if found.Status == "fail" {
				if found.Check != "stop timeout" {
					t.Errorf("it found something else: %+v", found)
				}
				m.run(t, "sh", "-euc", found.Fix)
			}
		}
		m.want(t, "vpo.service", "TimeoutStopUSec=1min 12s")
		m.run(t, "vpo", "doctor")
	})
}
