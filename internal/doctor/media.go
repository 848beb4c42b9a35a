package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"vpo/internal/library"
)

// checkMedia tells whether the daemon may read the folders that were scanned.
func (v *visit) checkMedia() {
	const check = "media"
	if len(v.library.Mounts) == 0 {
		v.add(check, Warn, "nothing was scanned so far", v.scanFix())
		return
	}
	readable := 0
	for _, mount := range v.library.Mounts {
		if v.checkMount(mount) {
			readable++
		}
	}
	if readable == len(v.library.Mounts) {
		v.pass(check, fmt.Sprintf("%s may read the scanned folders (%d)", v.account.name, readable))
	}
}

func (v *visit) checkMount(mount library.Mount) bool {
	const check = "media"
	err := v.account.access(mount.Path, unix.R_OK|unix.X_OK)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.add(check, Warn, fmt.Sprintf("%s is not there; %s was mounted at the last scan", mount.Path, mount.Source),
			"mount "+shellQuote(mount.Path)+"\nfindmnt "+shellQuote(mount.Path))
	case err != nil:
		path, fix := v.barrier(mount.Path)
		v.add(check, Fail, fmt.Sprintf("%s may not read %s: %v at %s", v.account.name, mount.Path, err, path), fix)
	case v.unit.found && !v.OwnSettings && v.unit.hidesHome() && inHome(mount.Path):
		v.add(check, Fail, fmt.Sprintf("the sandbox of %s hides %s (ProtectHome=)", v.unit.name, mount.Path),
			v.unit.dropIn("home", "ProtectHome=read-only")+"\nsystemctl restart "+v.unit.name)
	default:
		return true
	}
	return false
}

// barrier is the first folder on the way to path, or path itself, that the account cannot pass, and what opens it: its group
// where that may read, else an access list for this user alone.
func (v *visit) barrier(path string) (at, fix string) {
	at = path
	for _, folder := range above(path) {
		if v.account.access(folder, unix.X_OK) != nil {
			at = folder
			break
		}
	}
	need := fs.FileMode(0o010)
	if at == path {
		need = 0o050
	}
	group, mode := groupOf(at)
	restart := ""
	if v.unit.found {
		restart = "\nsystemctl restart " + v.unit.name
	}
	if group != "" && mode&need == need {
		return at, "usermod --append --groups " + shellQuote(group) + " " + v.account.name + restart
	}
	rights := "x"
	if at == path {
		rights = "rX"
	}
	return at, "setfacl --modify=user:" + v.account.name + ":" + rights + " " + shellQuote(at) + restart
}

// above lists the folders on the way to a clean absolute path, from the root on, without the path itself.
func above(path string) []string {
	var folders []string
	for i, r := range path {
		if r == '/' {
			folders = append(folders, filepath.Clean(path[:i+1]))
		}
	}
	return folders
}

// groupOf is the group that a folder belongs to, where adding a user to it gives away nothing else: not root's.
func groupOf(path string) (group string, mode fs.FileMode) {
	info, err := os.Stat(path)
	if err != nil {
		return "", 0
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Gid == 0 {
		return "", 0
	}
	g, err := user.LookupGroupId(strconv.FormatUint(uint64(st.Gid), 10))
	if err != nil {
		return "", 0
	}
	return g.Name, info.Mode()
}

// checkWatches compares the kernel's limit with the number of folders: each one that is watched takes a watch (inotify(7)).
func (v *visit) checkWatches() {
	const check = "inotify"
	data, err := os.ReadFile(v.Machine.MaxWatches)
	if err != nil {
		v.pass(check, "the kernel does not tell its limit")
		return
	}
	limit, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		v.pass(check, "the kernel's limit is not understood")
		return
	}
	// Twice the number and a reserve: other programs of the same user need some, and libraries grow.
	want := max(2*v.library.Folders, 65536)
	fix := fmt.Sprintf("printf 'fs.inotify.max_user_watches = %d\\n' >/etc/sysctl.d/60-vpo.conf\nsysctl -p /etc/sysctl.d/60-vpo.conf", want)
	message := fmt.Sprintf("%d folders, fs.inotify.max_user_watches is %d", v.library.Folders, limit)
	switch {
	case v.library.Folders > limit:
		v.add(check, Fail, message+": not all of them can be watched", fix)
	case v.library.Folders > limit*3/4:
		v.add(check, Warn, message+": little is left", fix)
	default:
		v.pass(check, message)
	}
}
