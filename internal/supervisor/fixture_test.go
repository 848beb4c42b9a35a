package supervisor

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run is a Service made of a function.
type run struct {
	name string
	body func(ctx context.Context, h Handle) error
}

func (r run) Name() string                            { return r.name }
func (r run) Run(ctx context.Context, h Handle) error { return r.body(ctx, h) }

// steady is ready at once and stops when it is told to.
func steady(name string) Service {
	return run{name, func(ctx context.Context, h Handle) error {
		h.Ready()
		<-ctx.Done()
		return ctx.Err()
	}}
}

// stuck is ready at once and stops when released is closed.
func stuck(name string, released <-chan struct{}) Service {
	return run{name, func(_ context.Context, h Handle) error {
		h.Ready()
		<-released
		return nil
	}}
}

// failing is ready at once and ends with what next returns, as soon as it returns.
func failing(name string, next func(ctx context.Context, nth int) error) Service {
	nth := 0
	return run{name, func(ctx context.Context, h Handle) error {
		h.Ready()
		nth++
		return next(ctx, nth)
	}}
}

// pass lets fake time go by; it is for synctest only.
func pass(d time.Duration) { <-time.After(d) }

func of(name string, services ...Service) Stage {
	return Stage{Name: name, Services: func() []Service { return services }}
}

func mustStart(t testing.TB, tree *Tree, stages ...Stage) {
	t.Helper()
	for _, st := range stages {
		if err := tree.Start(context.Background(), st); err != nil {
			t.Fatal(err)
		}
	}
}

// stopWithin stops the tree under a deadline.
func stopWithin(tree *Tree, d time.Duration) Receipt {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return tree.Stop(ctx)
}

func mustStopClean(t testing.TB, tree *Tree) {
	t.Helper()
	if r := stopWithin(tree, 10*time.Second); !r.Clean() {
		t.Fatalf("unclean stop: %+v", r)
	}
}

func status(t testing.TB, tree *Tree, service string) Status {
	t.Helper()
	all := tree.Snapshot()
	i := slices.IndexFunc(all, func(s Status) bool { return s.Service == service })
	if i < 0 {
		t.Fatalf("no service %s in %+v", service, all)
	}
	return all[i]
}

// journal keeps what is logged.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(j, &slog.HandlerOptions{Level: level}))
}

// lines returns the records with a message, as maps.
func (j *journal) lines(t testing.TB, message string) (found []map[string]any) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	dec := json.NewDecoder(bytes.NewReader(j.buf.Bytes()))
	for dec.More() {
		var line map[string]any
		if err := dec.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if line["msg"] == message {
			found = append(found, line)
		}
	}
	return found
}

// order records who did something, in turn.
type order struct {
	mu    sync.Mutex
	names []string
}

func (o *order) add(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.names = append(o.names, name)
}

func (o *order) hook(name string) func(context.Context) error {
	return func(context.Context) error {
		o.add(name)
		return nil
	}
}

func (o *order) is(t testing.TB, want ...string) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.Equal(o.names, want) {
		t.Fatalf("order is %v, want %v", o.names, want)
	}
}
