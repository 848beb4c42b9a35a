package config

import (
	"slices"
	"strings"
)

// pythonOnly lists the sections and keys of the file that the Python program of the same name uses and this one does not.
// A section stands for all that is in it.
var pythonOnly = []string{
	"behavior",
	"jobs",
	"language",
	"logging.backup_count",
	"logging.file",
	"logging.include_stderr",
	"logging.max_bytes",
	"plugins",
	"processing",
	"server.rate_limit",
	"tools.detection",
	"tools.ffmpeg",
	"tools.mkvmerge",
	"tools.mkvpropedit",
	"transcription",
	"worker",
}

// pythonVariables lists the environment variables of the Python program whose names do not follow from pythonOnly. A name
// that ends in an underscore stands for all that begin with it.
var pythonVariables = []string{
	"VPO_AUTO_DETECT_ON_STARTUP",
	"VPO_AUTO_PRUNE_",
	"VPO_CACHE_TTL_HOURS",
	"VPO_FEATURE_",
	"VPO_FFMPEG_PATH",
	"VPO_LOG_COMPRESSION_DAYS",
	"VPO_LOG_DELETION_DAYS",
	"VPO_MIN_FREE_DISK_PERCENT",
	"VPO_MKVMERGE_PATH",
	"VPO_MKVPROPEDIT_PATH",
	"VPO_PLUGIN_",
	"VPO_RADARR_",
	"VPO_RATE_LIMIT_",
	"VPO_SESSION_SECRET",
	"VPO_SHOW_UPGRADE_SUGGESTIONS",
	"VPO_SONARR_",
	"VPO_TEMP_DIR",
	"VPO_WARN_ON_MISSING_FEATURES",
}

// isPythonVariable tells whether the Python program reads the environment variable.
func isPythonVariable(name string) bool {
	byRule := func(key string) bool {
		regular := regularEnv(key)
		return name == regular || strings.HasPrefix(name, regular+"_")
	}
	byList := func(listed string) bool {
		return name == listed || strings.HasSuffix(listed, "_") && strings.HasPrefix(name, listed)
	}
	return slices.ContainsFunc(pythonOnly, byRule) || slices.ContainsFunc(pythonVariables, byList)
}
