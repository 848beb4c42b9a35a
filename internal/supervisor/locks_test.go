package supervisor

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestNoLockIsHeld shows that the tree holds no lock while anything of the program runs, be it for ever.
func TestNoLockIsHeld(t *testing.T) {
	// free waits until everything has come to rest, and then takes every lock there is.
	free := func(t *testing.T, tree *Tree) {
		t.Helper()
		synctest.Wait()
		if !tree.mu.TryLock() {
			t.Error("the tree is locked")
			return
		}
		tree.mu.Unlock()
		for _, u := range *tree.units.Load() {
			if !u.mu.TryLock() {
				t.Errorf("%s is locked", u.name())
				continue
			}
			u.mu.Unlock()
		}
	}
	// held is a function that waits for gate, whatever its context says.
	held := func(gate <-chan struct{}) func(context.Context) error {
		return func(context.Context) error { <-gate; return nil }
	}
	t.Run("WhileAStageStartsAndStops", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			gates := make(map[string]chan struct{})
			for _, name := range []string{"open", "services", "ready", "run", "drain", "close"} {
				gates[name] = make(chan struct{})
			}
			tree := NewTree(Options{})
			started := make(chan error, 1)
			go func() {
				started <- tree.Start(context.Background(), Stage{
					Name: "work",
					Open: held(gates["open"]),
					Services: func() []Service {
						<-gates["services"]
						return []Service{run{"scanner", func(_ context.Context, h Handle) error {
							<-gates["ready"]
							h.Ready()
							<-gates["run"]
							return nil
						}}}
					},
					Drain: held(gates["drain"]),
					Close: held(gates["close"]),
				})
			}()
			for _, name := range []string{"open", "services", "ready"} {
				free(t, tree)
				close(gates[name])
			}
			if err := <-started; err != nil {
				t.Fatal(err)
			}
			free(t, tree)
			receipt := make(chan Receipt, 1)
			go func() { receipt <- stopWithin(tree, time.Hour) }()
			for _, name := range []string{"drain", "run", "close"} {
				free(t, tree)
				close(gates[name])
			}
			if r := <-receipt; !r.Clean() {
				t.Errorf("receipt %+v", r)
			}
		})
	})
	t.Run("WhileTheFatalHookRuns", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			gate := make(chan struct{})
			tree := NewTree(Options{OnFatal: func(string, error) { <-gate }})
			mustStart(t, tree, of("work", failing("scanner", func(context.Context, int) error { return Fatal(errDisk) })))
			free(t, tree)
			close(gate)
			mustStopClean(t, tree)
		})
	})
	t.Run("WhileAProberIsAsked", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			gate := make(chan struct{})
			tree := NewTree(Options{})
			mustStart(t, tree, of("work", probed{steady("scanner"), held(gate)}))
			answer := make(chan error, 1)
			go func() { answer <- tree.Probe(context.Background()) }()
			free(t, tree)
			close(gate)
			if err := <-answer; err != nil {
				t.Error(err)
			}
			mustStopClean(t, tree)
		})
	})
}
