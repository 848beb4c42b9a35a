package systemdtest

import (
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// slowFile is a configuration that takes as long to read as a test likes: see hold.
const slowFile = "/run/config/vpo.toml"

// slowly lets the daemon read its configuration from there.
const slowly = "[Service]\nEnvironment=VPO_CONFIG_PATH=" + slowFile + "\n"

// hold makes everybody wait who opens a file of the machine, until it is called off or the kernel loses patience, which it
// does after 45 s: a lease for writing, fcntl(2).
func hold(t testing.TB, path string) (release func()) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_WRLCK); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return func() { _ = file.Close() } // a second close is an error that nobody needs
}

// busy is a daemon that reads its configuration and cannot finish, because of a file that is held. Its stop has to wait for
// that. The texts are added to the unit and to the configuration.
func busy(t *testing.T, dropIn, config string) (m *machine, release func()) {
	t.Helper()
	m = installed(t)
	m.write(t, slowFile, config)
	m.dropIn(t, "vpo.service", slowly+dropIn)
	m.run(t, "systemctl", "start", "vpo.service")
	release = hold(t, m.path(slowFile))
	m.run(t, "systemctl", "kill", "--kill-whom=main", "--signal=HUP", "vpo.service")
	m.awaitLog(t, "vpo.service", "Received SIGHUP")
	return m, release
}

func TestReload(t *testing.T) {
	t.Run("TakesEffectInTheSameProcess", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		before := m.show(t, "vpo.service", "MainPID")
		m.write(t, "/etc/vpo/config.toml", "[logging]\nlevel = \"debug\"\n")
		m.run(t, "systemctl", "reload", "vpo.service")
		m.wantLog(t, "vpo.service", "key=logging.level from=info to=debug")
		m.want(t, "vpo.service", "ActiveState=active", "MainPID="+before)
	})
	t.Run("OfABrokenFileChangesNothingAndSaysWhy", func(t *testing.T) {
		t.Parallel()
		m := running(t)
		before := m.show(t, "vpo.service", "MainPID")
		m.write(t, "/etc/vpo/config.toml", "[logging]\nlevel = \"loud\"\n")
		m.fail(t, "systemctl", "reload", "vpo.service")
		m.wantLog(t, "vpo.service", "the configuration was not reloaded", "/etc/vpo/config.toml", "loud")
		m.want(t, "vpo.service", "ActiveState=active", "MainPID="+before)
		if status := m.show(t, "vpo.service", "StatusText"); !strings.Contains(status, "configuration") {
			t.Errorf("the status does not tell: %q", status)
		}
		m.awaitHealthy(t)

		m.write(t, "/etc/vpo/config.toml", "[logging]\nlevel = \"debug\"\n")
		m.run(t, "systemctl", "reload", "vpo.service")
		m.wantLog(t, "vpo.service", "key=logging.level from=info to=debug")
	})
	t.Run("ByASignalIsToldToSystemd", func(t *testing.T) {
		t.Parallel()
		m, release := busy(t, "", "")
		m.awaitShow(t, "vpo.service", "ActiveState=reloading")
		release()
		m.awaitShow(t, "vpo.service", "ActiveState=active")
	})
	t.Run("OfTypeNotifyReloadWaitsForTheDaemon", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		if version := m.version(t); version < 253 {
			t.Skipf("systemd %d has no Type=notify-reload", version)
		}
		m.dropIn(t, "vpo.service", "notify-reload.conf")
		m.run(t, "systemctl", "start", "vpo.service")
		before := m.show(t, "vpo.service", "MainPID")
		m.write(t, "/etc/vpo/config.toml", "[logging]\nlevel = \"debug\"\n")
		m.run(t, "systemctl", "reload", "vpo.service")
		m.wantLog(t, "vpo.service", "key=logging.level from=info to=debug") // it has been logged when reload returns
		m.want(t, "vpo.service", "Type=notify-reload", "ActiveState=active", "MainPID="+before)
	})
	t.Run("WorksBehindEveryDropIn", func(t *testing.T) {
		t.Parallel()
		for _, dropIn := range []string{"airgap.conf", "lan.conf", "media-rw.conf"} {
			m := installed(t)
			m.write(t, "/etc/vpo/auth_token", token)
			m.run(t, "groupadd", "--system", "--force", "media")
			m.dropIn(t, "vpo.service", dropIn)
			m.run(t, "systemctl", "start", "vpo.service")
			m.write(t, "/etc/vpo/config.toml", "[logging]\nlevel = \"debug\"\n")
			m.run(t, "systemctl", "reload", "vpo.service")
			m.wantLog(t, "vpo.service", "key=logging.level from=info to=debug")
			m.run(t, "systemctl", "stop", "vpo.socket", "vpo.service")
		}
	})
	t.Run("RightAfterTheStartDoesNotKill", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		for range 5 {
			m.run(t, "systemctl", "restart", "vpo.service")
			m.run(t, "systemctl", "kill", "--kill-whom=main", "--signal=HUP", "vpo.service")
		}
		m.awaitHealthy(t)
		m.want(t, "vpo.service", "ActiveState=active", "NRestarts=0")
	})
}

