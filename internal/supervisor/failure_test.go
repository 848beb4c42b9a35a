package supervisor

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func TestLastWord(t *testing.T) {
	canceled := context.Canceled
	over := func(cause error) context.Context {
		ctx, cancel := context.WithCancelCause(t.Context())
		t.Cleanup(func() { cancel(nil) })
		if cause != nil {
			cancel(cause)
		}
		return ctx
	}
	tests := []struct {
		name  string
		err   error
		grace error
		clean bool
	}{
		{"RealErrorIsTold", errDisk, nil, false},
		{"RealErrorBesideTheCancelIsTold", errors.Join(canceled, errDisk), nil, false},
		{"RealErrorWrappedWithTheCancelIsTold", fmt.Errorf("flush: %w: %w", errDisk, canceled), nil, false},
		{"PanicWithTheCancelIsTold", &PanicError{Value: canceled}, nil, false},
		{"DeadlineIsTold", context.DeadlineExceeded, nil, false},
		{"CancelAfterTheGraceWasSpentIsTold", canceled, errSpent, false},
		{"WrappedCancelAfterACutIsTold", fmt.Errorf("connections cut off: %w", canceled), errCut, false},
		{"NilIsClean", nil, errSpent, true},
		{"CancelIsClean", canceled, nil, true},
		{"WrappedCancelIsClean", fmt.Errorf("watch: %w", canceled), nil, true},
		{"JoinedCancelsAreClean", errors.Join(canceled, fmt.Errorf("watch: %w", canceled)), nil, true},
		{"BareCancelAfterACutIsClean", canceled, errCut, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := lastWord(tt.err, over(tt.grace))
			if tt.clean != (got == nil) || got != nil && got.Error() != tt.err.Error() {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestGuard(t *testing.T) {
	outcome := func(f func() error) error {
		got := make(chan error, 1)
		go guard(f, func(err error) { got <- err })
		return <-got
	}
	t.Run("PanicIsOneLineWithAStack", func(t *testing.T) {
		err := outcome(func() error { panic("first line\nsecond line") })
		p, ok := errors.AsType[*PanicError](err)
		if !ok || err.Error() != "panic: first line second line" {
			t.Fatalf("got %v", err)
		}
		if !strings.Contains(string(p.Stack), "TestGuard") {
			t.Fatalf("the stack does not name the culprit:\n%s", p.Stack)
		}
	})
	t.Run("PanicWithAnErrorKeepsIt", func(t *testing.T) {
		if err := outcome(func() error { panic(errDisk) }); !errors.Is(err, errDisk) {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("NilPanicIsAPanic", func(t *testing.T) {
		if err := outcome(func() error { panic(nil) }); err == nil {
			t.Fatal("got nil")
		}
	})
	t.Run("GoexitIsTold", func(t *testing.T) {
		err := outcome(func() error { runtime.Goexit(); return nil })
		if !errors.Is(err, errGoexit) {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("ReturnIsPassedOn", func(t *testing.T) {
		if err := outcome(func() error { return errDisk }); err != errDisk {
			t.Fatalf("got %v", err)
		}
	})
}

func TestFatal(t *testing.T) {
	if Fatal(nil) != nil {
		t.Error("Fatal(nil) is an error")
	}
	err := fmt.Errorf("serve: %w", Fatal(errDisk))
	if !isFatal(err) || !errors.Is(err, errDisk) || err.Error() != "serve: disk gone" {
		t.Errorf("got %v", err)
	}
	if isFatal(errDisk) {
		t.Error("a plain error is fatal")
	}
}
