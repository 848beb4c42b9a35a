package systemdtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	film = "/srv/media/Films/The Lighthouse Keeper (2021)/The Lighthouse Keeper (2021).mkv"
	here = "http://127.0.0.1:8321"

	// impatient makes a unit do at once what takes it minutes in earnest.
	impatient = "[Service]\nRestartSec=100ms\n"
)

// installed is a machine on which vpo is installed as docs/systemd.md has it, with a library of nothing, and not started.
func installed(t *testing.T) *machine {
	t.Helper()
	m := newMachine(t)
	m.install(t)
	m.run(t, "install", "-d", "/srv/nothing")
	m.run(t, "systemctl", "start", "vpo-scan@srv-nothing.service")
	return m
}

// running is the same, with drop-ins for vpo.service and the daemon started.
func running(t *testing.T, dropIns ...string) *machine {
	t.Helper()
	m := installed(t)
	m.dropIn(t, "vpo.service", dropIns...)
	m.run(t, "systemctl", "start", "vpo.service")
	return m
}

// install puts the files where a package puts them.
func (m *machine) install(t testing.TB) {
	t.Helper()
	const units = "/usr/lib/systemd/system/"
	m.run(t, "sh", "-ec", "cd "+documents+"; install -m 644 vpo.service vpo.socket vpo-scan@.service vpo-scan@.timer "+units)
	m.run(t, "install", "-D", "-m", "644", documents+"/vpo.sysusers.conf", "/usr/lib/sysusers.d/vpo.conf")
	m.run(t, "systemd-sysusers", "vpo.conf")
	m.run(t, "systemctl", "daemon-reload")
}

// media puts the sample library to /srv/media, writable for a group of that name.
func (m *machine) media(t testing.TB) {
	t.Helper()
	samples := filepath.Join("..", "..", "..", "testdata", "library")
	if err := os.CopyFS(m.path("/srv/media"), os.DirFS(samples)); err != nil {
		t.Fatal(err)
	}
	m.run(t, "sh", "-ec", "groupadd --system --force media; chgrp -R media /srv/media; chmod -R u=rwX,g=rwX,o=rX /srv/media")
}

// dropIn adds drop-ins to a unit: each is the text of one, or the name of one that is shipped.
func (m *machine) dropIn(t testing.TB, unit string, dropIns ...string) {
	t.Helper()
	for i, text := range dropIns {
		if strings.HasSuffix(text, ".conf") {
			m.run(t, "install", "-D", "-m", "644", documents+"/"+text, "/etc/systemd/system/"+unit+".d/"+text)
			continue
		}
		m.write(t, fmt.Sprintf("/etc/systemd/system/%s.d/test-%d.conf", unit, i), text)
	}
	m.run(t, "systemctl", "daemon-reload")
}

// show returns a property of a unit.
func (m *machine) show(t testing.TB, unit, property string) string {
	t.Helper()
	return strings.TrimSpace(m.run(t, "systemctl", "show", "--value", "--property="+property, unit))
}

// want fails the test where properties of a unit are not as they should be: "ActiveState=active".
func (m *machine) want(t testing.TB, unit string, properties ...string) {
	t.Helper()
	for _, property := range properties {
		name, value, _ := strings.Cut(property, "=")
		if got := m.show(t, unit, name); got != value {
			t.Errorf("%s: %s is %q, want %q", unit, name, got, value)
		}
	}
}

// awaitShow waits until a property of a unit is as it should be.
func (m *machine) awaitShow(t testing.TB, unit, property string) {
	t.Helper()
	name, value, _ := strings.Cut(property, "=")
	eventually(t, unit+" has "+property, func() bool { return m.show(t, unit, name) == value })
}

// log is what a unit, and systemd about it, has logged.
func (m *machine) log(t testing.TB, unit string) string {
	t.Helper()
	return m.journal(t, "--unit="+unit)
}

func (m *machine) awaitLog(t testing.TB, unit, text string) {
	t.Helper()
	eventually(t, unit+" logs "+text, func() bool { return strings.Contains(m.log(t, unit), text) })
}

// wantLog fails the test where one of the texts is not in the log of the unit.
func (m *machine) wantLog(t testing.TB, unit string, texts ...string) {
	t.Helper()
	log := m.log(t, unit)
	for _, text := range texts {
		if !strings.Contains(log, text) {
			t.Errorf("the log of %s does not say %q", unit, text)
		}
	}
}

// awaitHealthy waits until /health answers 200.
func (m *machine) awaitHealthy(t testing.TB) {
	t.Helper()
	eventually(t, "/health answers 200", func() bool {
		code, _, err := m.get(t, here+"/health")
		return err == nil && code == http.StatusOK
	})
}

// processes lists the processes in the control group of a unit, and in those below it.
func (m *machine) processes(t testing.TB, unit string) []string {
	t.Helper()
	out := m.run(t, "sh", "-c", "find /sys/fs/cgroup/system.slice -path '*"+unit+"*' -name cgroup.procs -exec cat {} +")
	return strings.Fields(out)
}

// intrusion runs the intruder in the place of a unit's program, behind the walls of that unit.
func (m *machine) intrusion(t testing.TB, unit string) report {
	t.Helper()
	m.dropIn(t, unit, fmt.Sprintf(
		"[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart=%s\nEnvironment=%s=intruder GOTRACEBACK=none\n", intruder, role))
	m.run(t, "systemctl", "start", unit)
	_, _, _ = m.try("journalctl", "--sync")
	return parseReport(t, m.run(t, "journalctl", "--unit="+unit, "--output=cat", "--identifier=vpo-intruder"))
}

func parseReport(t testing.TB, text string) report {
	t.Helper()
	var r report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("the intruder's report: %v\n%s", err, text)
	}
	return r
}
