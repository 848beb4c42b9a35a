package doctor

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"vpo/internal/config"
	"vpo/internal/library"
)

// world is a machine made of files in a temporary folder, on which everything is well: no systemd, a library, a free port.
type world struct {
	t      *testing.T
	dir    string
	config Config
	set    config.Config
	lib    Library
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, dir: dir, set: config.Default(dir)}
	w.set.Server.Port = freePort(t)
	w.write("library.db", "")
	w.write("max_user_watches", "8192\n")
	w.lib = Library{Schema: 3, Newest: 3, Files: 8, Folders: 12, Mounts: []library.Mount{{Path: dir}}}
	machine := ThisMachine()
	machine.Systemctl = filepath.Join(dir, "systemctl") // there is none
	machine.UnitFolders = []string{filepath.Join(dir, "etc"), filepath.Join(dir, "lib")}
	machine.MaxWatches = filepath.Join(dir, "max_user_watches")
	w.config = Config{
		Load:    func([]string, string) (*config.Settings, error) { return &config.Settings{Config: w.set}, nil },
		Library: func(context.Context, string) (Library, error) { return w.lib, nil },
		Health: func(context.Context, config.ServerConfig) (string, error) {
			return "", errors.New("it is no vpo daemon")
		},
		FFprobe:  func(string) (string, error) { return "/usr/bin/ffprobe", nil },
		Backstop: 2 * time.Second,
		Machine:  machine,
	}
	return w
}

// write puts a file into the world, and gives its path.
func (w *world) write(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// unit installs the unit with these lines of [Service], on a machine without a systemd that runs.
func (w *world) unit(lines ...string) {
	w.write("lib/vpo.service", "[Unit]\nDescription=vpo\n[Service]\n"+strings.Join(lines, "\n")+"\n[Install]\nWantedBy=multi-user.target\n")
}

// systemd installs a systemctl that answers every question with these lines.
func (w *world) systemd(version string, lines ...string) {
	w.write("systemctl", "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'systemd "+version+"'; exit; fi\ncat <<'END'\n"+
		strings.Join(lines, "\n")+"\nEND\n")
}

// self is the line of a unit by which the daemon runs as the user of this process.
func self(t *testing.T) string {
	t.Helper()
	return "User=" + ownAccount("").name
}

func (w *world) run() Report { return Run(w.t.Context(), w.config) }

// want runs the doctor and looks for a finding of this check with this status, and for words in its message and its fix.
func (w *world) want(check string, status Status, words ...string) {
	w.t.Helper()
	report := w.run()
	for _, f := range report.Checks {
		if f.Check != check || f.Status != status {
			continue
		}
		for _, word := range words {
			if !strings.Contains(f.Message+"\n"+f.Fix, word) {
				w.t.Errorf("%q is missing in: %s\n%s", word, f.Message, f.Fix)
			}
		}
		return
	}
	w.t.Errorf("no %s of the check %q in %+v", status, check, report.Checks)
}

func TestRun(t *testing.T) {
	t.Run("AMachineOnWhichAllIsWellPasses", func(t *testing.T) {
		report := newWorld(t).run()
		if report.Status != Pass {
			t.Errorf("%+v", report)
		}
		if len(report.Checks) < 12 {
			t.Errorf("only %d checks were made", len(report.Checks))
		}
	})
	t.Run("AWarningIsNoFailure", func(t *testing.T) {
		w := newWorld(t)
		w.lib.Mounts = nil
		if report := w.run(); report.Status != Warn {
			t.Errorf("%+v", report)
		}
	})
	t.Run("AFailureIsGraverThanAWarning", func(t *testing.T) {
		w := newWorld(t)
		w.lib.Mounts = nil
		w.lib.Folders = 1 << 20
		w.set.Server.Bind = "203.0.113.1" // RFC 5737: nobody has it
		if report := w.run(); report.Status != Fail {
			t.Errorf("%+v", report)
		}
	})
	t.Run("WithoutAConfigurationWhatNeedsItIsLeftOut", func(t *testing.T) {
		w := newWorld(t)
		w.config.Load = func([]string, string) (*config.Settings, error) { return nil, errors.New("vpo.toml:3:1: unknown key") }
		w.want("configuration", Fail, "vpo.toml:3:1: unknown key", "vpo config check")
		for _, f := range w.run().Checks {
			if strings.HasPrefix(f.Check, "database") || f.Check == "port" {
				t.Errorf("made all the same: %+v", f)
			}
		}
	})
	t.Run("NothingIsChanged", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "TimeoutStopSec=1s")
		before := listing(t, w.dir)
		w.run()
		if after := listing(t, w.dir); after != before {
			t.Errorf("before:\n%s\nafter:\n%s", before, after)
		}
	})
}