func TestLongStop(t *testing.T) {
	t.Run("IsWaitedFor", func(t *testing.T) {
		t.Parallel()
		m, release := busy(t, "", "")
		m.run(t, "systemctl", "stop", "--no-block", "vpo.service")
		m.awaitLog(t, "vpo.service", "initiating shutdown")
		m.want(t, "vpo.service", "ActiveState=deactivating")
		release()
		m.awaitShow(t, "vpo.service", "ActiveState=inactive")
		m.wantLog(t, "vpo.service", "Deactivated successfully")
	})
	t.Run("OutlastsTheUnitsTimeoutWhileTheDaemonSaysThatItGoesOn", func(t *testing.T) {
		t.Parallel()
		m, release := busy(t, "TimeoutStopSec=1s\n", "")
		m.run(t, "systemctl", "stop", "--no-block", "vpo.service")
		m.awaitShow(t, "vpo.service", "ActiveState=deactivating")
		later := time.Now().Add(3 * time.Second)
		eventually(t, "the timeout has passed three times", func() bool { return time.Now().After(later) })
		m.want(t, "vpo.service", "ActiveState=deactivating")
		release()
		m.awaitShow(t, "vpo.service", "ActiveState=inactive")
		m.wantLog(t, "vpo.service", "Deactivated successfully")
	})
	t.Run("IsCutShortByASecondSIGTERM", func(t *testing.T) {
		t.Parallel()
		m, _ := busy(t, "", "")
		m.run(t, "systemctl", "stop", "--no-block", "vpo.service")
		m.awaitLog(t, "vpo.service", "initiating shutdown")
		// Within 250 ms of the first it would be the same request, so it is asked again until it is heard.
		eventually(t, "the second SIGTERM is heard", func() bool {
			_, _, _ = m.try("systemctl", "kill", "--kill-whom=main", "--signal=TERM", "vpo.service")
			return strings.Contains(m.log(t, "vpo.service"), "cutting the shutdown short")
		})
		m.awaitShow(t, "vpo.service", "ActiveState=failed")
		m.want(t, "vpo.service", "Result=exit-code", "ExecMainStatus=143", "NRestarts=0")
	})
	t.Run("EndsWithTheShutdownTimeoutAndNamesWhatWasAbandoned", func(t *testing.T) {
		t.Parallel()
		m, _ := busy(t, "", "[server]\nshutdown_timeout = 1\n")
		m.fail(t, "sh", "-c", "systemctl stop vpo.service; systemctl is-failed vpo.service && exit 1")
		m.want(t, "vpo.service", "ActiveState=failed", "Result=exit-code", "ExecMainStatus=143", "NRestarts=0")
		m.wantLog(t, "vpo.service", "vpo has stopped", "signals")
	})
}
