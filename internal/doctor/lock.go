package doctor

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// A lock that one process holds at each of so many looks is no short write. The daemon calls a library locked after
	// about as long.
	lockLooks = 8
	lockPause = 150 * time.Millisecond
)

// The bytes that SQLite locks for writing: in the database file from PENDING_BYTE on, in the index of the log WAL_WRITE_LOCK
// (https://www.sqlite.org/src/file/src/os.h, https://www.sqlite.org/walformat.html#wal_locks).
const (
	pendingByte  = 0x40000000
	walWriteLock = 120
)

// checkLock finds a process that keeps the write lock. The kernel's list tells without a lock of one's own, and without
// opening the file.
func (v *visit) checkLock(ctx context.Context) {
	const check = "database lock"
	holder := v.lockHolder()
	for range lockLooks - 1 {
		if holder == 0 || !pause(ctx, lockPause) || v.lockHolder() != holder {
			v.pass(check, "free, or held for moments")
			return
		}
	}
	if holder == 0 {
		v.pass(check, "free, or held for moments")
		return
	}
	v.add(check, Fail, fmt.Sprintf("%s keeps the write lock: nobody else can write", v.process(holder)),
		fmt.Sprintf("ps -fp %d   # wait for it, or end it: kill %d", holder, holder))
}

// pause waits; false where the context ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// lockHolder is the process that holds the write lock of the library now; 0 for none, -1 for one outside of this container.
func (v *visit) lockHolder() int {
	path, err := filepath.EvalSymlinks(v.settings.DatabasePath)
	if err != nil {
		return 0
	}
	inodes := map[uint64]bool{} // to whether it is the index of the log
	for _, name := range []string{path, path + "-shm"} {
		var st unix.Stat_t
		if unix.Stat(name, &st) == nil {
			inodes[st.Ino] = name != path
		}
	}
	file, err := os.Open(v.Machine.Locks)
	if err != nil {
		return 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if pid := writeLock(lines.Text(), inodes); pid != 0 {
			return pid
		}
	}
	return 0
}

// writeLock reads a line of proc_locks(5), such as
//
//	1: POSIX  ADVISORY  WRITE 5433 08:01:7864448 120 120
//
// and gives the process if that is SQLite's write lock of one of the inodes. The device is left out of account: the kernel
// names another one than stat(2) for some file systems.
func writeLock(line string, inodes map[uint64]bool) (pid int) {
	f := strings.Fields(line)
	if len(f) != 8 || f[3] != "WRITE" || strings.Count(f[5], ":") != 2 { // a waiting one has a field "->" more
		return 0
	}
	inode, err := strconv.ParseUint(f[5][strings.LastIndexByte(f[5], ':')+1:], 10, 64)
	isIndex, ours := inodes[inode]
	if err != nil || !ours {
		return 0
	}
	start, err := strconv.ParseUint(f[6], 10, 64)
	if err != nil || (isIndex && start != walWriteLock) || (!isIndex && start < pendingByte) {
		return 0
	}
	if pid, err = strconv.Atoi(f[4]); err != nil || pid <= 0 {
		return -1
	}
	return pid
}

// process names a process for people.
func (v *visit) process(pid int) string {
	if pid < 0 {
		return "a process outside of this container"
	}
	name, err := os.ReadFile(filepath.Join(v.Machine.Processes, strconv.Itoa(pid), "comm"))
	if err != nil {
		return fmt.Sprintf("process %d", pid)
	}
	return fmt.Sprintf("%s (process %d)", strings.TrimSpace(string(name)), pid)
}
