//go:build !linux

package services

import "net"

// checkPeer leaves it to the mode of the socket, 0600, which these systems heed.
func checkPeer(*net.UnixConn) error { return nil }
