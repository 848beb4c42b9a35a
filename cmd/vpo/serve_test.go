package main

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestServe(t *testing.T) {
	db := scanned(t)

	t.Run("AnswersHealthWithEveryField", func(t *testing.T) {
		t.Parallel()
		d := spawn(t, db).ready()
		h, err := d.health()
		if err != nil {
			t.Fatal(err)
		}
		if h.Status != "healthy" || h.Database != "connected" || h.Version == "" || h.Uptime == nil || *h.Uptime < 0 {
			t.Errorf("health is %+v", h)
		}
		if h.ShuttingDown == nil || *h.ShuttingDown {
			t.Error("shutting_down is not false")
		}
		if check := h.Checks["database"]; check.Status != "pass" || check.Age == nil {
			t.Errorf("the database check is %+v", check)
		}
		if h.header.Get("Content-Type") != "application/json" || h.header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers are %v", h.header)
		}
	})

	t.Run("KeepsAllIPv4AddressesToIPv4", func(t *testing.T) {
		t.Parallel()
		d := spawn(t, db, withArgs("--bind", "0.0.0.0")).ready()
		d.wantLog("address=0.0.0.0:")
		d.stop()
	})

	t.Run("AnswersProbesOfOrchestrators", func(t *testing.T) {
		t.Parallel()
		d := spawn(t, db).ready()
		for _, path := range []string{"/livez", "/readyz", "/livez?verbose", "/readyz?verbose"} {
			code, _, body, err := d.get(path)
			if err != nil || code != http.StatusOK {
				t.Errorf("%s: %d %v", path, code, err)
			}
			if strings.HasSuffix(path, "verbose") && !strings.Contains(string(body), "\n") {
				t.Errorf("%s lists no checks: %q", path, body)
			}
		}
		response, err := http.Head("http://" + d.address + "/health")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("HEAD /health: %d", response.StatusCode)
		}
		if code, _, _, _ := d.get("/nothing"); code != http.StatusNotFound {
			t.Errorf("an unknown path answers %d", code)
		}
	})

	for signal, name := range map[syscall.Signal]string{syscall.SIGTERM: "SIGTERM", syscall.SIGINT: "SIGINT"} {
		t.Run("ExitsZeroAfter"+name, func(t *testing.T) {
			t.Parallel()
			d := spawn(t, db).ready()
			d.signal(signal)
			d.wantExit(0, "Received "+name+", initiating shutdown")
		})
	}

	t.Run("TakesABurstForOneRequest", func(t *testing.T) {
		t.Parallel()
		d := spawn(t, db).ready()
		for range 5 {
			_ = d.cmd.Process.Signal(syscall.SIGTERM)
		}
		d.wantExit(0, "Received SIGTERM, initiating shutdown")
	})

	t.Run("IsNotHeldUpBySilentOrHalfSentConnections", func(t *testing.T) {
		t.Parallel()
		d := spawn(t, db, withArgs("--shutdown-timeout", "20")).ready()
		for _, sent := range []string{"", "GET /hea", "GET /health HTTP/1.1\r\nHost: x\r\n"} {
			connection, err := net.Dial("tcp", d.address)
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			if _, err := connection.Write([]byte(sent)); err != nil {
				t.Fatal(err)
			}
		}
		d.signal(syscall.SIGTERM)
		d.wantExit(0)
	})

	t.Run("WritesJSONLinesAlone", func(t *testing.T) {
		t.Parallel()
		d := spawn(t, db, withArgs("--log-json")).ready()
		d.signal(syscall.SIGTERM)
		d.wantExit(0)
		lines := bufio.NewScanner(strings.NewReader(d.logged()))
		count := 0
		for lines.Scan() {
			count++
			var event struct{ Timestamp, Level, Logger, Message string }
			if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
				t.Fatalf("%v in %s", err, lines.Text())
			}
			if _, err := time.Parse(time.RFC3339Nano, event.Timestamp); err != nil || !strings.HasSuffix(event.Timestamp, "Z") {
				t.Errorf("the timestamp %q is not RFC 3339 in UTC", event.Timestamp)
			}
			if event.Level == "" || event.Logger == "" || event.Message == "" {
				t.Errorf("a field is empty in %s", lines.Text())
			}
		}
		if count < 3 {
			t.Errorf("only %d events were logged", count)
		}
	})

	t.Run("ReloadsTheLogLevelOnSIGHUP", func(t *testing.T) {
		t.Parallel()
		config := writeFile(t, "config.toml", "[logging]\nlevel = \"info\"\n")
		d := spawn(t, db, withArgs("--config", config)).ready()
		overwrite(t, config, "[logging]\nlevel = \"debug\"\n[server]\nport = 1234\n")
		d.signal(syscall.SIGHUP)
		d.awaitLog("configuration reloaded")
		d.wantLog("logging.level")
		overwrite(t, config, "[logging]\nlevel = \"loud\"\n")
		d.signal(syscall.SIGHUP)
		d.awaitLog("configuration was not reloaded")
		if h, err := d.health(); err != nil || h.code != http.StatusOK {
			t.Errorf("after a refused reload /health answers %d, %v", h.code, err)
		}
		d.signal(syscall.SIGTERM)
		d.wantExit(0)
	})

	t.Run("BooksARunThatStartedWhileTheDatabaseWasLocked", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		spawn(t, own).ready().stop()
		release := lock(t, own, "BEGIN IMMEDIATE")
		first := spawn(t, own)
		first.awaitLog("vpo is serving")
		release()
		first.ready()
		first.signal(syscall.SIGKILL)
		first.exitCode()
		second := spawn(t, own).ready()
		second.awaitLog("previous run ended uncleanly")
		second.stop()
	})

	t.Run("SaysThatThePreviousRunEndedUncleanly", func(t *testing.T) {
		t.Parallel()
		own := scanned(t)
		first := spawn(t, own).ready()
		first.signal(syscall.SIGKILL)
		first.exitCode()
		second := spawn(t, own).ready()
		second.awaitLog("previous run ended uncleanly")
		second.signal(syscall.SIGTERM)
		second.wantExit(0)
		third := spawn(t, own).ready()
		third.signal(syscall.SIGTERM)
		third.wantExit(0)
		if strings.Contains(third.logged(), "uncleanly") {
			t.Error("a start after a clean end speaks of an unclean one")
		}
	})
}

