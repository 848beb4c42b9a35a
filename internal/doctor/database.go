package doctor

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"vpo/internal/library"
)

// checkLibrary opens the library for reading; false where it cannot be read.
func (v *visit) checkLibrary(ctx context.Context) bool {
	const check = "database"
	path := v.settings.DatabasePath
	lib, err := v.Library(ctx, path)
	if err != nil {
		v.add(check, Fail, err.Error(), v.libraryFix(err))
		return false
	}
	v.library = lib
	switch err := v.account.access(path, unix.R_OK|unix.W_OK); {
	case err != nil:
		v.add(check, Fail, fmt.Sprintf("%s may not read and write %s: %v", v.account.name, path, err),
			"chown "+v.account.name+": "+shellQuote(path)+"*\nchmod u+rw "+shellQuote(path)+"*")
	case lib.Refused != nil:
		v.add(check, Warn, lib.Refused.Error(), "# the daemon serves it as it is; a scan needs the columns")
	case lib.Schema < lib.Newest:
		v.pass(check, fmt.Sprintf("%s, %d files; its schema is %d, the next start of the daemon makes it %d", path, lib.Files, lib.Schema, lib.Newest))
	default:
		v.pass(check, fmt.Sprintf("%s, %d files, schema %d", path, lib.Files, lib.Schema))
	}
	return true
}

// libraryFix is what to do about a library that cannot be opened.
func (v *visit) libraryFix(err error) string {
	path := shellQuote(v.settings.DatabasePath)
	fault, _ := errors.AsType[library.Fault](err)
	switch fault {
	case library.FaultGone:
		return v.scanFix()
	case library.FaultLocked:
		return "fuser -v " + path + "*"
	case library.FaultUnreadable, library.FaultReadOnly:
		return "ls -l " + path + "*\nchown " + v.account.name + ": " + path + "*"
	case library.FaultDiskFull:
		return "df -h " + path
	case library.FaultNewer:
		return "vpo version   # update vpo"
	case library.FaultIO:
		return "dmesg | tail -n 30"
	default:
		return "# restore it from a backup, or begin anew:\nmv " + path + " " + path + ".damaged\n" + v.scanFix()
	}
}
