package services

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"vpo/internal/supervisor"
)

// Notify is how systemd wants to hear of this process (sd_notify(3), sd_watchdog_enabled(3)).
type Notify struct {
	Socket   string        // "" if nobody listens; a leading @ stands for an abstract socket
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

// WatchdogConfig is what a Watchdog is made of. All fields but those of Notify are needed.
type WatchdogConfig struct {
	Notify Notify
	Probe  func(context.Context) error // nil if the daemon lives
	Status func() string               // a line for systemctl status
	Logger *slog.Logger
}

// Watchdog tells systemd that the daemon is ready, lives, and stops. It is to be the last service that is started,
// since its start is what READY=1 says.
type Watchdog struct {
	cfg WatchdogConfig

	mu       sync.Mutex // guards what follows, and keeps the messages in order
	stopping bool
	failing  bool // the last message could not be sent
	withheld bool // the last heartbeat was held back
}

var _ supervisor.Service = (*Watchdog)(nil)

// NewWatchdog returns a Watchdog that has said nothing so far.
func NewWatchdog(cfg WatchdogConfig) *Watchdog { return &Watchdog{cfg: cfg} }

// Name returns "watchdog".
func (w *Watchdog) Name() string { return "watchdog" }

// Enabled tells whether anybody listens. Without, the service says nothing and only waits.
func (w *Watchdog) Enabled() bool { return w.cfg.Notify.Socket != "" }

// Run says READY=1, and WATCHDOG=1 at a third of the interval while the probe passes.
func (w *Watchdog) Run(ctx context.Context, h supervisor.Handle) error {
	w.send("READY=1", w.cfg.Status())
	h.Ready()
	if !w.Enabled() || w.cfg.Notify.Interval == 0 {
		<-ctx.Done()
		return nil
	}
	every := max(w.cfg.Notify.Interval/3, time.Millisecond)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		w.beat(ctx, every)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// beat sends one heartbeat if the daemon lives. The probe gets no longer than the next one is away.
func (w *Watchdog) beat(ctx context.Context, timeout time.Duration) {
	probing, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := w.cfg.Probe(probing)
	if ctx.Err() != nil {
		return
	}
	w.note(err)
	if err == nil {
		w.send("WATCHDOG=1", w.cfg.Status())
	}
}

// note logs that heartbeats are held back, or no longer are.
func (w *Watchdog) note(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err != nil && !w.withheld:
		w.cfg.Logger.Warn("watchdog heartbeat withheld", "error", err)
	case err == nil && w.withheld:
		w.cfg.Logger.Info("watchdog heartbeat goes on")
	}
	w.withheld = err != nil
}

// Stopping says STOPPING=1. It is to be called when the teardown begins; READY=1 is not said any more after that.
func (w *Watchdog) Stopping() {
	w.mu.Lock()
	w.stopping = true
	w.mu.Unlock()
	w.send("STOPPING=1", "shutting down")
}

// send sends a message with its status. One that cannot be sent is logged if the one before could be.
func (w *Watchdog) send(message, status string) {
	if !w.Enabled() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopping && message == "READY=1" {
		return
	}
	if !w.stopping || message == "STOPPING=1" {
		message += "\nSTATUS=" + strings.ReplaceAll(status, "\n", " ")
	}
	err := sendTo(w.cfg.Notify.Socket, message)
	if err != nil && !w.failing {
		w.cfg.Logger.Warn("systemd cannot be notified", "error", err)
	}
	w.failing = err != nil
}

// sendTo sends one datagram. The net package knows a leading @ as the sign of an abstract socket.
func sendTo(socket, message string) error {
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("notify systemd: %w", err)
	}
	defer c.Close()
	if err := c.SetWriteDeadline(time.Now().Add(time.Second)); err != nil { // a full queue must not hold anything up
		return fmt.Errorf("notify systemd: %w", err)
	}
	if _, err := c.Write([]byte(message)); err != nil {
		return fmt.Errorf("notify systemd: %w", err)
	}
	return nil
}
