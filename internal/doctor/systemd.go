package doctor

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// oldestSystemd understands every line of the unit that comes with this program.
const oldestSystemd = 252

// notifyReload is the version that brought Type=notify-reload; older ones ignore the line, and the unit has no type then.
const notifyReload = 253

// defaultStopTimeout is DefaultTimeoutStopSec= of systemd-system.conf(5).
const defaultStopTimeout = 90 * time.Second

func (v *visit) checkSystemd(ctx context.Context) {
	const check = "systemd"
	version, ok := systemdVersion(ctx, v.Machine)
	switch {
	case !ok:
		v.pass(check, "not installed: the daemon is looked after by something else, or by nobody")
	case v.unit.set["Type"] == "notify-reload" && version < notifyReload:
		v.add(check, Fail, fmt.Sprintf("version %d does not know Type=notify-reload, which %s sets, and ignores it", version, v.unit.name),
			"rm /etc/systemd/system/"+v.unit.name+".d/notify-reload.conf\nsystemctl daemon-reload")
	case version < oldestSystemd:
		v.add(check, Warn, fmt.Sprintf("version %d is older than %d and ignores some lines of the unit", version, oldestSystemd),
			"# upgrade the distribution; until then the sandbox has holes")
	default:
		v.pass(check, fmt.Sprintf("version %d", version))
	}
}

// systemdVersion reads the first line of "systemctl --version": "systemd 252 (252.38-1)".
func systemdVersion(ctx context.Context, m Machine) (version int, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, systemctlWait)
	defer cancel()
	out, err := exec.CommandContext(ctx, m.Systemctl, "--version").Output()
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(out))
	if len(fields) < 2 {
		return 0, false
	}
	digits, _, _ := strings.Cut(strings.ReplaceAll(fields[1], "~", "."), ".") // a release candidate is "253~rc1"
	version, err = strconv.Atoi(digits)
	return version, err == nil
}

// checkUnit tells whether systemd can work with the unit.
func (v *visit) checkUnit() {
	const check = "unit"
	u := v.unit
	switch {
	case !u.found:
		v.pass(check, u.name+" is not installed: the daemon is started by something else")
	case u.running && u.set["LoadState"] != "loaded":
		v.add(check, Fail, fmt.Sprintf("%s cannot be used: systemd calls it %q", u.name, u.set["LoadState"]),
			"systemctl unmask "+u.name+"\nsystemd-analyze verify "+u.name)
	case missingCredential(u) != "":
		path := missingCredential(u)
		v.add(check, Fail, "the unit hands over a credential from "+path+", which is missing: the daemon does not start",
			"(umask 077; od -An -N32 -tx1 /dev/urandom | tr -d ' \\n' >"+shellQuote(path)+")")
	case u.set["ActiveState"] == "failed":
		v.add(check, Fail, fmt.Sprintf("%s has failed (%s)", u.name, u.set["Result"]),
			"journalctl --unit="+u.name+" --lines=50 --no-pager\nsystemctl reset-failed "+u.name+"\nsystemctl start "+u.name)
	case u.set["NeedDaemonReload"] == "yes":
		v.add(check, Warn, "files of "+u.name+" have changed since systemd read them", "systemctl daemon-reload")
	case u.running && u.set["UnitFileState"] == "disabled":
		v.add(check, Pass, u.name+" is "+u.set["ActiveState"]+", and not started when the machine starts", "systemctl enable "+u.name)
	case u.running:
		v.pass(check, u.name+" is "+u.set["ActiveState"])
	default:
		v.pass(check, u.name+" is installed; no systemd runs here, so its files were read")
	}
}

// missingCredential is the file of a credential that is not there; "" where all are. Without it systemd refuses the start.
func missingCredential(u unit) string {
	for _, credential := range u.list("LoadCredential") {
		if _, path, ok := strings.Cut(credential, ":"); ok && strings.HasPrefix(path, "/") {
			if _, err := os.Stat(path); os.IsNotExist(err) {
				return path
			}
		}
	}
	return ""
}

// checkStopTimeout tells whether the daemon may finish its teardown before systemd kills it.
func (v *visit) checkStopTimeout() {
	const check = "stop timeout"
	if !v.unit.found {
		return
	}
	limit, ok := defaultStopTimeout, true
	if text := v.unit.set["TimeoutStopUSec"]; text != "" {
		limit, ok = parseTimeSpan(text)
	}
	need := v.settings.Server.ShutdownTimeout + v.Backstop
	fix := v.unit.dropIn("stop-timeout", fmt.Sprintf("TimeoutStopSec=%ds", int((need+10*time.Second).Seconds())))
	switch {
	case !ok:
		v.add(check, Warn, fmt.Sprintf("TimeoutStopSec=%s of %s is not understood", v.unit.set["TimeoutStopUSec"], v.unit.name), fix)
	case limit == 0, limit == forever: // 0 is no limit, too: systemd.service(5)
		v.pass(check, v.unit.name+" sets no limit")
	case limit < need:
		v.add(check, Fail, fmt.Sprintf("%s gives a stop %v, and the daemon may take %v (server.shutdown_timeout and %v more): it would be killed",
			v.unit.name, limit, need, v.Backstop), fix)
	default:
		v.pass(check, fmt.Sprintf("%v; the daemon takes at most %v", limit, need))
	}
}

// shellQuote makes a word for a shell of any text.
func shellQuote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
