package doctor

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestStopTimeout(t *testing.T) {
	const check = "stop timeout"
	t.Run("OneThatIsTooShortFails/AsSystemdHasIt", func(t *testing.T) {
		w := newWorld(t)
		w.systemd("252 (252.38-1)", "LoadState=loaded", "ActiveState=inactive", self(t), "TimeoutStopUSec=20s")
		w.want(check, Fail, "20s", "32s", "TimeoutStopSec=42s", "/etc/systemd/system/vpo.service.d/", "systemctl daemon-reload")
	})
	t.Run("OneThatIsTooShortFails/AsTheFilesHaveIt", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "TimeoutStopSec=20")
		w.want(check, Fail, "20s", "TimeoutStopSec=42s")
	})
	t.Run("ADropInWinsOverTheUnit", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "TimeoutStopSec=45s")
		w.write("etc/vpo.service.d/short.conf", "[Service]\nTimeoutStopSec=5s\n")
		w.want(check, Fail, "5s")
	})
	t.Run("OfTwoDropInsOfOneNameTheFirstFolderWins", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t))
		w.write("lib/vpo.service.d/a.conf", "[Service]\nTimeoutStopSec=5s\n")
		w.write("etc/vpo.service.d/a.conf", "[Service]\nTimeoutStopSec=50s\n")
		w.want(check, Pass, "50s")
	})
	t.Run("AUnitOfTheAdministratorHidesThePackages", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "TimeoutStopSec=45s")
		w.write("etc/vpo.service", "[Service]\n"+self(t)+"\nTimeoutStopSec=1min\n")
		w.want(check, Pass, "1m0s")
	})
	t.Run("AShutdownTimeoutThatGrowsNeedsALongerOne", func(t *testing.T) {
		w := newWorld(t)
		w.set.Server.ShutdownTimeout = 5 * time.Minute
		w.systemd("252", "LoadState=loaded", self(t), "TimeoutStopUSec=1min 30s")
		w.want(check, Fail, "1m30s", "TimeoutStopSec=312s")
	})
	t.Run("WithoutALineItIsSystemdsNinetySeconds", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t))
		w.want(check, Pass, "1m30s")
	})
	t.Run("NoLimitPasses", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "TimeoutStopSec=infinity")
		w.want(check, Pass, "no limit")
	})
	t.Run("OneThatIsNotUnderstoodIsAWarning", func(t *testing.T) {
		w := newWorld(t)
		w.unit(self(t), "TimeoutStopSec=soon")
		w.want(check, Warn, "TimeoutStopSec=soon")
	})
	t.Run("WithoutAUnitThereIsNoSuchCheck", func(t *testing.T) {
		for _, f := range newWorld(t).run().Checks {
			if f.Check == check {
				t.Errorf("%+v", f)
			}
		}
	})
}

func TestUnit(t *testing.T) {
	for name, tc := range map[string]struct {
		lines  []string
		status Status
		words  []string
	}{
		"OneThatSystemdCannotReadFails": {[]string{"LoadState=bad-setting"}, Fail, []string{"bad-setting", "systemd-analyze verify"}},
		"OneThatIsMaskedFails":          {[]string{"LoadState=masked"}, Fail, []string{"systemctl unmask vpo.service"}},
		"OneThatHasFailedFails": {[]string{"LoadState=loaded", "ActiveState=failed", "Result=start-limit-hit"}, Fail,
			[]string{"start-limit-hit", "systemctl reset-failed vpo.service"}},
		"OneWithChangedFilesWarns":           {[]string{"LoadState=loaded", "ActiveState=active", "NeedDaemonReload=yes"}, Warn, []string{"systemctl daemon-reload"}},
		"OneThatIsNotEnabledPassesWithANote": {[]string{"LoadState=loaded", "ActiveState=inactive", "UnitFileState=disabled"}, Pass, []string{"systemctl enable"}},
		"OneThatRunsPasses":                  {[]string{"LoadState=loaded", "ActiveState=active", "UnitFileState=enabled"}, Pass, []string{"is active"}},
		"OneThatIsNotInstalledPasses":        {[]string{"LoadState=not-found"}, Pass, []string{"not installed"}},
		"ACredentialThatIsMissingFails": {[]string{"LoadState=loaded", "ActiveState=inactive", "LoadCredential=auth_token:/nowhere/auth_token"}, Fail,
			[]string{"/nowhere/auth_token", "umask 077"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.systemd("252", append(tc.lines, self(t))...)
			w.want("unit", tc.status, tc.words...)
		})
	}
}

