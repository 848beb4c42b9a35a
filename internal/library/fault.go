package library

import "time"

// Fault is what is the matter with the database file. Its text is the message that users see in logs and in /health, so
// it carries no path. The zero Fault is no fault.
type Fault string

// The faults that the checker tells apart.
const (
	FaultNone        Fault = ""
	FaultLocked      Fault = "database is locked by another process"
	FaultGone        Fault = "database file is gone"
	FaultReplaced    Fault = "database file was replaced"
	FaultTruncated   Fault = "database file was truncated"
	FaultNotDatabase Fault = "database file is not a database"
	FaultForeign     Fault = "database file is not a vpo library"
	FaultNewer       Fault = "database was made by a newer vpo"
	FaultDamaged     Fault = "database is damaged"
	FaultUnreadable  Fault = "database file is not readable"
	FaultReadOnly    Fault = "database is read-only"
	FaultDiskFull    Fault = "disk is full"
	FaultIO          Fault = "database disk reports input/output errors"
	FaultHung        Fault = "database check does not finish"
	FaultUnknown     Fault = "database check failed"
)

// Error makes a Fault an error, so that one can be wrapped and found again with errors.As.
func (f Fault) Error() string { return string(f) }

// Verdict is the outcome of one finished check of the database.
type Verdict struct {
	Fault Fault
	Cause error // the inside of the fault, for the log; it may name paths, so it never goes to a client
	At    time.Time
	Took  time.Duration
}

// OK tells whether the check found nothing wrong.
func (v Verdict) OK() bool { return v.Fault == FaultNone && !v.At.IsZero() }
