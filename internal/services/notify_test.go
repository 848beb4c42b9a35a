package services

import (
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// systemd listens on a notify socket.
func systemd(t *testing.T, name string) <-chan string {
	t.Helper()
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	messages := make(chan string, 1000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, err := c.Read(buf)
			if err != nil {
				return
			}
			messages <- string(buf[:n])
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
	return messages
}

func next(t *testing.T, messages <-chan string) string {
	t.Helper()
	select {
	case m := <-messages:
		return m
	case <-time.After(5 * time.Second):
		t.Fatal("no message")
		return ""
	}
}

func TestTakeNotify(t *testing.T) {
	self := strconv.Itoa(os.Getpid())
	tests := []struct {
		name, usec, pid string
		interval        time.Duration
		bad             bool
	}{
		{"NumberThatIsNone", "soon", "", 0, true},
		{"NegativeNumber", "-1", "", 0, true},
		{"NumberThatOverflows", "9223372036854775807", "", 0, true},
		{"OtherProcess", "3000000", self + "0", 0, false},
		{"NoWatchdog", "", "", 0, false},
		{"ThisProcess", "3000000", self, 3 * time.Second, false},
		{"AnyProcess", "3000000", "", 3 * time.Second, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("NOTIFY_SOCKET", "@x")
			t.Setenv("WATCHDOG_USEC", tt.usec)
			t.Setenv("WATCHDOG_PID", tt.pid)
			got, err := TakeNotify()
			if (err != nil) != tt.bad || got != (Notify{"@x", tt.interval}) {
				t.Errorf("got %+v, %v", got, err)
			}
			for _, name := range []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} {
				if value, there := os.LookupEnv(name); there {
					t.Errorf("children inherit %s=%s", name, value)
				}
			}
		})
	}
}

func TestTakeNotify_RefusesASocketThatIsNone(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "vsock:2:1234")
	got, err := TakeNotify()
	if err == nil || !strings.Contains(err.Error(), "NOTIFY_SOCKET") || got.Socket != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// What a child of this process would inherit, asked of a real one.
func TestChildrenInheritNothingOfSystemd(t *testing.T) {
	variables := []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}
	for _, name := range variables {
		t.Setenv(name, "@1")
	}
	_, _ = TakeNotify()
	_, _ = TakeSockets()
	out, err := exec.CommandContext(t.Context(), "env").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range variables {
		if strings.Contains(string(out), name) {
			t.Errorf("a child inherits %s", name)
		}
	}
}
