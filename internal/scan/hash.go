package scan

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"github.com/cespare/xxhash/v2"
)

// hashBlock is how much of the head and of the tail of a file is hashed, in bytes.
const hashBlock = 64 << 10

var (
	errNotRegular = errors.New("is not a regular file")
	errEmpty      = errors.New("the file is empty")
)

var hashBuffers = sync.Pool{New: func() any { return new([2 * hashBlock]byte) }}

// openRegular opens a file for reading without waiting, as a FIFO would make it, and refuses what is no regular file.
func openRegular(path string) (*os.File, os.FileInfo, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, info, nil
}

// contentHash returns "xxh64:<head>:<tail>:<size>": XXH64 with seed 0 of the first and of the last 64 KiB in 16
// hexadecimal digits each. For a file of under 128 KiB both are the hash of the whole.
func contentHash(file io.ReaderAt, size int64) (string, error) {
	buffer := hashBuffers.Get().(*[2 * hashBlock]byte)
	defer hashBuffers.Put(buffer)
	if size < 2*hashBlock {
		whole := buffer[:size]
		if err := readFull(file, whole, 0); err != nil {
			return "", err
		}
		sum := xxhash.Sum64(whole)
		return fmt.Sprintf("xxh64:%016x:%016x:%d", sum, sum, size), nil
	}
	head, tail := buffer[:hashBlock], buffer[hashBlock:]
	if err := errors.Join(readFull(file, head, 0), readFull(file, tail, size-hashBlock)); err != nil {
		return "", err
	}
	return fmt.Sprintf("xxh64:%016x:%016x:%d", xxhash.Sum64(head), xxhash.Sum64(tail), size), nil
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
