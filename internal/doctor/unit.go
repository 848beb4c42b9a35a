package doctor

import (
	"context"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// systemctlWait bounds a question to systemd.
const systemctlWait = 5 * time.Second

// unit is what systemd knows of the daemon, by the names of "systemctl show". Times are there as systemd.time(7) writes
// them, lists as words with spaces between.
type unit struct {
	name    string
	found   bool
	running bool // read from a systemd that runs, and not from its files
	set     map[string]string
}

// properties are what is read of a unit.
var properties = []string{
	"LoadState", "ActiveState", "Result", "UnitFileState", "NeedDaemonReload", "Type", "User", "SupplementaryGroups", "Environment",
	"TimeoutStopUSec", "ProtectHome", "ProtectSystem", "StateDirectory", "ReadWritePaths", "AmbientCapabilities", "LoadCredential",
}

// readUnit asks systemd for the unit, and reads the files itself where no systemd runs.
func readUnit(ctx context.Context, m Machine) unit {
	set, err := systemctlShow(ctx, m, m.Unit)
	if err != nil {
		return readUnitFiles(m)
	}
	return unit{name: m.Unit, found: set["LoadState"] != "not-found", running: true, set: set}
}

// systemctlShow reads the properties of a unit. A unit that does not exist has them, too.
func systemctlShow(ctx context.Context, m Machine, name string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, systemctlWait)
	defer cancel()
	out, err := exec.CommandContext(ctx, m.Systemctl, "show", "--property="+strings.Join(properties, ","), "--", name).Output()
	if err != nil {
		return nil, err
	}
	set := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "="); ok {
			set[key] = strings.TrimPrefix(set[key]+" "+value, " ") // LoadCredential has a line each
		}
	}
	return set, nil
}

// active tells whether a unit is up; not so where no systemd can tell.
func (v *visit) active(ctx context.Context, name string) bool {
	if !v.unit.running {
		return false
	}
	set, err := systemctlShow(ctx, v.Machine, name)
	return err == nil && set["ActiveState"] == "active"
}

// user is who the daemon runs as; "" where no unit says so.
func (u unit) user() string {
	if u.found && u.set["User"] == "" {
		return "root"
	}
	return u.set["User"]
}

// list is a property that holds several words.
func (u unit) list(property string) []string { return words(u.set[property]) }

// environment is what the unit sets.
func (u unit) environment() []string { return u.list("Environment") }

// writable lists the folders that the sandbox leaves writable, where it makes the file system read-only.
func (u unit) writable() []string {
	var folders []string
	for _, name := range u.list("StateDirectory") {
		name, _, _ = strings.Cut(name, ":")
		folders = append(folders, "/var/lib/"+name)
	}
	for _, folder := range u.list("ReadWritePaths") {
		folders = append(folders, strings.TrimLeft(folder, "-+"))
	}
	return folders
}

// hidesHome tells whether /home, /root and /run/user cannot be read in the sandbox.
func (u unit) hidesHome() bool {
	return slices.Contains([]string{"yes", "true", "on", "1", "tmpfs"}, u.set["ProtectHome"])
}

// mayBind tells whether the unit gives the right to listen on every port. systemd writes capabilities in lower case, people in
// capitals.
func (u unit) mayBind() bool {
	return slices.Contains(words(strings.ToLower(u.set["AmbientCapabilities"])), "cap_net_bind_service")
}

// dropIn is the command that sets a line of the unit's section [Service] in a file of its own. Its name sorts behind the
// usual ones, since the last file wins.
func (u unit) dropIn(file, line string) string {
	folder := "/etc/systemd/system/" + u.name + ".d"
	return "install -d " + folder + "\n" +
		`printf '[Service]\n` + line + `\n' >` + folder + "/zz-" + file + ".conf\n" +
		"systemctl daemon-reload"
}

// words splits a line as systemd does: by white space, with quotes and backslashes for what holds white space itself.
func words(line string) []string {
	var all []string
	var word strings.Builder
	var quote byte
	started, escaped := false, false
	for _, r := range []byte(line) { // a path may hold bytes that are no UTF-8
		switch {
		case escaped:
			word.WriteByte(r)
			escaped = false
		case r == '\\':
			escaped, started = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, started = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if started {
				all = append(all, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteByte(r)
			started = true
		}
	}
	if started {
		all = append(all, word.String())
	}
	return all
}
