package store

import (
	"context"
	"errors"
	"fmt"

	"vpo/internal/library"
)

// What an error of this package can be found by with errors.Is. Faults of the file are found as a library.Fault with
// errors.As.
var (
	// ErrNotFound says that there is no file at the library's path.
	ErrNotFound = errors.New("there is no library")
	// ErrOldSchema says that a library of the Python program is too old to be scanned into.
	ErrOldSchema = errors.New("the library was made by an older Python program and lacks columns")
	// ErrNotFile says that the library's path names a folder, a device, or nothing that SQLite could keep in a file.
	ErrNotFile = errors.New("the library's path is not a regular file")
)

// Error is what keeps a library from being used, told so that a user can act on it: what, where, and what to do next.
type Error struct {
	Path  string        // of the library
	Fault library.Fault // FaultUnknown where Err says it all
	Err   error         // the inside
}

func (e *Error) Error() string {
	what, next := e.what(), e.next()
	if next == "" {
		return fmt.Sprintf("%s: %s", what, e.Path)
	}
	return fmt.Sprintf("%s: %s: %s", what, e.Path, next)
}

// Unwrap gives the fault, where there is one, and the inside.
func (e *Error) Unwrap() []error {
	if e.Fault == library.FaultUnknown {
		return []error{e.Err}
	}
	return []error{e.Fault, e.Err}
}

// what is the fault with its inside, as far as that adds to it.
func (e *Error) what() string {
	switch {
	case errors.Is(e.Err, ErrNotFound), errors.Is(e.Err, ErrOldSchema), errors.Is(e.Err, ErrNotFile):
		return e.Err.Error()
	case e.Fault == library.FaultUnknown:
		return e.Err.Error()
	case e.Fault == library.FaultLocked, e.Fault == library.FaultNotDatabase:
		return string(e.Fault)
	default:
		return fmt.Sprintf("%s (%v)", e.Fault, e.Err)
	}
}

// next is the way out.
func (e *Error) next() string {
	switch {
	case errors.Is(e.Err, ErrNotFound):
		return "run `vpo scan /path/to/media` first"
	case errors.Is(e.Err, ErrOldSchema):
		return "open it once with the Python program, which updates it, then scan again"
	case errors.Is(e.Err, ErrNotFile):
		return "set database_path to a file"
	}
	return nextSteps[e.Fault]
}

var nextSteps = map[library.Fault]string{
	library.FaultLocked:      "wait for the program that holds it to finish, or close it, then try again",
	library.FaultGone:        "run `vpo scan /path/to/media` first",
	library.FaultReplaced:    "try again",
	library.FaultTruncated:   "restore it from a backup, or move it away and run `vpo scan /path/to/media`",
	library.FaultNotDatabase: "it was left as it was; set database_path to a library, or move this file away and run `vpo scan /path/to/media`",
	library.FaultForeign:     "it was left as it was; set database_path to a library, or move this file away and run `vpo scan /path/to/media`",
	library.FaultNewer:       "it was left as it was; update vpo",
	library.FaultDamaged:     "restore it from a backup, or move it away and run `vpo scan /path/to/media`",
	library.FaultUnreadable:  "give the user that vpo runs as the right to read and write the file and its folder",
	library.FaultReadOnly:    "give the user that vpo runs as the right to write to the file and its folder",
	library.FaultDiskFull:    "free some space and try again",
	library.FaultIO:          "check the disk, and the system log for its errors",
}

// explain makes an Error of err, unless it is nil, one already, or a context that ended.
func explain(path string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return &Error{Path: path, Fault: classify(err), Err: err}
}
