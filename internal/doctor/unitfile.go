package doctor

import (
	"bufio"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxUnitFile bounds what is read of a unit file, in bytes.
const maxUnitFile = 1 << 20

// readUnitFiles reads the unit and its drop-ins as systemd.unit(5) orders them: the unit from the first folder that has
// it, then all drop-ins in the order of their names, of several with one name the one in the first folder. Inheritance
// that goes farther (a drop-in for all units, aliases) is left to systemd itself.
func readUnitFiles(m Machine) unit {
	u := unit{name: m.Unit, set: map[string]string{}}
	dropIns := map[string]string{}
	for _, folder := range m.UnitFolders {
		if path := filepath.Join(folder, m.Unit); !u.found {
			u.found = u.readFile(path)
		}
		paths, _ := filepath.Glob(filepath.Join(folder, m.Unit+".d", "*.conf")) // the pattern is no bad one
		for _, path := range paths {
			if name := filepath.Base(path); dropIns[name] == "" {
				dropIns[name] = path
			}
		}
	}
	if !u.found {
		return u
	}
	for _, name := range slices.Sorted(maps.Keys(dropIns)) {
		u.readFile(dropIns[name])
	}
	return u
}

// readFile reads what one file sets, over what is set already; false where there is none.
func (u unit) readFile(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	u.parse(io.LimitReader(file, maxUnitFile))
	return true
}

// parse reads the section [Service] in the syntax of systemd.syntax(7).
func (u unit) parse(r io.Reader) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxUnitFile)
	section, joined := "", ""
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' || line[0] == ';' { // also between the parts of a line that goes on
			continue
		}
		joined += line
		if before, more := strings.CutSuffix(joined, `\`); more {
			joined = before + " "
			continue
		}
		if line, joined = joined, ""; line[0] == '[' {
			section = line
		} else if key, value, ok := strings.Cut(line, "="); ok && section == "[Service]" {
			u.assign(strings.TrimSpace(key), strings.TrimSpace(value))
		}
	}
}

// lists are the properties of which a second line adds to the first, and an empty one takes all away.
var lists = map[string]bool{
	"SupplementaryGroups": true, "Environment": true, "StateDirectory": true, "ReadWritePaths": true,
	"AmbientCapabilities": true, "LoadCredential": true,
}

// specifiers are those that unit files of services use in paths; systemd itself knows more.
var specifiers = strings.NewReplacer("%%", "%", "%S", "/var/lib", "%t", "/run", "%E", "/etc", "%C", "/var/cache", "%L", "/var/log")

func (u unit) assign(key, value string) {
	value = specifiers.Replace(value)
	switch {
	case key == "TimeoutStopSec", key == "TimeoutSec":
		u.set["TimeoutStopUSec"] = value
	case lists[key] && value != "":
		u.set[key] = strings.TrimPrefix(u.set[key]+" "+value, " ")
	default:
		u.set[key] = value
	}
}
