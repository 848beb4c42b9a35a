package doctor

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"vpo/internal/library"
)

// nobody is a user that every system has and that owns nothing; tests that need root are skipped without it.
func nobody(t *testing.T, w *world) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can become somebody else")
	}
	w.unit("User=nobody")
	for dir := w.dir; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) { // t.TempDir is for its owner alone
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// folder makes a folder of the world with these rights, for a group of its own.
func (w *world) folder(name string, mode os.FileMode, gid int) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(path, 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Chown(path, -1, gid); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		w.t.Fatal(err)
	}
	return path
}

const videoGroup = 44 // "video" of Debian's base-passwd; on other systems groupNames gives the number

func TestMedia(t *testing.T) {
	t.Run("AFolderOfAGroupThatTheUserIsNotInFails", func(t *testing.T) {
		w := newWorld(t)
		nobody(t, w)
		if group, _ := groupOf(w.folder("films", 0o750, videoGroup)); group == "" {
			t.Skip("no group with this number here")
		}
		w.lib.Mounts = []library.Mount{{Path: filepath.Join(w.dir, "films")}}
		w.want("media", Fail, "nobody may not read", "usermod --append --groups video nobody", "systemctl restart vpo.service")
	})
	t.Run("WithThatGroupItPasses", func(t *testing.T) {
		w := newWorld(t)
		nobody(t, w)
		if group, _ := groupOf(w.folder("films", 0o750, videoGroup)); group == "" {
			t.Skip("no group with this number here")
		}
		w.unit("User=nobody", "SupplementaryGroups=video")
		w.lib.Mounts = []library.Mount{{Path: filepath.Join(w.dir, "films")}}
		w.want("media", Pass, "nobody may read")
	})
	t.Run("AFolderOfRootAloneGetsAnAccessList", func(t *testing.T) {
		w := newWorld(t)
		nobody(t, w)
		w.lib.Mounts = []library.Mount{{Path: w.folder("films", 0o700, 0)}}
		w.want("media", Fail, "setfacl --modify=user:nobody:rX "+filepath.Join(w.dir, "films"))
	})
	t.Run("TheFolderAboveThatIsClosedIsNamed", func(t *testing.T) {
		w := newWorld(t)
		nobody(t, w)
		path := w.folder("private/films", 0o755, 0)
		w.folder("private", 0o700, 0)
		w.lib.Mounts = []library.Mount{{Path: path}}
		w.want("media", Fail, "at "+filepath.Dir(path), "setfacl --modify=user:nobody:x "+filepath.Dir(path)+"\n")
	})
	t.Run("ADiskThatIsNotMountedIsAWarning", func(t *testing.T) {
		w := newWorld(t)
		w.lib.Mounts = []library.Mount{{Path: filepath.Join(w.dir, "usb"), Source: "/dev/sdb1"}}
		w.want("media", Warn, "/dev/sdb1", "mount ")
	})
	t.Run("AFolderBelowHomeThatTheSandboxHidesFails", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "ProtectHome=yes", "StateDirectory=vpo")
		if _, err := os.Stat("/home"); err != nil {
			t.Skip("no /home here")
		}
		w.lib.Mounts = []library.Mount{{Path: "/home"}}
		w.want("media", Fail, "ProtectHome", "ProtectHome=read-only")
	})
	t.Run("NothingScannedIsAWarning", func(t *testing.T) {
		w := newWorld(t)
		w.lib.Mounts = nil
		w.want("media", Warn, "nothing was scanned", "vpo scan")
	})
}

func TestFolderAccess(t *testing.T) {
	t.Run("AFolderThatTheUserMayNotWriteToFails", func(t *testing.T) {
		w := newWorld(t)
		nobody(t, w)
		w.want("database folder", Fail, "nobody may not", "chown -R nobody: "+w.dir)
	})
	t.Run("AFileThatTheUserMayNotWriteToFails", func(t *testing.T) {
		w := newWorld(t)
		nobody(t, w)
		w.want("database", Fail, "nobody may not", "chown nobody: ")
	})
	t.Run("AFolderThatTheSandboxHasReadOnlyFails", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "ProtectSystem=strict", "StateDirectory=vpo")
		w.want("database folder", Fail, "sandbox", "ReadWritePaths="+w.dir)
	})
	t.Run("OneThatTheSandboxLeavesWritablePasses", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "ProtectSystem=strict", "ReadWritePaths=-"+w.dir)
		w.want("database folder", Pass, "may write")
	})
}

func TestAccount(t *testing.T) {
	t.Run("AUserThatIsMissingFails", func(t *testing.T) {
		w := newWorld(t)
		w.unit("User=vpo-of-nowhere")
		w.want("user", Fail, "vpo-of-nowhere", "systemd-sysusers vpo.conf")
	})
	t.Run("AGroupThatIsMissingFails", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "SupplementaryGroups=group-of-nowhere")
		w.want("user", Fail, "group-of-nowhere")
	})
	t.Run("TheRightsOfAnotherEndWithTheirThread", func(t *testing.T) {
		w := newWorld(t)
		nobody(t, w)
		defer goleak.VerifyNone(t)
		a, err := lookup("nobody", nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			if err := a.access(w.folder("closed", 0o700, 0), unix.R_OK); err == nil {
				t.Fatal("nobody may read what root alone may")
			}
			if os.Geteuid() != 0 || unix.Access(filepath.Join(w.dir, "closed"), unix.W_OK) != nil {
				t.Fatal("the rights of nobody stayed")
			}
		}
	})
}
