package logging

import (
	"log/slog"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// IsJournal tells whether f is the stream that systemd connected to its journal. The variable JOURNAL_STREAM names that
// stream as "device:inode" in decimal, and is inherited even where the output has been redirected since, so that both
// numbers have to be compared (systemd.exec(5), $JOURNAL_STREAM).
func IsJournal(f *os.File, journalStream string) bool {
	device, inode, ok := strings.Cut(journalStream, ":")
	if !ok || f == nil {
		return false
	}
	info, err := f.Stat()
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok &&
		device == strconv.FormatUint(uint64(stat.Dev), 10) &&
		inode == strconv.FormatUint(uint64(stat.Ino), 10)
}

// priority returns the prefix by which the journal learns the severity of a line: the numbers of syslog(3), debug 7, info
// 6, warning 4, error 3 (sd-daemon(3)).
func priority(l slog.Level) string {
	switch {
	case l < slog.LevelInfo:
		return "<7>"
	case l < slog.LevelWarn:
		return "<6>"
	case l < slog.LevelError:
		return "<4>"
	default:
		return "<3>"
	}
}
