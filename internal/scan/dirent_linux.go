package scan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// direntBuffer is how much of a folder is read by one system call, in bytes: some 400 names.
const direntBuffer = 32 << 10

// The kinds of entries that a walk tells apart.
const (
	kindOther = iota
	kindFile
	kindFolder
	kindLink
	kindUnknown // the file system does not say
)

// dirent is one name in a folder. The name is valid while the entry is looked at.
type dirent struct {
	name []byte
	kind int
}

// eachEntry reads the entries of an open folder in the order of the file system, "." and ".." left out.
func eachEntry(fd int, buffer []byte, visit func(dirent) error) error {
	for {
		n, err := unix.Getdents(fd, buffer)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n <= 0 {
			return err
		}
		for rest := buffer[:n]; len(rest) > nameOffset; {
			size := int(binary.NativeEndian.Uint16(rest[unsafe.Offsetof(unix.Dirent{}.Reclen):]))
			if size < nameOffset || size > len(rest) {
				break
			}
			entry := dirent{name: rest[nameOffset:size], kind: kindOf(rest[unsafe.Offsetof(unix.Dirent{}.Type)])}
			rest = rest[size:]
			if end := bytes.IndexByte(entry.name, 0); end >= 0 {
				entry.name = entry.name[:end]
			}
			if string(entry.name) == "." || string(entry.name) == ".." {
				continue
			}
			if err := visit(entry); err != nil {
				return err
			}
		}
	}
}

// nameOffset is where the name begins in a record of getdents64(2).
const nameOffset = int(unsafe.Offsetof(unix.Dirent{}.Name))

func kindOf(t byte) int {
	switch t {
	case unix.DT_REG:
		return kindFile
	case unix.DT_DIR:
		return kindFolder
	case unix.DT_LNK:
		return kindLink
	case unix.DT_UNKNOWN:
		return kindUnknown
	}
	return kindOther
}

// stat is what the file system tells of a file or folder.
type stat struct {
	kind              int
	device, inode     uint64
	size              int64
	modified, changed int64 // nanoseconds since 1970
}

func (s *stat) from(u *unix.Stat_t) {
	*s = stat{
		kind: kindOther, device: uint64(u.Dev), inode: u.Ino, size: u.Size, //nolint:unconvert // Dev is narrower on other systems
		modified: u.Mtim.Nano(), changed: u.Ctim.Nano(),
	}
	switch u.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		s.kind = kindFile
	case unix.S_IFDIR:
		s.kind = kindFolder
	case unix.S_IFLNK:
		s.kind = kindLink
	}
}

const (
	tick       = 20 * time.Millisecond // no clock of a kernel goes on in larger steps (HZ=100: 10 ms)
	coarseTick = 2 * time.Second       // but those of some file systems do: FAT counts every second one, ext3 seconds
	clockSkew  = time.Hour             // that a server of files may be ahead
)

// unsettled tells whether a file that was looked at then had changed so recently that another change could leave its times
// as they are.
func (s *stat) unsettled(then time.Time) bool {
	step := tick
	if s.changed%int64(time.Second) == 0 {
		step = coarseTick
	}
	age := then.Sub(time.Unix(0, s.changed))
	return age < step && age > -clockSkew
}

// statOpen looks at what is open.
func statOpen(fd int) (s stat, err error) {
	var u unix.Stat_t
	err = ignoringInterrupts(func() error { return unix.Fstat(fd, &u) })
	s.from(&u)
	return s, err
}

// statAt looks at a name in an open folder; follow tells whether to look through a link.
func statAt(folder int, name string, follow bool) (s stat, err error) {
	var u unix.Stat_t
	flags := unix.AT_SYMLINK_NOFOLLOW
	if follow {
		flags = 0
	}
	err = ignoringInterrupts(func() error { return unix.Fstatat(folder, name, &u, flags) })
	s.from(&u)
	return s, err
}

// openFolder opens a folder for its entries.
func openFolder(path string) (fd int, err error) {
	err = ignoringInterrupts(func() error {
		fd, err = unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		return err
	})
	return fd, err
}

// closeFolder closes what openFolder opened. There is nothing to be lost by it.
func closeFolder(fd int) { _ = unix.Close(fd) }

func ignoringInterrupts(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
