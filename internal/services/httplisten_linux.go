package services

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// refuseNew makes the kernel take no new connection requests (SYN) and leave those that are under way alone. It must not
// be done to a socket that is shared with another process.
func (l *listener) refuseNew() error {
	tcp, ok := l.streamListener.(*net.TCPListener)
	if !ok || l.shared {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	var refused error
	err = raw.Control(func(fd uintptr) {
		if refused = dropRequests(int(fd)); refused != nil { // some kernels allow a filter to root alone
			refused = leaveInterfaces(int(fd))
		}
	})
	if err != nil {
		return err
	}
	return refused
}

// dropRequests lets a listening socket ignore connection requests, by a filter (classic BPF, see socket(7),
// SO_ATTACH_FILTER). A client whose request was dropped repeats it after a second: the socket is closed by then, or its
// successor listens.
func dropRequests(fd int) error {
	const (
		flags    = 13 // offset of the flags in the TCP header, where a filter of a TCP socket begins
		syn, ack = 0x02, 0x10
	)
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: flags},
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: syn | ack},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: syn, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0xffffffff},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &program)
}

// leaveInterfaces binds a listening socket to an interface that does not exist: what arrives at the others is refused, as if
// the socket were closed. A request that is under way is bound to the interface it came by. This takes no rights (Linux
// 5.7 and newer), unless the socket is bound to an interface already.
func leaveInterfaces(fd int) error {
	const nowhere = 1<<31 - 1 // indices are given from 1 upwards, see netdevice(7)
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BINDTOIFINDEX, nowhere)
}

// waiting tells whether there is a connection to be accepted, without waiting for one.
func (l *listener) waiting() bool {
	socket, ok := l.streamListener.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	ready := 0
	err = raw.Control(func(fd uintptr) {
		ready, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
	})
	return err == nil && ready > 0
}

// unread tells whether bytes have come that nobody has read so far (FIONREAD, see tcp(7) and unix(7)).
func unread(c net.Conn) bool {
	socket, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	waiting := 0
	err = raw.Control(func(fd uintptr) { waiting, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	return err == nil && waiting > 0
}
