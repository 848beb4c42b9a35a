package store

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// readWait is how long a reader waits for a lock. In WAL mode a reader meets one only while another process recovers
// or converts the file.
const readWait = 250 * time.Millisecond

// The page caches in KiB are far smaller than a large library. With 100,000 new files, 2 MiB or 32 MiB for the writer made no
// difference that showed, and they are the largest part of a scan's memory.
const (
	writerCache = "cache_size(-8192)"
	readerCache = "cache_size(-512)"

	// writerLog is how many pages the log may have before it is moved into the file: 32 MiB. A scan changes the same pages of
	// the indices over and over; moved less often, 100,000 new files take a sixth less time.
	writerLog = "wal_autocheckpoint(8000)"
)

// writerDSN is for the connection that writes. Its transactions take the write lock at once: one that reads first and
// writes later fails whenever another one has written in between.
func writerDSN(path string, wait time.Duration) string {
	return dsn(path, "rw", wait, url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"foreign_keys(ON)", "synchronous(NORMAL)", "temp_store(MEMORY)", writerCache, writerLog},
	})
}

// readerDSN is for the connections that read. With readOnly, closing the last of them leaves a write-ahead log of an
// earlier crash where it is; without, it leaves nothing beside the file.
func readerDSN(path string, readOnly bool) string {
	mode := "rw"
	if readOnly {
		mode = "ro"
	}
	return dsn(path, mode, readWait, url.Values{"_pragma": {"query_only(ON)", "temp_store(MEMORY)", readerCache}})
}

// probeDSN is for the connections of the check.
func probeDSN(path string, wait time.Duration) string {
	return dsn(path, "rw", wait, url.Values{"_txlock": {"immediate"}})
}

// copyDSN is for a finished copy that nobody else knows of: no locks, and no file is made beside it.
func copyDSN(path string) string {
	return dsn(path, "ro", 0, url.Values{"immutable": {"1"}})
}

// dsn builds an SQLite URI (https://www.sqlite.org/uri.html). It never carries mode=rwc, so no connection of this
// package can create a database file.
func dsn(path, mode string, wait time.Duration, values url.Values) string {
	values.Set("mode", mode)
	// Added first: the pragmas after it may have to wait for a lock already.
	busy := fmt.Sprintf("busy_timeout(%s)", strconv.FormatInt(wait.Milliseconds(), 10))
	values["_pragma"] = append([]string{busy}, values["_pragma"]...)
	u := url.URL{Scheme: "file", Path: path, RawQuery: values.Encode()}
	return u.String()
}
