package systemdtest

import (
	"net/http"
	"testing"
)

// socketed is a machine with vpo.socket started, and not the daemon.
func socketed(t *testing.T, dropIns ...string) *machine {
	t.Helper()
	m := installed(t)
	m.dropIn(t, "vpo.service", dropIns...)
	m.run(t, "systemctl", "start", "vpo.socket")
	return m
}

func TestSocket(t *testing.T) {
	t.Run("StartsTheDaemonWithTheFirstRequest", func(t *testing.T) {
		t.Parallel()
		m := socketed(t)
		m.want(t, "vpo.service", "ActiveState=inactive")
		if code, body, err := m.get(t, here+"/livez"); err != nil || code != http.StatusOK {
			t.Errorf("the first request: %d %s %v", code, body, err)
		}
		m.awaitShow(t, "vpo.service", "ActiveState=active")
	})
	t.Run("LosesNoRequestOverRestarts", func(t *testing.T) {
		t.Parallel()
		m := socketed(t)
		m.run(t, "systemctl", "start", "vpo.service")
		l := m.load()
		m.restarts(t, l)
		l.end(t)
		if l.refused > 0 {
			t.Errorf("%d connections were refused", l.refused)
		}
		m.want(t, "vpo.service", "NRestarts=0", "Result=success")
	})
	t.Run("LosesNoConnectionOverAKillNine", func(t *testing.T) {
		t.Parallel()
		m := socketed(t, impatient)
		m.run(t, "systemctl", "start", "vpo.service")
		m.run(t, "kill", "-KILL", m.show(t, "vpo.service", "MainPID"))
		if code, body, err := m.get(t, here+"/livez"); err != nil || code != http.StatusOK {
			t.Errorf("a request in the gap: %d %s %v", code, body, err)
		}
		m.awaitHealthy(t)
	})
	t.Run("FailsWithTheDaemonThatCannotStartAndIsMendedWithIt", func(t *testing.T) {
		t.Parallel()
		m := socketed(t, impatient)
		m.write(t, "/etc/vpo/config.toml", "[server]\nprot = 1\n")
		_, _, err := m.get(t, here+"/livez")
		if err == nil {
			t.Error("a daemon with a bad configuration answers")
		}
		m.awaitShow(t, "vpo.socket", "ActiveState=failed")
		m.want(t, "vpo.socket", "Result=service-start-limit-hit")

		m.write(t, "/etc/vpo/config.toml", "")
		m.run(t, "systemctl", "reset-failed", "vpo.service", "vpo.socket")
		m.run(t, "systemctl", "start", "vpo.socket")
		m.awaitHealthy(t)
	})
}

func TestPort(t *testing.T) {
	t.Run("OfTheDaemonsOwnIsRefusedDuringARestartAndLosesNoRequest", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		l := m.load()
		m.restarts(t, l)
		l.end(t)
	})
}