// listing names everything below a folder, with size and time.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			b.WriteString(path + " " + info.ModTime().String() + " " + info.Mode().String() + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestConfiguration(t *testing.T) {
	var got []string
	spy := func(w *world) {
		w.config.Load = func(env []string, home string) (*config.Settings, error) {
			got = append([]string{"HOME is " + home}, env...)
			return &config.Settings{Config: w.set, File: "/etc/vpo/config.toml"}, nil
		}
	}
	t.Run("IsThatOfTheUnit", func(t *testing.T) {
		w := newWorld(t)
		spy(w)
		w.config.Environ = []string{"PATH=/bin", "VPO_SERVER_PORT=1"}
		w.unit(self(t), "Environment=VPO_DATA_DIR=%S/vpo \"VPO_NOTE=two words\"")
		w.want("configuration", Pass, "/etc/vpo/config.toml", "vpo.service")
		if joined := strings.Join(got, "|"); !strings.HasSuffix(joined, "|PATH=/bin|VPO_DATA_DIR=/var/lib/vpo|VPO_NOTE=two words") {
			t.Error(joined)
		}
	})
	t.Run("IsTheUsersOwnWhereOneWasNamed", func(t *testing.T) {
		w := newWorld(t)
		spy(w)
		w.config.OwnSettings, w.config.Home = true, "/home/alice"
		w.config.Environ = []string{"VPO_SERVER_PORT=1"}
		w.unit(self(t), "Environment=VPO_DATA_DIR=%S/vpo")
		w.want("configuration", Pass, "/etc/vpo/config.toml")
		if joined := strings.Join(got, "|"); joined != "HOME is /home/alice|VPO_SERVER_PORT=1" {
			t.Error(joined)
		}
	})
}

func TestFFprobe(t *testing.T) {
	missing := func(string) (string, error) { return "", errors.New("ffprobe was not found") }
	t.Run("OneThatIsMissingIsANote", func(t *testing.T) {
		w := newWorld(t)
		w.config.FFprobe = missing
		w.want("ffprobe", Pass, "second opinion", "apt install ffmpeg")
	})
	t.Run("OneThatWasConfiguredAndIsMissingFails", func(t *testing.T) {
		w := newWorld(t)
		w.config.FFprobe = missing
		w.set.Tools.FFprobe = "/opt/ffprobe"
		w.want("ffprobe", Fail, "was not found")
	})
}

func TestWatches(t *testing.T) {
	for name, tc := range map[string]struct {
		folders int
		limit   string
		status  Status
		words   []string
	}{
		"MoreFoldersThanTheLimitFails":   {9000, "8192\n", Fail, []string{"not all", "fs.inotify.max_user_watches = 65536", "sysctl -p"}},
		"FoldersNearTheLimitWarn":        {7000, "8192\n", Warn, []string{"7000", "8192"}},
		"AFewFoldersPass":                {12, "8192\n", Pass, []string{"12 folders"}},
		"ALargeLibraryGetsTwiceItsNeed":  {90000, "8192\n", Fail, []string{"max_user_watches = 180000"}},
		"AKernelThatTellsNonsensePasses": {12, "many", Pass, []string{"not understood"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.lib.Folders = tc.folders
			w.write("max_user_watches", tc.limit)
			w.want("inotify", tc.status, tc.words...)
		})
	}
}

