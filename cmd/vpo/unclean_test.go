package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// awaitCheck asks until a check of /health has this status and text.
func (d *daemon) awaitCheck(name, status, text string) {
	d.t.Helper()
	timeout := time.After(patience)
	for {
		h, err := d.health()
		check := h.Checks[name]
		if err == nil && check.Status == status && strings.Contains(check.Message, text) {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-timeout:
			d.t.Fatalf("the check %s does not become %s %q: %+v, %v", name, status, text, check, err)
		}
	}
}

func TestUncleanEnds(t *testing.T) {
	t.Run("AreCountedToldAndFollowedByACheck", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		kill := func() {
			d := spawn(t, db).ready()
			d.signal(syscall.SIGKILL)
			d.exitCode()
		}
		kill()
		kill()
		d := spawn(t, db).ready()
		d.wantLog("previous run ended uncleanly", "in_a_row=2", "in_all=2")
		d.awaitCheck("previous_run", "pass", "(2 in a row, 2 in all); the database was checked and is sound")
		d.stop()
		after := spawn(t, db).ready()
		if h, err := after.health(); err != nil || h.Checks["previous_run"].Status != "" {
			t.Errorf("after a clean end: %+v, %v", h.Checks["previous_run"], err)
		}
		after.stop()
		kill()
		m := newManager(t)
		d = spawn(t, db, m.option())
		m.awaitStatus("previous run ended uncleanly (1 in a row, 3 in all)")
		d.stop()
	})

	t.Run("AreNotThoseThatOnlyCouldNotBeBooked", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		d := spawn(t, db).ready()
		release := lock(t, db, "BEGIN IMMEDIATE")
		d.awaitHealth(http.StatusServiceUnavailable, "locked")
		d.signal(syscall.SIGTERM)
		d.wantExit(0, "was not recorded in the library", "noted=true")
		after := spawn(t, db)
		after.awaitLog("the start of this run is not recorded so far")
		release()
		after.ready().stop()
		wantNoFile(t, db+".end")
		if strings.Contains(after.logged(), "uncleanly") || strings.Contains(after.logged(), "of no use") {
			t.Error("the stop while the database was locked is called unclean")
		}
	})

	t.Run("AreNotThoseOfADaemonThatStillRuns", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		first := spawn(t, db)
		first.awaitLog("vpo is serving")
		second := spawn(t, db)
		second.awaitLog("another daemon serves this library")
		second.awaitLog("vpo is serving") // a signal before that ends the start, with another exit code
		second.stop()
		if strings.Contains(second.logged(), "uncleanly") {
			t.Error("a daemon that runs is called one that ended uncleanly")
		}
		first.stop()
	})

	t.Run("AreNotHiddenByANoteOfAnotherRun", func(t *testing.T) {
		t.Parallel()
		db := scanned(t)
		first := spawn(t, db).ready()
		release := lock(t, db, "BEGIN IMMEDIATE")
		first.awaitHealth(http.StatusServiceUnavailable, "locked")
		first.signal(syscall.SIGTERM)
		first.wantExit(0)
		release()
		note := readFile(t, db+".end")
		second := spawn(t, db).ready()
		second.signal(syscall.SIGKILL)
		second.exitCode()
		for _, content := range []string{note, "{", strings.Repeat("x", 1<<20)} {
			overwrite(t, db+".end", content)
			d := spawn(t, db).ready()
			d.signal(syscall.SIGKILL)
			d.exitCode()
			d.wantLog("previous run ended uncleanly", "of no use")
		}
	})
}
