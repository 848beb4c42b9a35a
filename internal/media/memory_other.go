//go:build !linux

package media

import "os"

// limitMemory does nothing: only Linux lets a process limit another one.
func limitMemory(*os.Process, uint64) {}
