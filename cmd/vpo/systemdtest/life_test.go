package systemdtest

import "testing"

func TestBoot(t *testing.T) {
	m := newMachine(t)
	t.Log(m.run(t, "systemctl", "list-units"))
	t.Log(m.run(t, "ls", "-la", documents, "/usr/bin/vpo"))
}