// A signal at any moment of the start or the stop leads to an end, and to no odd exit code.
func TestSignalsAtRandomMoments(t *testing.T) {
	db := scanned(t)
	rounds := 60
	if raceEnabled || testing.Short() {
		rounds = 20
	}
	for range rounds {
		d := spawn(t, db)
		signal := []syscall.Signal{syscall.SIGTERM, syscall.SIGINT}[rand.IntN(2)]
		timer := time.NewTimer(time.Duration(rand.IntN(60_000)) * time.Microsecond)
		select {
		case <-timer.C:
		case <-d.exited:
			t.Fatal("the daemon ended by itself")
		}
		d.signal(signal)
		code, killed := d.exitCode()
		switch {
		case killed && code == 128+int(signal): // before the handlers could be registered
		case code == 0, code == 128+int(signal):
		default:
			t.Fatalf("exit code %d after %v", code, signal)
		}
		d.wantLog()
	}
}

func TestServeRefusesToStart(t *testing.T) {
	db := scanned(t)

	t.Run("OnAnOccupiedPort", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		spawnOn(t, port, db).wantExit(1, "127.0.0.1:"+port, "address already in use", "--port")
	})

	t.Run("OnAPrivilegedPortWithoutTheRight", func(t *testing.T) {
		t.Parallel()
		needRoot(t)
		own := forNobody(t, db)
		d := spawnOn(t, "81", own, asNobody)
		d.wantExit(1, "permission denied", "AmbientCapabilities=CAP_NET_BIND_SERVICE", "1023", "socket")
	})

	t.Run("WithoutADatabase", func(t *testing.T) {
		t.Parallel()
		missing := t.TempDir() + "/none.db"
		spawn(t, missing).wantExit(1, missing, "vpo scan /path/to/media")
		wantNoFile(t, missing)
	})

	for name, content := range map[string]string{
		"AnEmptyFile": "",
		"ATextFile":   strings.Repeat("this is no database\n", 100),
	} {
		t.Run("On"+name, func(t *testing.T) {
			t.Parallel()
			path := writeFile(t, "library.db", content)
			spawn(t, path).wantExit(1, path, "not a database")
			wantContent(t, path, content)
		})
	}

	t.Run("OnANewerSchema", func(t *testing.T) {
		t.Parallel()
		for _, statement := range []string{
			`INSERT INTO _meta VALUES('schema_version','28')`,
			`UPDATE _meta SET value='999' WHERE key='vpod_schema_version'`,
		} {
			own := scanned(t)
			execute(t, own, statement)
			before := readFile(t, own)
			spawn(t, own).wantExit(1, own, "newer")
			wantContent(t, own, before)
		}
	})

	t.Run("OnABadConfigurationAndNamesEveryProblem", func(t *testing.T) {
		t.Parallel()
		config := writeFile(t, "config.toml", "[server]\nprot = 8321\nport = 99999\nshutdown_timeout = -1\n")
		d := spawn(t, db, withArgs("--config", config), withoutFlag("--port"))
		d.wantExit(1, config+":2", "prot", "server.port", config+":3", config+":4", "shutdown_timeout")
	})

	t.Run("OnUnknownFlags", func(t *testing.T) {
		t.Parallel()
		spawn(t, db, withArgs("--prot", "1")).wantExit(1, "unknown flag: --prot", "serve --help")
	})
}

// The tests that need the rights of root run where they have them, which continuous integration does.
func needRoot(t *testing.T) {
	t.Helper()
	if syscall.Geteuid() != 0 {
		t.Skip("needs root: it becomes another user, or mounts a file system")
	}
}