func TestDatabase(t *testing.T) {
	for name, tc := range map[string]struct {
		fault library.Fault
		fix   string
	}{
		"OneThatIsGoneIsMadeByAScan":          {library.FaultGone, "vpo scan --db"},
		"OneThatIsLockedNamesItsHolders":      {library.FaultLocked, "fuser -v"},
		"OneThatIsUnreadableGetsItsOwner":     {library.FaultUnreadable, "chown"},
		"OneOfANewerProgramIsLeft":            {library.FaultNewer, "update vpo"},
		"OneThatIsDamagedIsPutAside":          {library.FaultDamaged, ".damaged"},
		"ADiskWithErrorsShowsThemInTheKernel": {library.FaultIO, "dmesg"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.config.Library = func(context.Context, string) (Library, error) { return Library{}, tc.fault }
			w.want("database", Fail, string(tc.fault), tc.fix)
		})
	}
	t.Run("OneThatAScanRefusesIsAWarning", func(t *testing.T) {
		w := newWorld(t)
		w.lib.Refused = errors.New("the library lacks columns")
		w.want("database", Warn, "lacks columns")
	})
	t.Run("OneOfAnOlderSchemaIsUpdatedByTheNextStart", func(t *testing.T) {
		w := newWorld(t)
		w.lib.Schema = 2
		w.want("database", Pass, "its schema is 2", "makes it 3")
	})
}

func TestFileSystem(t *testing.T) {
	answer := func(edit func(*unix.Statfs_t)) func(string, *unix.Statfs_t) error {
		return func(_ string, st *unix.Statfs_t) error {
			*st = unix.Statfs_t{Type: 0xef53, Bsize: 4096, Blocks: 1 << 20, Bavail: 1 << 19} // ext4
			edit(st)
			return nil
		}
	}
	for name, tc := range map[string]struct {
		check  string
		edit   func(*unix.Statfs_t)
		status Status
		words  []string
	}{
		"NFSFails":             {"database file system", func(st *unix.Statfs_t) { st.Type = unix.NFS_SUPER_MAGIC }, Fail, []string{"NFS", "database_path = ", "cp -a"}},
		"SMBFails":             {"database file system", func(st *unix.Statfs_t) { st.Type = 0xfe534d42 }, Fail, []string{"SMB"}},
		"CIFSFails":            {"database file system", func(st *unix.Statfs_t) { st.Type = 0xff534d42 }, Fail, []string{"cifs"}},
		"FUSEWarns":            {"database file system", func(st *unix.Statfs_t) { st.Type = unix.FUSE_SUPER_MAGIC }, Warn, []string{"FUSE"}},
		"Ext4Passes":           {"database file system", func(*unix.Statfs_t) {}, Pass, nil},
		"OneThatIsFullFails":   {"database room", func(st *unix.Statfs_t) { st.Bavail = 10 }, Fail, []string{"40 KiB", "df -h"}},
		"OneNearlyFullWarns":   {"database room", func(st *unix.Statfs_t) { st.Bavail = 10 << 8 }, Warn, []string{"10 MiB", "df -h"}},
		"OneThatIsReadOnly":    {"database folder", func(st *unix.Statfs_t) { st.Flags = unix.ST_RDONLY }, Fail, []string{"read-only", "remount,rw"}},
		"OneWithoutSizePasses": {"database room", func(st *unix.Statfs_t) { st.Blocks, st.Bavail = 0, 0 }, Pass, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.config.Machine.Statfs = answer(tc.edit)
			w.want(tc.check, tc.status, tc.words...)
		})
	}
	t.Run("AFolderThatIsMissingIsMadeByTheScan", func(t *testing.T) {
		w := newWorld(t)
		w.set.DatabasePath = filepath.Join(w.dir, "not there", "library.db")
		w.want("database folder", Warn, "not there", "vpo scan --db '"+w.set.DatabasePath+"'")
	})
	t.Run("ThisOneIsReadForReal", func(t *testing.T) {
		newWorld(t).want("database room", Pass, "MiB free")
	})
}
