//go:build !linux

package services

import "time"

// monotonic is known to Linux alone, like systemd.
func monotonic() (time.Duration, bool) { return 0, false }
