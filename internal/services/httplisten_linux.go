package services

import "syscall"

// refuseNew makes the kernel drop new connection requests (SYN) and leave those that are under way alone, by a filter
// on the listening socket (classic BPF, see socket(7), SO_ATTACH_FILTER). A client whose request was dropped repeats it
// after a second: the socket is closed by then, or its successor listens. The filter ends with the socket, so it
// must not be put on one that is shared with another process.
func (l *listener) refuseNew() error {
	const (
		flags    = 13 // offset of the flags in the TCP header, where a filter of a TCP socket begins
		syn, ack = 0x02, 0x10
	)
	filter := []syscall.SockFilter{
		{Code: syscall.BPF_LD | syscall.BPF_B | syscall.BPF_ABS, K: flags},
		{Code: syscall.BPF_ALU | syscall.BPF_AND | syscall.BPF_K, K: syn | ack},
		{Code: syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K, K: syn, Jf: 1},
		{Code: syscall.BPF_RET | syscall.BPF_K, K: 0},
		{Code: syscall.BPF_RET | syscall.BPF_K, K: 0xffffffff},
	}
	raw, err := l.SyscallConn()
	if err != nil {
		return err
	}
	var attached error
	err = raw.Control(func(fd uintptr) { attached = syscall.AttachLsf(int(fd), filter) })
	if err != nil {
		return err
	}
	return attached
}
