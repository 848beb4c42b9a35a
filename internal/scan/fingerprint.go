package scan

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// fingerprint sums up the video files of a folder, in whatever order they are met. 0 is none.
type fingerprint uint64

// seed makes fingerprints of scans with other rules differ: such a scan has met other files.
func seed(opts Options) uint64 {
	return xxhash.Sum64String(strings.Join(opts.Extensions, ",") + strconv.FormatBool(opts.Samples) + strconv.FormatBool(opts.SkipExtras))
}

// add takes in a file.
func (f *fingerprint) add(seed uint64, name []byte, s *stat) {
	var record [fileRecord + maxName]byte
	binary.LittleEndian.PutUint64(record[0:], seed)
	binary.LittleEndian.PutUint64(record[8:], uint64(s.size))
	binary.LittleEndian.PutUint64(record[16:], uint64(s.modified))
	binary.LittleEndian.PutUint64(record[24:], uint64(s.changed))
	binary.LittleEndian.PutUint64(record[32:], s.inode)
	n := copy(record[fileRecord:], name)
	*f += fingerprint(xxhash.Sum64(record[:fileRecord+n]))
}

// value is the fingerprint of a folder with so many files.
func (f fingerprint) value(files int) uint64 {
	var record [16]byte
	binary.LittleEndian.PutUint64(record[0:], uint64(f))
	binary.LittleEndian.PutUint64(record[8:], uint64(files))
	return max(1, xxhash.Sum64(record[:]))
}

const (
	fileRecord = 40  // bytes of what is known of a file, without its name
	maxName    = 255 // bytes of the name of a file (NAME_MAX)
)
