package scan

import (
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"sync"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sys/unix"
)

// hashBlock is how much of the head and of the tail of a file is hashed, in bytes.
const hashBlock = 64 << 10

var (
	errNotRegular = errors.New("is not a regular file")
	errEmpty      = errors.New("the file is empty")
)

// hashBuffer takes the head and the tail of a file.
type hashBuffer [2 * hashBlock]byte

var hashBuffers = sync.Pool{New: func() any { return new(hashBuffer) }}

// openFile is a regular file that is open for reading. It does without the runtime's poller and finalizers, which take
// longer than reading the head of a file.
type openFile struct{ fd int }

// openRegular opens a file for reading without waiting, as a FIFO would make it, and refuses what is no regular file.
func openRegular(path string) (f openFile, info stat, err error) {
	err = ignoringInterrupts(func() error {
		f.fd, err = unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		return err
	})
	if err != nil {
		return f, info, err
	}
	if info, err = statOpen(f.fd); err == nil && info.kind != kindFile {
		err = errNotRegular
	}
	if err != nil {
		f.close()
	}
	return f, info, err
}

// ReadAt reads as io.ReaderAt asks for.
func (f openFile) ReadAt(p []byte, offset int64) (n int, err error) {
	for n < len(p) && err == nil {
		var read int
		err = ignoringInterrupts(func() error {
			read, err = unix.Pread(f.fd, p[n:], offset+int64(n))
			return err
		})
		if err == nil && read == 0 {
			err = io.EOF
		}
		n += max(0, read)
	}
	return n, err
}

// close closes the file. Nothing was written, so there is nothing to be lost.
func (f openFile) close() { _ = unix.Close(f.fd) }

// readAhead asks the system to fetch the tail of a file while its head is read: a disk then has both orders at once.
func (f openFile) readAhead(size int64) {
	_ = unix.Fadvise(f.fd, size-hashBlock, hashBlock, unix.FADV_WILLNEED) // advice: not taking it is no error
}

// contentHash returns "xxh64:<head>:<tail>:<size>": XXH64 with seed 0 of the first and of the last 64 KiB in 16
// hexadecimal digits each. For a file of under 128 KiB both are the hash of the whole. It gives the head of the file, too,
// which lies in the buffer, and the number of bytes that were read.
func contentHash(file io.ReaderAt, size int64, buffer *hashBuffer) (hash string, head []byte, read int64, err error) {
	if size < 2*hashBlock {
		whole := buffer[:size]
		if err := readFull(file, whole, 0); err != nil {
			return "", nil, 0, err
		}
		sum := xxhash.Sum64(whole)
		return formatHash(sum, sum, size), whole, size, nil
	}
	if file, ok := file.(openFile); ok {
		file.readAhead(size)
	}
	head, tail := buffer[:hashBlock], buffer[hashBlock:]
	if err := errors.Join(readFull(file, head, 0), readFull(file, tail, size-hashBlock)); err != nil {
		return "", nil, 0, err
	}
	return formatHash(xxhash.Sum64(head), xxhash.Sum64(tail), size), head, 2 * hashBlock, nil
}

func formatHash(head, tail uint64, size int64) string {
	text := make([]byte, 0, 64)
	text = append(text, "xxh64:"...)
	text = appendHex(text, head)
	text = append(text, ':')
	text = appendHex(text, tail)
	text = append(text, ':')
	return string(strconv.AppendInt(text, size, 10))
}

// appendHex appends 16 digits.
func appendHex(text []byte, n uint64) []byte {
	var bytes [8]byte
	for i := range bytes {
		bytes[i] = byte(n >> (56 - 8*i))
	}
	return hex.AppendEncode(text, bytes[:])
}

func readFull(file io.ReaderAt, p []byte, offset int64) error {
	n, err := file.ReadAt(p, offset)
	if n == len(p) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return errors.New("the file became shorter while it was read")
	}
	return err
}