func TestSystemd(t *testing.T) {
	t.Run("AnOldOneIsAWarning", func(t *testing.T) {
		w := newWorld(t)
		w.systemd("247 (247.3-7)", "LoadState=loaded", self(t))
		w.want("systemd", Warn, "247", "252")
	})
	t.Run("OneThatDoesNotKnowNotifyReloadFails", func(t *testing.T) {
		w := newWorld(t)
		w.systemd("252 (252.38)", "LoadState=loaded", self(t), "Type=notify-reload")
		w.want("systemd", Fail, "notify-reload", "daemon-reload")
	})
	t.Run("AReleaseCandidateHasAVersion", func(t *testing.T) {
		w := newWorld(t)
		w.systemd("257~rc1 (x)", "LoadState=loaded", self(t), "Type=notify-reload")
		w.want("systemd", Pass, "257")
	})
	t.Run("NoneIsNoFault", func(t *testing.T) {
		newWorld(t).want("systemd", Pass, "not installed")
	})
}

func TestUnitSyntax(t *testing.T) {
	text := `# comment
[Unit]
User=nobody
[Service]
; another comment
User = vpo
Environment=A=1 "B=two words"
Environment=C=%S/vpo D=100%%
SupplementaryGroups=media
SupplementaryGroups=
SupplementaryGroups=video
ReadWritePaths=-/srv/a \
# a comment within
  /srv/b
StateDirectory=vpo:other
[Install]
User=root
`
	u := unit{set: map[string]string{}}
	u.parse(strings.NewReader(text))
	for property, want := range map[string][]string{
		"User":                {"vpo"},
		"Environment":         {"A=1", "B=two words", "C=/var/lib/vpo", "D=100%"},
		"SupplementaryGroups": {"video"},
	} {
		if got := u.list(property); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", property, got, want)
		}
	}
	if got, want := u.writable(), []string{"/var/lib/vpo", "/srv/a", "/srv/b"}; !slices.Equal(got, want) {
		t.Errorf("writable are %q, want %q", got, want)
	}
}

func TestParseTimeSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"45s": 45 * time.Second, "90": 90 * time.Second, "1min 30s": 90 * time.Second, "1.5min": 90 * time.Second, "2h": 2 * time.Hour,
		"500ms": 500 * time.Millisecond, "1d 1h": 25 * time.Hour, "infinity": forever, "0": 0, "3 min": 3 * time.Minute, "1min30s": 90 * time.Second,
		"99999999999999999999w": forever,
	} {
		if got, ok := parseTimeSpan(text); !ok || got != want {
			t.Errorf("%q is %v (%v), want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "soon", "5 fortnights", "-3s", "1.2.3s", "s"} {
		if got, ok := parseTimeSpan(text); ok {
			t.Errorf("%q is %v, want an error", text, got)
		}
	}
}

func FuzzUnit(f *testing.F) {
	f.Add("[Service]\nEnvironment=\"A=b\" 'c' \\\nTimeoutStopSec=1min 30s\n")
	f.Add("[Service]\nUser=\\")
	f.Add("[Service]\nUser=\xbc")
	f.Fuzz(func(t *testing.T, text string) {
		u := unit{set: map[string]string{}}
		u.parse(strings.NewReader(text))
		for property, value := range u.set {
			if total := len(strings.Join(u.list(property), "")); total > len(value) {
				t.Errorf("%q has words of %d bytes", value, total)
			}
			parseTimeSpan(value)
		}
	})
}
