package httpapi

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"vpo/internal/library"
)

var testNow = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func wellState() State {
	return State{
		Phase:          PhaseRunning,
		Database:       library.Verdict{At: testNow.Add(-time.Second)},
		DatabaseMaxAge: 3 * time.Second,
		Services: []Service{
			{Name: "http", State: "running", Up: true, Vital: true, Since: testNow.Add(-time.Minute)},
			{Name: "scanner", State: "running", Up: true, Since: testNow.Add(-time.Minute)},
		},
	}
}

func TestAssess(t *testing.T) {
	tests := []struct {
		name     string
		change   func(*State)
		status   string
		database string
		stopping bool
		want     Result // among the checks
	}{
		{"StartingIsUnhealthy", func(s *State) { s.Phase = PhaseStarting },
			unhealthy, connected, false, Result{"daemon", Fail, "starting", 0}},
		{"StoppingIsUnhealthyAndShuttingDown", func(s *State) { s.Phase = PhaseStopping },
			unhealthy, connected, true, Result{"daemon", Fail, "stopping", 0}},
		{"StoppedIsUnhealthyAndShuttingDown", func(s *State) { s.Phase = PhaseStopped },
			unhealthy, connected, true, Result{"daemon", Fail, "stopped", 0}},
		{"UnknownPhaseIsUnhealthy", func(s *State) { s.Phase = "dancing" },
			unhealthy, connected, false, Result{"daemon", Fail, "dancing", 0}},
		{"ZeroStateIsUnhealthyAndDisconnected", func(s *State) { *s = State{} },
			unhealthy, disconnected, false, Result{"database", Fail, "database has not been checked so far", 0}},
		{"StoppingPrevailsOverDegraded", func(s *State) { s.Phase = PhaseStopping; s.Database.Fault = library.FaultLocked },
			unhealthy, disconnected, true, Result{"database", Fail, "database is locked by another process", 1 * time.Second}},
		{"NeverCheckedIsDegraded", func(s *State) { s.Database = library.Verdict{} },
			degraded, disconnected, false, Result{"database", Fail, "database has not been checked so far", 0}},
		{"FaultIsDegraded", func(s *State) { s.Database.Fault = library.FaultDiskFull },
			degraded, disconnected, false, Result{"database", Fail, "disk is full", 1 * time.Second}},
		{"FaultBeforeTheFirstCheckIsTold", func(s *State) { s.Database = library.Verdict{Fault: library.FaultHung} },
			degraded, disconnected, false, Result{"database", Fail, "database check does not finish", 0}},
		{"OldCheckIsDegraded", func(s *State) { s.Database.At = testNow.Add(-7 * time.Second) },
			degraded, disconnected, false, Result{"database", Fail, "database check is 7 s old (at most 3 s)", 7 * time.Second}},
		{"OldFaultTellsBoth", func(s *State) {
			s.Database = library.Verdict{Fault: library.FaultHung, At: testNow.Add(-7 * time.Second)}
		}, degraded, disconnected, false,
			Result{"database", Fail, "database check does not finish; database check is 7 s old (at most 3 s)", 7 * time.Second}},
		{"JustTooOldReadsAsTooOld", func(s *State) { s.Database.At = testNow.Add(-3001 * time.Millisecond) },
			degraded, disconnected, false, Result{"database", Fail, "database check is 3.1 s old (at most 3 s)", 3001 * time.Millisecond}},
		{"VitalServiceDownIsDegraded", func(s *State) { s.Services[0].Up = false; s.Services[0].State = "restarting" },
			degraded, connected, false, Result{"http", Fail, "restarting", 60 * time.Second}},
		{"OtherServiceDownIsHealthyWithAWarning", func(s *State) { s.Services[1].Up = false; s.Services[1].State = "restarting" },
			healthy, connected, false, Result{"scanner", Warn, "restarting", 60 * time.Second}},
		{"FailedCheckIsDegraded", func(s *State) {
			s.Checks = []Check{{Name: "reload", Status: Fail, Message: "refused", At: testNow.Add(-2 * time.Second)}}
		}, degraded, connected, false, Result{"reload", Fail, "refused", 2 * time.Second}},
		{"CheckWithoutOutcomeIsDegraded", func(s *State) { s.Checks = []Check{{Name: "reload"}} },
			degraded, connected, false, Result{"reload", Fail, "", 0}},
		{"WarningIsHealthy", func(s *State) { s.Checks = []Check{{Name: "disk", Status: Warn, Message: "low"}} },
			healthy, connected, false, Result{"disk", Warn, "low", 0}},
		{"RestartsAreTold", func(s *State) { s.Services[1].Restarts = 3 },
			healthy, connected, false, Result{"scanner", Pass, "running, restarts: 3", 60 * time.Second}},
		{"ExactlyMaximalAgeIsHealthy", func(s *State) { s.Database.At = testNow.Add(-3 * time.Second) },
			healthy, connected, false, Result{"database", Pass, "connected", 3 * time.Second}},
		{"CheckInTheFutureIsNew", func(s *State) { s.Database.At = testNow.Add(time.Hour) },
			healthy, connected, false, Result{"database", Pass, "connected", 0}},
		{"AllWellIsHealthy", func(*State) {},
			healthy, connected, false, Result{"daemon", Pass, "running", 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := wellState()
			tt.change(&s)
			h := assess(s, testNow)
			if h.Status != tt.status || h.Database != tt.database || h.ShuttingDown != tt.stopping {
				t.Errorf("got %s, %s, shutting down %v; want %s, %s, %v",
					h.Status, h.Database, h.ShuttingDown, tt.status, tt.database, tt.stopping)
			}
			if !slices.Contains(h.Checks, tt.want) {
				t.Errorf("got %+v, want %+v among them", h.Checks, tt.want)
			}
		})
	}
}

func TestAssess_EveryFaultIsShownAndNoCauseIs(t *testing.T) {
	faults := []library.Fault{
		library.FaultLocked, library.FaultGone, library.FaultReplaced, library.FaultTruncated, library.FaultNotDatabase,
		library.FaultForeign, library.FaultNewer, library.FaultDamaged, library.FaultUnreadable, library.FaultReadOnly,
		library.FaultDiskFull, library.FaultIO, library.FaultHung, library.FaultUnknown,
	}
	for _, fault := range faults {
		s := wellState()
		s.Database.Fault = fault
		s.Database.Cause = errors.New("open /home/somebody/library.db: SELECT")
		h := assess(s, testNow)
		if h.Status != degraded || !slices.Contains(h.Checks, Result{"database", Fail, string(fault), time.Second}) {
			t.Errorf("%s: got %s, %+v", fault, h.Status, h.Checks)
		}
		if text := list(h.Checks); strings.Contains(text, "somebody") || strings.Contains(text, "SELECT") {
			t.Errorf("%s: the cause is shown: %s", fault, text)
		}
	}
}

func TestAssess_NameThatIsTakenCannotHideTheDatabase(t *testing.T) {
	s := wellState()
	s.Database.Fault = library.FaultGone
	s.Checks = []Check{{Name: "database", Status: Pass}, {Name: "daemon", Status: Pass}}
	h := assess(s, testNow)
	if h.Database != disconnected || len(h.Checks) != 4 {
		t.Errorf("got %s, %+v", h.Database, h.Checks)
	}
}
