//go:build !linux

package services

import "net"

// refuseNew does nothing where no way is known.
func (l *listener) refuseNew() error { return nil }

// waiting is known for Linux alone.
func (l *listener) waiting() bool { return false }

// unread is known for Linux alone.
func unread(net.Conn) bool { return false }
