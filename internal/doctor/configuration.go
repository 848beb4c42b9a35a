package doctor

import (
	"cmp"
	"os"
	"strings"
)

// checkConfiguration reads the configuration as the daemon does; false where it cannot be had. Whoever may be the daemon's
// user gets the one of the unit, unless another one was named.
func (v *visit) checkConfiguration() bool {
	const check = "configuration"
	env, home, whose := v.Environ, v.Home, ""
	if v.unit.found && !v.OwnSettings && (v.account.name == v.unit.user() || os.Geteuid() == 0) {
		env, home = underUnit(v.Environ, v.unit.environment()), cmp.Or(v.account.home, v.Home)
		whose = ", with the environment of " + v.unit.name
	}
	settings, err := v.Load(env, home)
	if err != nil {
		v.add(check, Fail, err.Error(), "# mend the place that is named; the checks of the library and the port wait for it\nvpo config check")
		return false
	}
	v.settings = settings.Config
	v.pass(check, cmp.Or(settings.File, "no file, defaults")+whose)
	return true
}

// underUnit is the environment with the program's own variables as the unit has them, and no others of these.
func underUnit(env, unit []string) []string {
	var all []string
	for _, variable := range env {
		if !strings.HasPrefix(variable, "VPO_") {
			all = append(all, variable)
		}
	}
	return append(all, unit...)
}

// checkFFprobe looks for the second opinion.
func (v *visit) checkFFprobe() {
	const check = "ffprobe"
	path, err := v.FFprobe(v.settings.Tools.FFprobe)
	switch {
	case err == nil:
		v.pass(check, path)
	case v.settings.Tools.FFprobe != "":
		v.add(check, Fail, err.Error(), "apt install ffmpeg || dnf install ffmpeg-free")
	default:
		v.add(check, Pass, "not installed, and not needed: files are read natively, ffprobe is the second opinion on odd ones",
			"apt install ffmpeg || dnf install ffmpeg-free")
	}
}
