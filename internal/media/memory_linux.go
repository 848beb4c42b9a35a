package media

import (
	"os"

	"golang.org/x/sys/unix"
)

// limitMemory bounds what the process may allocate (RLIMIT_DATA: its heap and private mappings; setrlimit(2)). Beyond it
// ffprobe's allocations fail, and with them the one file. The limit comes a moment after the start, which is long before
// a program has loaded its libraries. Where the system refuses it, the time limit remains.
func limitMemory(process *os.Process, limit uint64) {
	if limit == 0 {
		limit = defaultMemory
	}
	_ = unix.Prlimit(process.Pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: limit, Max: limit}, nil)
}
