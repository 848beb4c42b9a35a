package systemdtest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

const token = "correct-horse-battery-staple"

// hears tells whether the daemon answers at the address of the home network somebody who has the other address.
func (m *machine) hears(t testing.TB, from net.IP) bool {
	t.Helper()
	// A filter drops packets in silence, so there is nothing to wait for but the end of a short patience.
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	conn, err := m.dialFrom(ctx, &net.TCPAddr{IP: from}, "tcp", net.JoinHostPort(homeAddress.String(), "8321"))
	if err == nil {
		conn.Close()
		return true
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("dial from %s: %v", from, err)
	}
	return false
}

func TestNetwork(t *testing.T) {
	t.Run("IsThisMachineAloneWhateverTheConfigurationSays", func(t *testing.T) {
		t.Parallel()
		m := running(t, "[Service]\nEnvironment=VPO_SERVER_BIND=0.0.0.0\n")
		m.awaitHealthy(t)
		if m.hears(t, homeAddress) || m.hears(t, worldAddress) {
			t.Error("the daemon is heard outside of the machine")
		}
	})
	t.Run("IsThisMachineAloneForTheSocket", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.dropIn(t, "vpo.socket", "[Socket]\nListenStream=\nListenStream=0.0.0.0:8321\n")
		m.run(t, "systemctl", "start", "vpo.socket", "vpo.service")
		m.awaitHealthy(t)
		if m.hears(t, homeAddress) || m.hears(t, worldAddress) {
			t.Error("the socket is heard outside of the machine")
		}
	})
	t.Run("OfTheHomeIsAnsweredWithTheDropInAndTheWorldIsNot", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.write(t, "/etc/vpo/auth_token", token+"\n")
		m.dropIn(t, "vpo.service", "lan.conf")
		m.run(t, "systemctl", "start", "vpo.service")
		testLAN(t, m)
	})
	t.Run("OfTheHomeIsAnsweredThroughTheSocket", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.write(t, "/etc/vpo/auth_token", token+"\n")
		m.dropIn(t, "vpo.service", "lan.conf")
		m.dropIn(t, "vpo.socket", "lan-socket.conf")
		m.run(t, "systemctl", "start", "vpo.socket", "vpo.service")
		testLAN(t, m)
	})
}

func testLAN(t *testing.T, m *machine) {
	t.Helper()
	m.awaitHealthy(t)
	if code, _, err := m.get(t, "http://"+net.JoinHostPort(homeAddress.String(), "8321")+"/health"); err != nil || code != http.StatusOK {
		t.Errorf("the home network is answered %d, %v", code, err)
	}
	if m.hears(t, worldAddress) {
		t.Error("the world is heard")
	}
}

func TestToken(t *testing.T) {
	t.Run("ComesFromAFileThatOnlyRootCanReadAndIsShownNowhere", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.write(t, "/etc/vpo/auth_token", token+"\n")
		m.run(t, "chmod", "600", "/etc/vpo/auth_token")
		m.dropIn(t, "vpo.service", "lan.conf", "[Service]\nExecStartPre=/usr/bin/vpo config show\n")
		m.run(t, "systemctl", "start", "vpo.service")
		m.wantLog(t, "vpo.service", "credential auth_token")
		pid := m.show(t, "vpo.service", "MainPID")
		seen := m.log(t, "vpo.service") + m.run(t, "cat", "/proc/"+pid+"/environ", "/proc/"+pid+"/cmdline")
		if strings.Contains(seen, token) {
			t.Error("the token is shown")
		}
	})
	t.Run("ThatIsMissingOrTooShortStopsTheStart", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.dropIn(t, "vpo.service", "lan.conf", "[Service]\nRestart=no\n")
		m.fail(t, "systemctl", "start", "vpo.service")
		m.wantLog(t, "vpo.service", "status=243/CREDENTIALS")
		m.write(t, "/etc/vpo/auth_token", "short\n")
		m.fail(t, "systemctl", "start", "vpo.service")
		m.wantLog(t, "vpo.service", "auth_token", "16")
	})
}

func TestAirgap(t *testing.T) {
	t.Run("LeavesThePassedSocketAndTheHeartbeats", func(t *testing.T) {
		t.Parallel()
		m := installed(t)
		m.dropIn(t, "vpo.service", "airgap.conf", impatient+"WatchdogSec=3s\n")
		m.run(t, "systemctl", "start", "vpo.service")
		m.want(t, "vpo.socket", "ActiveState=active")
		m.awaitHealthy(t)
		m.awaitLog(t, "vpo.service", "the watchdog asks the server inside")
		pid := m.show(t, "vpo.service", "MainPID")
		first := m.show(t, "vpo.service", "WatchdogTimestampMonotonic")
		eventually(t, "a heartbeat comes", func() bool {
			return m.show(t, "vpo.service", "WatchdogTimestampMonotonic") != first
		})
		m.want(t, "vpo.service", "MainPID="+pid) // a heartbeat of its own, not of one that took its place
		m.run(t, "systemctl", "restart", "vpo.service")
		m.awaitHealthy(t)
		m.want(t, "vpo.service", "ActiveState=active", "NRestarts=0")
	})
	t.Run("LeavesNoWayOut", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.install(t)
		m.media(t)
		m.dropIn(t, "vpo.service", "airgap.conf")
		caught := m.intrusion(t, "vpo.service")
		testWalls(t, caught)
		for _, way := range []string{"connect to the home network", "connect to the world", "connect to this machine"} {
			if why := caught.Refused[way]; !strings.Contains(why, "address family not supported") {
				t.Errorf("%s: %q, want that no socket can be made", way, why)
			}
		}
	})
}
