package services

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// Notify is how systemd wants to hear of this process (sd_notify(3), sd_watchdog_enabled(3)).
type Notify struct {
	Socket   string        // "" if nobody listens; a leading @, or NUL, stands for an abstract socket
	Interval time.Duration // of the watchdog; 0 if there is none
}

// TakeNotify reads the variables of systemd and removes them from the environment, so that no child process speaks in the
// name of this one. Its error says which variable is wrong; the rest is as good as it gets.
func TakeNotify() (Notify, error) {
	n := Notify{Socket: os.Getenv("NOTIFY_SOCKET")}
	usec, pid := os.Getenv("WATCHDOG_USEC"), os.Getenv("WATCHDOG_PID")
	for _, name := range []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} {
		_ = os.Unsetenv(name) // fails for an empty name alone
	}
	if n.Socket != "" && n.Socket[0] != '/' && n.Socket[0] != '@' && n.Socket[0] != 0 {
		wrong := n.Socket
		n.Socket = ""
		return n, fmt.Errorf("NOTIFY_SOCKET=%q is neither a path nor the name of an abstract socket", wrong)
	}
	if usec == "" || (pid != "" && pid != strconv.Itoa(os.Getpid())) {
		return n, nil
	}
	const most = int64(1<<63-1) / int64(time.Microsecond)
	micros, err := strconv.ParseInt(usec, 10, 64)
	if err != nil || micros <= 0 || micros > most {
		return n, fmt.Errorf("WATCHDOG_USEC=%q is not a number of microseconds", usec)
	}
	n.Interval = time.Duration(micros) * time.Microsecond
	return n, nil
}

// sendTo sends one datagram, and waits at most for patience where the queue of the receiver is full. The net package knows a
// leading @, and a leading NUL, as the sign of an abstract socket.
func sendTo(socket, message string, patience time.Duration) error {
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("notify systemd: %w", err)
	}
	defer c.Close()
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return fmt.Errorf("notify systemd: %w", err)
	}
	if _, err := c.Write([]byte(message)); err != nil {
		return fmt.Errorf("notify systemd: %w", err)
	}
	return nil
}
