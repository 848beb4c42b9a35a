package services

import (
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// checkPeer returns nil if the client runs as the user of this process, or as root (SO_PEERCRED, see unix(7)).
func checkPeer(conn *net.UnixConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return fmt.Errorf("ask who the client is: %w", err)
	}
	var peer *unix.Ucred
	var asked error
	err = raw.Control(func(fd uintptr) { peer, asked = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) })
	if err != nil || asked != nil {
		return fmt.Errorf("ask who the client is: %w", errors.Join(err, asked))
	}
	if int(peer.Uid) != os.Geteuid() && peer.Uid != 0 {
		return errForeign
	}
	return nil
}
