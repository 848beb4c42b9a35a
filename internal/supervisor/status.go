package supervisor

import "time"

// State is what a service is doing.
type State int32

// The states of a service.
const (
	StateIdle     State = iota // known, and not run so far
	StateStarting              // in Run, and not ready
	StateUp                    // in Run, and ready
	StateDown                  // failed: waits for its restart, or is not restarted any more
	StateStopping              // in Run, and told to stop
	StateStopped               // told to stop, and not in Run
)

var stateNames = [...]string{"idle", "starting", "up", "down", "stopping", "stopped"}

// String returns the name of the state: idle, starting, up, down, stopping or stopped.
func (s State) String() string { return nameOf(stateNames[:], int(s)) }

// MarshalText makes a State a JSON string.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// nameOf tolerates a value out of range, since a String method must not panic in a log call.
func nameOf(names []string, i int) string {
	if i < 0 || i >= len(names) {
		return "unknown"
	}
	return names[i]
}

// Status is what is known of a service at one moment.
type Status struct {
	Stage   string
	Service string
	State   State
	Since   time.Time // when State was entered
	Starts  int       // how often Run was called
	LastErr error     // the newest failure; it stays after a restart that went well
}
