package systemdtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// troubles provoke what docs/systemd.md explains, by message. Each begins with vpo installed and a library of nothing.
var troubles = map[string]func(t *testing.T, m *machine){
	"there is no library: /var/lib/vpo/library.db": func(t *testing.T, m *machine) {
		m.run(t, "rm", "/var/lib/vpo/library.db")
		m.fail(t, "systemctl", "start", "vpo.service")
	},
	"address already in use": func(t *testing.T, m *machine) {
		m.write(t, "/etc/systemd/system/squatter.socket", "[Socket]\nListenStream=127.0.0.1:8321\nAccept=yes\n")
		m.write(t, "/etc/systemd/system/squatter@.service", "[Service]\nExecStart=true\n")
		m.run(t, "systemctl", "start", "squatter.socket")
		m.fail(t, "systemctl", "start", "vpo.service")
	},
	"vpo.service already active, refusing": func(t *testing.T, m *machine) {
		m.run(t, "systemctl", "start", "vpo.service")
		m.fail(t, "systemctl", "start", "vpo.socket")
	},
	"Start request repeated too quickly": func(t *testing.T, m *machine) {
		m.write(t, "/etc/vpo/config.toml", "broken")
		m.fail(t, "systemctl", "start", "vpo.service")
		m.awaitLog(t, "vpo.service", "Start request repeated too quickly")
	},
	"service-start-limit-hit": func(t *testing.T, m *machine) {
		m.write(t, "/etc/vpo/config.toml", "broken")
		m.run(t, "systemctl", "start", "vpo.socket")
		_, _, _ = m.get(t, here+"/livez")
		m.awaitShow(t, "vpo.socket", "ActiveState=failed")
	},
	"unknown key; the nearest known key is": func(t *testing.T, m *machine) {
		m.write(t, "/etc/vpo/config.toml", "[logging]\nlevl = \"debug\"\n")
		m.fail(t, "systemctl", "start", "vpo.service")
	},
	"status=203/EXEC": func(t *testing.T, m *machine) {
		m.run(t, "umount", "/usr/bin/vpo") // what is below is empty and not executable
		m.fail(t, "systemctl", "start", "vpo.service")
	},
	"status=217/USER": func(t *testing.T, m *machine) {
		m.run(t, "userdel", "vpo")
		m.fail(t, "systemctl", "start", "vpo.service")
	},
	"status=226/NAMESPACE": func(t *testing.T, m *machine) {
		m.dropIn(t, "vpo.service", "[Service]\nReadWritePaths=/srv/gone\n")
		m.fail(t, "systemctl", "start", "vpo.service")
	},
	"status=243/CREDENTIALS": func(t *testing.T, m *machine) {
		m.dropIn(t, "vpo.service", "lan.conf")
		m.fail(t, "systemctl", "start", "vpo.service")
	},
	"the folder cannot be read: permission denied": func(t *testing.T, m *machine) {
		m.run(t, "install", "-d", "-m", "700", "/srv/secret")
		m.fail(t, "systemctl", "start", "vpo-scan@srv-secret.service")
	},
	"/home/anna/films: permission denied": func(t *testing.T, m *machine) {
		m.run(t, "install", "-d", "-m", "755", "/home/anna/films")
		m.fail(t, "systemctl", "start", "vpo-scan@home-anna-films.service")
	},
	"Watchdog timeout": func(t *testing.T, m *machine) {
		m.dropIn(t, "vpo.service", "[Service]\nWatchdogSec=1s\n")
		m.run(t, "systemctl", "start", "vpo.service")
		m.run(t, "kill", "-STOP", m.show(t, "vpo.service", "MainPID"))
		m.awaitLog(t, "vpo.service", "Watchdog timeout")
	},
	"previous run ended uncleanly": func(t *testing.T, m *machine) {
		m.run(t, "systemctl", "start", "vpo.service")
		m.run(t, "kill", "-KILL", m.show(t, "vpo.service", "MainPID"))
		m.awaitShow(t, "vpo.service", "NRestarts=1")
		m.awaitHealthy(t)
	},
}

// TestTroubles holds the messages that docs/systemd.md explains against those that are logged.
func TestTroubles(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "systemd.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| message | means | do |")
	table, _, _ = strings.Cut(table, "\n\n")
	explained := regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(table, -1)
	if len(explained) != len(troubles) {
		t.Errorf("%d messages are explained, %d are provoked", len(explained), len(troubles))
	}
	for _, row := range explained {
		message := row[1]
		t.Run(strings.ReplaceAll(message, "/", "_"), func(t *testing.T) {
			t.Parallel()
			provoke := troubles[message]
			if provoke == nil {
				t.Fatal("nothing shows that there is such a message")
			}
			m := installed(t)
			m.dropIn(t, "vpo.service", impatient)
			provoke(t, m)
			if !strings.Contains(m.journal(t), message) {
				t.Error("it is not logged")
			}
		})
	}
}
