package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	// fullBelow is the room, in bytes, under which the library counts as having none; the daemon's own check says the same.
	fullBelow = 1 << 20
	// tightBelow is the room under which it is time to tidy up: a backup or a large scan may not find it.
	tightBelow = 256 << 20
)

// fileSystems are those that a library is told from by the magic number of statfs(2), as linux/magic.h and the file systems'
// own sources have it.
var fileSystems = map[uint32]struct {
	name   string
	status Status
}{
	0x6969:     {"NFS", Fail},
	0x517b:     {"SMB", Fail},
	0xff534d42: {"SMB (cifs)", Fail},
	0xfe534d42: {"SMB (smb2)", Fail},
	0x73757245: {"Coda", Fail},
	0x5346414f: {"AFS", Fail},
	0x6b414653: {"AFS", Fail},
	0x01021997: {"9p, a share of the host of this machine", Warn},
	0x00c36400: {"Ceph", Warn},
	0x65735546: {"FUSE, which may be a network share", Warn},
	0x01021994: {"tmpfs: the library is lost when the machine stops", Warn},
	0x858458f6: {"ramfs: the library is lost when the machine stops", Warn},
}

// checkFolder looks at the folder of the library and the disk below it.
func (v *visit) checkFolder() {
	folder := filepath.Dir(v.settings.DatabasePath)
	var st unix.Statfs_t
	err := v.Machine.Statfs(folder, &st)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.add("database folder", Warn, folder+" is not there; the first scan makes it", v.scanFix())
		return
	case err != nil:
		v.add("database folder", Fail, fmt.Sprintf("%s: %v", folder, err), "ls -ld "+shellQuote(folder))
		return
	}
	v.checkFileSystem(folder, &st)
	v.checkRoom(folder, &st)
	v.checkFolderAccess(folder, &st)
}

// checkFileSystem finds a library where SQLite's locks cannot be relied upon (https://www.sqlite.org/wal.html: all
// processes must be on the same host).
func (v *visit) checkFileSystem(folder string, st *unix.Statfs_t) {
	const check = "database file system"
	is, known := fileSystems[uint32(st.Type)] //nolint:unconvert // Type is signed, and of different widths
	if !known {
		v.pass(check, "a local one")
		return
	}
	message := folder + " is on " + is.name
	if is.status == Fail {
		message += ": the locks and the shared memory of SQLite do not work across a network, and the library may be damaged"
	}
	v.add(check, is.status, message, v.moveFix())
}

// moveFix is how the library moves to a local disk. The daemon has to be stopped for that, and what SQLite keeps beside the
// file goes with it.
func (v *visit) moveFix() string {
	target := "/var/lib/vpo/library.db"
	if v.settings.DatabasePath == target {
		target = "/srv/vpo/library.db" // the folder itself is the share
	}
	lines := []string{
		"install -d -o " + v.account.name + " -m 750 " + filepath.Dir(target),
		"cp -a " + shellQuote(v.settings.DatabasePath) + "* " + filepath.Dir(target) + "/",
		`# set database_path = "` + target + `" in the configuration`,
	}
	if v.unit.found {
		lines = append(append([]string{"systemctl stop " + v.unit.name}, lines...), "systemctl start "+v.unit.name)
	}
	return strings.Join(lines, "\n")
}

func (v *visit) checkRoom(folder string, st *unix.Statfs_t) {
	const check = "database room"
	free := st.Bavail * uint64(st.Bsize)
	find := fmt.Sprintf("df -h %s\ndu -xh --max-depth=2 %s | sort -h | tail", shellQuote(folder), shellQuote(folder))
	switch {
	case st.Blocks == 0: // a file system that does not say
		v.pass(check, "the file system does not tell")
	case free < fullBelow:
		v.add(check, Fail, fmt.Sprintf("the file system of %s is full: %d KiB are free", folder, free>>10), find)
	case free < tightBelow:
		v.add(check, Warn, fmt.Sprintf("the file system of %s is nearly full: %d MiB are free", folder, free>>20), find)
	default:
		v.pass(check, fmt.Sprintf("%d MiB free", free>>20))
	}
}

// checkFolderAccess tells whether the daemon may make files in the folder, as SQLite does with its log.
func (v *visit) checkFolderAccess(folder string, st *unix.Statfs_t) {
	const check = "database folder"
	err := v.account.access(folder, unix.R_OK|unix.W_OK|unix.X_OK)
	switch {
	case st.Flags&unix.ST_RDONLY != 0, errors.Is(err, unix.EROFS):
		v.add(check, Fail, folder+" is on a file system that is mounted read-only",
			"dmesg | tail   # an error of the disk may be why\nmount -o remount,rw \"$(findmnt -no TARGET -T "+shellQuote(folder)+")\"")
	case err != nil:
		v.add(check, Fail, fmt.Sprintf("%s may not read and write %s: %v", v.account.name, folder, err),
			"chown -R "+v.account.name+": "+shellQuote(folder)+"\nchmod u+rwX "+shellQuote(folder))
	case !v.insideSandbox(folder):
		v.add(check, Fail, fmt.Sprintf("the sandbox of %s has %s read-only or hidden (ProtectSystem=, ProtectHome=)", v.unit.name, folder),
			v.unit.dropIn("library", "ReadWritePaths="+folder))
	default:
		v.pass(check, folder+", "+v.account.name+" may write")
	}
}

// insideSandbox tells whether the unit lets the daemon write to a folder that its user may write to.
func (v *visit) insideSandbox(folder string) bool {
	walled := v.unit.set["ProtectSystem"] == "strict" || (v.unit.hidesHome() && inHome(folder))
	if !v.unit.found || v.OwnSettings || !walled {
		return true
	}
	for _, writable := range v.unit.writable() {
		if below(folder, writable) {
			return true
		}
	}
	return false
}

// inHome tells whether ProtectHome= hides a path: systemd.exec(5).
func inHome(path string) bool {
	return below(path, "/home") || below(path, "/root") || below(path, "/run/user")
}

// below tells whether a path is a folder or lies in it. Both are clean.
func below(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(filepath.Clean(folder), "/"))
	return ok && (rest == "" || rest[0] == '/')
}

// scanFix is the command that makes the library.
func (v *visit) scanFix() string {
	if v.unit.found && !v.OwnSettings {
		return `systemctl start "vpo-scan@$(systemd-escape --path /srv/media).service"   # your folder in place of /srv/media`
	}
	return "vpo scan --db " + shellQuote(v.settings.DatabasePath) + " /srv/media   # your folder in place of /srv/media"
}
