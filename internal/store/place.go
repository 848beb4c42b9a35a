package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"golang.org/x/sys/unix"

	"vpo/internal/library"
)

// minFree is the room, in bytes, under which the file system of a library counts as full. A single commit of a scan
// takes less, and SQLite still has room to close in good order.
const minFree = 1 << 20

// fileID tells a file from any other one, whatever its name. The zero fileID is no file.
type fileID struct{ device, inode uint64 }

// stat tells what is at path, and its size in bytes. It follows symbolic links, and does not open the file.
func stat(path string) (id fileID, size int64, err error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return fileID{}, 0, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return fileID{}, 0, found(library.FaultNotDatabase, ErrNotFile)
	}
	return fileID{device: uint64(st.Dev), inode: st.Ino}, st.Size, nil
}

// statSide is stat for a file beside the library, which may be absent.
func statSide(path string) (fileID, int64) {
	id, size, err := stat(path)
	if err != nil {
		return fileID{}, 0
	}
	return id, size
}

// locate finds the file that path leads to. It changes nothing.
func locate(path string) (target string, err error) {
	target, err = filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", found(library.FaultGone, ErrNotFound)
	}
	if err != nil {
		return "", err
	}
	if target, err = filepath.Abs(target); err != nil {
		return "", err
	}
	if _, _, err := stat(target); err != nil {
		return "", err
	}
	return target, nil
}

// newFile makes an empty file with mode 0600, less the umask, and fails with fs.ErrExist where the name is taken. It does
// so without a descriptor: to close one would drop the locks that SQLite holds here, if another goroutine has opened the
// file in between.
func newFile(path string) error {
	if err := unix.Mknod(path, unix.S_IFREG|0o600, 0); err != nil {
		return &fs.PathError{Op: "create", Path: path, Err: err}
	}
	return nil
}

// checkAccess tells whether this process may read and write the file, and make files in its folder, as SQLite does with
// the log.
func checkAccess(path string) error {
	if err := unix.Access(path, unix.R_OK); err != nil {
		return &fs.PathError{Op: "read", Path: path, Err: err}
	}
	if err := unix.Access(path, unix.W_OK); err != nil {
		return found(library.FaultReadOnly, &fs.PathError{Op: "write", Path: path, Err: err})
	}
	folder := filepath.Dir(path)
	if err := unix.Access(folder, unix.W_OK|unix.X_OK); err != nil {
		return found(library.FaultReadOnly, &fs.PathError{Op: "write", Path: folder, Err: err})
	}
	return nil
}

// checkRoom tells whether at least need bytes are free for this user on the file system of path.
func checkRoom(path string, need uint64) error {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return &fs.PathError{Op: "statfs", Path: path, Err: err}
	}
	if st.Blocks == 0 { // a file system that does not say
		return nil
	}
	if free := st.Bavail * uint64(st.Bsize); free < need {
		return found(library.FaultDiskFull, fmt.Errorf("%d KiB free, %d KiB needed", free>>10, need>>10))
	}
	return nil
}
