package services

import (
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// maxStatus bounds the line that systemctl shows, in bytes. systemd itself takes a few kilobytes.
	maxStatus = 500
	// sendPatience is how long a message waits for a systemd that does not read, and sendAgain how long it does when the one
	// before has waited in vain: a start, a reload or a stop may say a dozen things and must not be held up by that.
	sendPatience = 200 * time.Millisecond
	sendAgain    = 5 * time.Millisecond
	// maxOwed bounds how many changes of the state are kept for a systemd that does not read.
	maxOwed = 8
)

// Notifier tells systemd how the daemon is, in datagrams of VARIABLE=value lines (sd_notify(3)). Where nobody listens its
// methods do nothing. They may be called from several goroutines; the messages go out in the order of the calls, each with
// the newest status line where that has changed.
//
// Whatever the calls, systemd hears a story that makes sense: nothing but STOPPING=1 ends what READY=1 began, a reload is
// told only of a daemon that was ready, and READY=1 is not said any more once the daemon stops. A change of the state that
// could not be sent goes out before the next message: systemd waits for it, and it is said once.
type Notifier struct {
	socket string

	mu       sync.Mutex // guards what follows, and keeps the messages in order
	log      *slog.Logger
	ready    bool
	stopping bool
	owed     []string // changes of the state that could not be sent so far, the oldest first
	told     string   // the newest status line that went out
	failing  bool     // the last message could not be sent
}

// NewNotifier returns a Notifier that has said nothing so far.
func NewNotifier(n Notify, log *slog.Logger) *Notifier {
	return &Notifier{socket: n.Socket, log: log}
}

// SetLogger replaces the logger: systemd is to hear of a configuration that cannot be read, which says how to log.
func (n *Notifier) SetLogger(log *slog.Logger) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.log = log
}

// Enabled tells whether anybody listens.
func (n *Notifier) Enabled() bool { return n.socket != "" }

// Status makes line the one that systemctl status shows.
func (n *Notifier) Status(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.send("", line)
}

// Ready says READY=1, the first time that it is called: the start is over.
func (n *Notifier) Ready(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ready || n.stopping {
		return
	}
	n.ready = true
	n.change("READY=1", line)
}

func (n *Notifier) isReady() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ready
}

// Reloading says RELOADING=1, with the time that systemd needs to tell this reload from the one before. Reloaded has to
// follow, whatever came of it. Before Ready there is nothing to be told: its READY=1 would end a start that is not over.
func (n *Notifier) Reloading(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.ready || n.stopping {
		return
	}
	message := "RELOADING=1"
	if now, ok := monotonic(); ok {
		message += "\nMONOTONIC_USEC=" + strconv.FormatInt(now.Microseconds(), 10)
	}
	n.change(message, line)
}

// Reloaded says the READY=1 that ends a reload.
func (n *Notifier) Reloaded(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.ready || n.stopping {
		return
	}
	n.change("READY=1", line)
}

// Stopping says STOPPING=1. It is to be called when the teardown begins.
func (n *Notifier) Stopping(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.stopping {
		return
	}
	n.stopping = true
	n.owed = nil // how it came to this is of no interest any more
	n.change("STOPPING=1", line)
}

// Alive says WATCHDOG=1.
func (n *Notifier) Alive() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.send("WATCHDOG=1", n.told)
}

// Extend asks systemd to wait for at least d from now for the end of the start or the stop that is under way.
func (n *Notifier) Extend(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.send("EXTEND_TIMEOUT_USEC="+strconv.FormatInt(d.Microseconds(), 10), n.told)
}

// Failed says why the daemon ends, with the number of the system's error where there is one. systemctl status shows it
// beside the exit code.
func (n *Notifier) Failed(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	message := ""
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		message = "ERRNO=" + strconv.Itoa(int(errno))
	}
	n.send(message, "failed: "+err.Error())
}

// change sends a change of the state, or keeps it for the next time. The lock is held.
func (n *Notifier) change(message, line string) {
	if !n.send(message, line) && n.socket != "" {
		n.owed = append(n.owed[max(0, len(n.owed)+1-maxOwed):], message)
	}
}

// send sends what is owed, and then a message with its status line, unless systemd has that line already. The lock is held.
func (n *Notifier) send(message, line string) (sent bool) {
	if n.socket == "" {
		return false
	}
	for len(n.owed) > 0 {
		if !n.deliver(n.owed[0]) {
			return false
		}
		n.owed = n.owed[1:]
	}
	line = oneLine(line)
	if line != n.told {
		message = strings.TrimPrefix(message+"\nSTATUS="+line, "\n")
	}
	if message == "" || !n.deliver(message) {
		return false
	}
	n.told = line
	return true
}

// deliver sends one message. That it cannot be sent is logged if the one before could be. The lock is held.
func (n *Notifier) deliver(message string) bool {
	patience := sendPatience
	if n.failing {
		patience = sendAgain
	}
	err := sendTo(n.socket, message, patience)
	if err != nil && !n.failing {
		n.log.Warn("systemd cannot be notified", "error", err)
	}
	n.failing = err != nil
	return err == nil
}

// oneLine makes text fit for a STATUS: no line break, which would begin another variable, valid UTF-8, which systemd asks
// for, and not too long.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune { // a byte that is no UTF-8 becomes U+FFFD
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	if len(text) > maxStatus {
		text = strings.ToValidUTF8(text[:maxStatus], "") + "..."
	}
	return text
}
