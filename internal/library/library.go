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
	ID         int64  // 0 for a file that the catalogue does not have so far
	Path       string // absolute and clean; valid UTF-8
	Filename   string // last element of Path
	Directory  string // Path without its last element
	Extension  string // lower case, without the dot
	SizeBytes  int64
	ModifiedAt string // FormatTime of the modification time
	Stamp      Stamp

	ContentHash string // "xxh64:<head>:<tail>:<size>"
	ScannedAt   string // FormatTime of the scan
	Status      Status
	Error       string // why Status is StatusError, for people

	Media // what it holds, where Status is StatusOK
}

// Stamp is what a file system tells of a file apart from its name, size and modification time: it finds an edit that left
// those as they were, and a file that was moved. The zero Stamp is unknown.
type Stamp struct {
	Device    uint64 // st_dev; may differ after a reboot
	Inode     uint64 // st_ino
	ChangedAt int64  // st_ctim, in nanoseconds since 1970
}

// Known is what the catalogue remembers of a file, as far as a scan needs it to tell whether the file has changed.
type Known struct {
	ID          int64
	Path        string
	SizeBytes   int64
	ModifiedAt  string
	Stamp       Stamp // zero where another program has catalogued the file
	ContentHash string
	Status      Status
	Error       string // why Status is StatusError, where the catalogue says so
}

// Folder is what the catalogue remembers of a folder that holds files of the library.
type Folder struct {
	Path        string
	Files       int    // rows of files whose directory it is, missing ones included; not looked at when it is stored
	Fingerprint uint64 // of the files in it as the last scan met them; 0 where they are to be compared one by one
}

// Batch is what is stored in one transaction.
type Batch struct {
	Files   []File
	Stamps  map[int64]Stamp // by ID of files of which nothing else has changed
	Folders []Folder        // whose files are all stored, in this batch or before
}

// Move is a file that was found again under another path.
type Move struct{ From, To string }

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
