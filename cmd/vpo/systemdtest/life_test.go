package systemdtest

import (
	"strings"
	"testing"
)

func TestStart(t *testing.T) {
	t.Run("EndsWhenTheDaemonAnswers", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		code, body, err := m.get(t, here+"/health")
		if err != nil || code != 200 {
			t.Errorf("the first request after systemctl start: %d %s %v", code, body, err)
		}
		m.want(t, "vpo.service", "ActiveState=active", "SubState=running", "NRestarts=0")
		if status := m.show(t, "vpo.service", "StatusText"); !strings.Contains(status, "127.0.0.1:8321") {
			t.Errorf("systemctl status shows %q", status)
		}
	})
	t.Run("FailsWithoutALibraryAndSaysWhatToDo", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.install(t)
		m.fail(t, "systemctl", "start", "vpo.service")
		m.wantLog(t, "vpo.service", "vpo scan", "status=1/FAILURE")
	})
	t.Run("IsNotTriedForEverWithABadConfiguration", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.dropIn(t, "vpo.service", impatient)
		m.write(t, "/etc/vpo/config.toml", "[server]\nprot = 8321\n")
		m.fail(t, "systemctl", "start", "vpo.service")
		m.awaitShow(t, "vpo.service", "NRestarts=8")
		m.awaitShow(t, "vpo.service", "ActiveState=failed")
		m.wantLog(t, "vpo.service", "/etc/vpo/config.toml", "server.port", "Start request repeated too quickly.")
		if starts := strings.Count(m.log(t, "vpo.service"), "Starting vpo.service"); starts != 8 {
			t.Errorf("%d starts, want 8", starts)
		}

		m.write(t, "/etc/vpo/config.toml", "")
		m.fail(t, "systemctl", "start", "vpo.service")
		m.run(t, "systemctl", "reset-failed", "vpo.service")
		m.run(t, "systemctl", "start", "vpo.service")
		m.want(t, "vpo.service", "ActiveState=active")
	})
	t.Run("AtABusyPortIsTriedUntilThePortIsFree", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.write(t, "/etc/systemd/system/squatter.socket", "[Socket]\nListenStream=127.0.0.1:8321\nAccept=yes\n")
		m.write(t, "/etc/systemd/system/squatter@.service", "[Service]\nExecStart=true\n")
		m.dropIn(t, "vpo.service", "[Service]\nRestartSec=1s\n")
		m.run(t, "systemctl", "start", "squatter.socket")
		m.fail(t, "systemctl", "start", "vpo.service")
		m.wantLog(t, "vpo.service", "address already in use")
		m.run(t, "systemctl", "stop", "squatter.socket")
		m.awaitShow(t, "vpo.service", "ActiveState=active")
	})
}

func TestStop(t *testing.T) {
	t.Run("IsCleanAndLeavesNothing", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		m.run(t, "systemctl", "stop", "vpo.service")
		m.want(t, "vpo.service", "ActiveState=inactive")
		m.wantLog(t, "vpo.service", "Deactivated successfully", "Received SIGTERM, initiating shutdown", "vpo has stopped", "shutdown.clean=true")
		if left := m.processes(t, "vpo.service"); len(left) > 0 {
			t.Errorf("processes are left: %v", left)
		}
		if _, _, err := m.get(t, here+"/health"); err == nil {
			t.Error("the port still answers")
		}
	})
	t.Run("EndsTheChildrenThatTheDaemonLeaves", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		m.run(t, "sh", "-c", "sh -c 'trap \"\" TERM HUP; echo $$ >/sys/fs/cgroup/system.slice/vpo.service/cgroup.procs; sleep 600' >/dev/null 2>&1 &")
		eventually(t, "a child ignores SIGTERM in the service", func() bool { return len(m.processes(t, "vpo.service")) >= 3 })
		m.run(t, "systemctl", "stop", "vpo.service")
		m.want(t, "vpo.service", "ActiveState=inactive")
		m.wantLog(t, "vpo.service", "Deactivated successfully")
		if left := m.processes(t, "vpo.service"); len(left) > 0 {
			t.Errorf("processes are left: %v", left)
		}
	})
	t.Run("BySomebodyElsesSIGTERMIsCleanAndLasts", func(t *testing.T) {
		t.Parallel()
		m := running(t, impatient)
		m.run(t, "kill", "-TERM", m.show(t, "vpo.service", "MainPID"))
		m.awaitShow(t, "vpo.service", "ActiveState=inactive")
		m.wantLog(t, "vpo.service", "Deactivated successfully")
	})
}

func TestRestart(t *testing.T) {
	t.Run("GivesANewProcessThatKnowsOfACleanStop", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		before := m.show(t, "vpo.service", "MainPID")
		m.run(t, "systemctl", "restart", "vpo.service")
		m.awaitHealthy(t)
		if after := m.show(t, "vpo.service", "MainPID"); after == before {
			t.Errorf("the process is %s as before", after)
		}
		if strings.Contains(m.log(t, "vpo.service"), "previous run ended uncleanly") {
			t.Error("a restart is taken for an unclean end")
		}
	})
	t.Run("FollowsKillNine", func(t *testing.T) {
		t.Parallel()
		m := running(t, impatient)
		m.run(t, "kill", "-KILL", m.show(t, "vpo.service", "MainPID"))
		m.awaitShow(t, "vpo.service", "NRestarts=1")
		m.awaitHealthy(t)
		m.wantLog(t, "vpo.service", "code=killed, status=9/KILL", "previous run ended uncleanly")
	})
	t.Run("FollowsAHangThatTheWatchdogFinds", func(t *testing.T) {
		t.Parallel()
		m := running(t, impatient+"WatchdogSec=2s\n")
		m.run(t, "kill", "-STOP", m.show(t, "vpo.service", "MainPID"))
		m.awaitShow(t, "vpo.service", "NRestarts=1")
		m.awaitHealthy(t)
		m.wantLog(t, "vpo.service", "Watchdog timeout (limit 2s)!", "SIGABRT: abort", "Failed with result 'watchdog'")
	})
	t.Run("DoesNotHappenWhileHeartbeatsCome", func(t *testing.T) {
		t.Parallel()
		m := running(t, impatient+"WatchdogSec=1s\n")
		first := m.show(t, "vpo.service", "WatchdogTimestampMonotonic")
		eventually(t, "a heartbeat comes", func() bool {
			return m.show(t, "vpo.service", "WatchdogTimestampMonotonic") != first
		})
		m.want(t, "vpo.service", "ActiveState=active", "NRestarts=0")
	})
}
