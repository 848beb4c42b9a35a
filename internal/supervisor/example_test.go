package supervisor_test

import (
	"context"
	"fmt"
	"time"

	"vpo/internal/supervisor"
)

// greeter is a service that works until it is told to stop.
type greeter struct{ visitors chan string }

func (g *greeter) Name() string { return "greeter" }

func (g *greeter) Run(ctx context.Context, h supervisor.Handle) error {
	h.Ready()
	for {
		select {
		case name := <-g.visitors:
			fmt.Println("hello,", name)
		case <-ctx.Done():
			fmt.Println("greeter stops")
			return nil
		}
	}
}

// A program with one stage: it starts, does its work, and is asked to stop.
func Example() {
	life := supervisor.NewLifecycle()
	tree := supervisor.NewTree(supervisor.Options{
		OnFatal: func(service string, err error) {
			life.Shutdown(supervisor.Cause{Reason: service + " failed for good", Err: err})
		},
	})
	g := &greeter{visitors: make(chan string)}
	err := tree.Start(life.Stopping(), supervisor.Stage{
		Name:     "front",
		Open:     func(context.Context) error { fmt.Println("open the door"); return nil },
		Services: func() []supervisor.Service { return []supervisor.Service{g} },
		Close:    func(context.Context) error { fmt.Println("close the door"); return nil },
	})
	if err != nil {
		life.Shutdown(supervisor.Cause{Reason: "start failed", Err: err})
	}
	life.MarkRunning()

	g.visitors <- "Ada"
	life.Shutdown(supervisor.Cause{Reason: "received SIGTERM", Code: 143})

	<-life.Stopping().Done()
	receipt := supervisor.Teardown(life, tree, 30*time.Second)
	fmt.Println("clean:", receipt.Clean(), "code:", life.ExitCode(receipt.Clean()))
	// Output:
	// open the door
	// hello, Ada
	// greeter stops
	// close the door
	// clean: true code: 0
}
