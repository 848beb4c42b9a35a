package systemdtest

import (
	"strings"
	"testing"
)

func TestScan(t *testing.T) {
	t.Run("CataloguesBesideTheDaemonAsItsUser", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		m.media(t)
		m.run(t, "systemctl", "start", "vpo-scan@srv-media.service")
		m.wantLog(t, "vpo-scan@srv-media.service", "Scanned 8 video files", "7 new")
		if owner := strings.TrimSpace(m.run(t, "stat", "--format=%U:%G %a", "/var/lib/vpo/library.db")); owner != "vpo:vpo 600" {
			t.Errorf("the library is %s, want vpo:vpo 600", owner)
		}
		m.awaitHealthy(t)
	})
	t.Run("TakesAFolderOfAnyName", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.install(t)
		m.media(t)
		const folder = "/srv/media/Home Videos"
		unit := "vpo-scan@" + strings.TrimSpace(m.run(t, "systemd-escape", "--path", folder)) + ".service"
		m.run(t, "systemctl", "start", unit)
		m.wantLog(t, unit, "scan of "+folder, "Scanned 2 video files")
	})
	t.Run("OfAFolderThatIsNotThereFails", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.fail(t, "systemctl", "start", "vpo-scan@srv-gone.service")
		m.wantLog(t, "vpo-scan@srv-gone.service", "/srv/gone", "status=1/FAILURE")
	})
	t.Run("ThatIsStoppedIsNoFailureAndLeavesNoProcess", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.write(t, "/srv/odd/film.wmv", "only ffprobe would know")
		m.write(t, "/usr/local/bin/slow", "#!/bin/sh\necho begun >&2\nsleep 600\n")
		m.run(t, "chmod", "755", "/usr/local/bin/slow")
		const unit = "vpo-scan@srv-odd.service"
		m.dropIn(t, unit, "[Service]\nEnvironment=VPO_FFPROBE_PATH=/usr/local/bin/slow\n")
		m.run(t, "systemctl", "start", "--no-block", unit)
		eventually(t, "ffprobe runs", func() bool { return len(m.processes(t, "vpo-scan@srv-odd")) >= 3 })
		m.run(t, "systemctl", "stop", unit)
		m.want(t, unit, "ActiveState=inactive")
		m.wantLog(t, unit, "Deactivated successfully")
		if left := m.processes(t, "vpo-scan@srv-odd"); len(left) > 0 {
			t.Errorf("processes are left: %v", left)
		}
	})
	t.Run("IsStartedByItsTimer", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.run(t, "systemctl", "enable", "--now", "vpo-scan@srv-nothing.timer")
		if next := m.run(t, "systemctl", "list-timers"); !strings.Contains(next, "vpo-scan@srv-nothing.service") {
			t.Errorf("no scan is planned: %s", next)
		}
		before := m.show(t, "vpo-scan@srv-nothing.service", "ExecMainStartTimestampMonotonic")
		m.dropIn(t, "vpo-scan@srv-nothing.timer", "[Timer]\nRandomizedDelaySec=0\nOnActiveSec=1\nAccuracySec=1ms\n")
		m.run(t, "systemctl", "restart", "vpo-scan@srv-nothing.timer")
		eventually(t, "the timer starts a scan", func() bool {
			return m.show(t, "vpo-scan@srv-nothing.service", "ExecMainStartTimestampMonotonic") != before
		})
	})
}
