package store

import (
	"context"
	"errors"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"vpo/internal/library"
)

// finding is an error whose fault is known; its text is the inside of the fault alone.
type finding struct {
	fault library.Fault
	err   error
}

func (f *finding) Error() string   { return f.err.Error() }
func (f *finding) Unwrap() []error { return []error{f.fault, f.err} }

// found says that err is a sign of fault.
func found(fault library.Fault, err error) error { return &finding{fault: fault, err: err} }

// classify names the fault that err is a sign of: FaultNone for nil, FaultUnknown where it is a sign of none.
func classify(err error) library.Fault {
	if err == nil {
		return library.FaultNone
	}
	if fault, ok := errors.AsType[library.Fault](err); ok {
		return fault
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return codeFault(e.Code())
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return library.FaultHung
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errnoFault(errno)
	}
	return library.FaultUnknown
}

// extendedFaults are the extended result codes of SQLite (https://www.sqlite.org/rescode.html) that say something else
// than the primary code in their low byte.
var extendedFaults = map[int]library.Fault{
	sqlite3.SQLITE_READONLY_DBMOVED:  library.FaultReplaced,
	sqlite3.SQLITE_READONLY_CANTLOCK: library.FaultUnreadable,
	sqlite3.SQLITE_IOERR_SHORT_READ:  library.FaultTruncated,
	sqlite3.SQLITE_IOERR_CORRUPTFS:   library.FaultDamaged,
	sqlite3.SQLITE_IOERR_DATA:        library.FaultDamaged,
	sqlite3.SQLITE_IOERR_NOMEM:       library.FaultUnknown,
	sqlite3.SQLITE_IOERR_SHMSIZE:     library.FaultDiskFull, // growing the shared memory file finds no room
	sqlite3.SQLITE_IOERR_SHMOPEN:     library.FaultUnreadable,
	sqlite3.SQLITE_IOERR_LOCK:        library.FaultIO,
}

// primaryFaults are the primary result codes of SQLite that are a sign of a fault of the file.
var primaryFaults = map[int]library.Fault{
	sqlite3.SQLITE_PERM:      library.FaultUnreadable,
	sqlite3.SQLITE_BUSY:      library.FaultLocked,
	sqlite3.SQLITE_LOCKED:    library.FaultLocked,
	sqlite3.SQLITE_READONLY:  library.FaultReadOnly,
	sqlite3.SQLITE_INTERRUPT: library.FaultHung,
	sqlite3.SQLITE_IOERR:     library.FaultIO,
	sqlite3.SQLITE_CORRUPT:   library.FaultDamaged,
	sqlite3.SQLITE_FULL:      library.FaultDiskFull,
	sqlite3.SQLITE_CANTOPEN:  library.FaultUnreadable,
	sqlite3.SQLITE_PROTOCOL:  library.FaultLocked, // gave up a race for a lock with other processes
	sqlite3.SQLITE_FORMAT:    library.FaultNotDatabase,
	sqlite3.SQLITE_NOTADB:    library.FaultNotDatabase,
}

func codeFault(code int) library.Fault {
	if fault, ok := extendedFaults[code]; ok {
		return fault
	}
	if fault, ok := primaryFaults[code&0xff]; ok {
		return fault
	}
	return library.FaultUnknown
}

func errnoFault(errno syscall.Errno) library.Fault {
	switch errno {
	case syscall.ENOENT, syscall.ENOTDIR:
		return library.FaultGone
	case syscall.EACCES, syscall.EPERM, syscall.ELOOP:
		return library.FaultUnreadable
	case syscall.EROFS:
		return library.FaultReadOnly
	case syscall.ENOSPC, syscall.EDQUOT:
		return library.FaultDiskFull
	case syscall.EIO, syscall.ESTALE, syscall.ENXIO, syscall.ENODEV, syscall.ENOTCONN, syscall.ETIMEDOUT:
		return library.FaultIO
	default:
		return library.FaultUnknown
	}
}
