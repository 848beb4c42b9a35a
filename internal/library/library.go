// Package library is the domain of vpo: what a catalogued video file and its tracks are, which files of a folder count
// as video, and what can be the matter with the database that keeps them. It holds values and rules, does no input or
// output, and imports the standard library alone.
package library

// Status is the outcome of the newest attempt to read a file, as the column files.scan_status keeps it.
type Status string

// The four values of files.scan_status.
const (
	StatusOK      Status = "ok"
	StatusError   Status = "error"   // the file is there and could not be read; File.Error says why
	StatusMissing Status = "missing" // the file was catalogued, and is no longer there
	StatusPending Status = "pending" // catalogued, and not read so far
)

// File is one video file and what is known of it. A zero field is unknown and is stored as NULL where the column allows.
type File struct {
	ID         int64
	Path       string // absolute and clean; valid UTF-8
	Filename   string // last element of Path
	Directory  string // Path without its last element
	Extension  string // lower case, without the dot
	SizeBytes  int64
	ModifiedAt string // FormatTime of the modification time

	ContentHash     string // "xxh64:<head>:<tail>:<size>"
	ContainerFormat string // ffprobe's format_name, "matroska,webm"
	ContainerTags   map[string]string
	ScannedAt       string // FormatTime of the scan
	Status          Status
	Error           string // why Status is StatusError, for people
	Tracks          []Track
}

// Known is what the catalogue remembers of a file, as far as a scan needs it to tell whether the file has changed.
type Known struct {
	ID          int64
	SizeBytes   int64
	ModifiedAt  string
	ContentHash string
	Status      Status
	Error       string // why Status is StatusError, where the catalogue says so
}

// Mount is a folder by which a scan entered a file system: a root of a scan, or a mount point below one. What is known
// of it tells, at the next scan, a disk that is not there from files that were deleted.
type Mount struct {
	Path       string // absolute
	Device     uint64 // st_dev; may differ after a reboot
	FSType     string // "ext4", "nfs4"
	Source     string // "/dev/sdb1", "nas:/films"
	LastScanAt string // FormatTime
	Files      int    // video files that the last complete scan found below Path
}
