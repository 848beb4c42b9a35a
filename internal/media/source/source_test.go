package source_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

// counting counts the reads of a file.
type counting struct {
	*bytes.Reader
	reads int
}

func (c *counting) ReadAt(p []byte, offset int64) (int, error) {
	c.reads++
	return c.Reader.ReadAt(p, offset)
}

func numbered(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i * 7)
	}
	return data
}

func TestBytes(t *testing.T) {
	data := numbered(100_000)
	open := func(head int) (*source.Source, *counting) {
		file := &counting{Reader: bytes.NewReader(data)}
		return source.New(t.Context(), library.Content{Data: file, Size: int64(len(data)), Head: data[:head]}), file
	}
	t.Run("BeyondTheEndTheFileIsIncomplete", func(t *testing.T) {
		src, file := open(0)
		for _, offset := range []int64{99_999, 100_000, 1 << 62} {
			if _, err := src.Bytes(offset, 2); !errors.Is(err, library.ErrIncomplete) {
				t.Errorf("at %d: %v", offset, err)
			}
		}
		if file.reads != 0 {
			t.Errorf("%d reads for bytes that are not there", file.reads)
		}
	})
	t.Run("ALengthThatMakesNoSenseIsMalformed", func(t *testing.T) {
		src, _ := open(0)
		for _, n := range []int{-1, source.MaxPiece + 1} {
			if _, err := src.Bytes(0, n); !errors.Is(err, library.ErrMalformed) {
				t.Errorf("%d bytes: %v", n, err)
			}
		}
		if _, err := src.Bytes(-1, 1); !errors.Is(err, library.ErrMalformed) {
			t.Errorf("before the file: %v", err)
		}
	})
	t.Run("AFileThatHasBecomeShorterIsIncomplete", func(t *testing.T) {
		src := source.New(t.Context(), library.Content{Data: bytes.NewReader(data[:10]), Size: 1000})
		if _, err := src.Bytes(0, 100); !errors.Is(err, library.ErrIncomplete) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("TheBudgetEnds", func(t *testing.T) {
		huge := zeros{}
		src := source.New(t.Context(), library.Content{Data: huge, Size: 1 << 50})
		var err error
		reads := 0
		for ; err == nil && reads < 1000; reads++ {
			_, err = src.Bytes(int64(reads)<<30, source.MaxPiece)
		}
		if !errors.Is(err, source.ErrBudget) || reads < 10 {
			t.Errorf("after %d reads: %v", reads, err)
		}
	})
	t.Run("AnEndedContextEndsTheReading", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("enough")
		cancel(why)
		src := source.New(ctx, library.Content{Data: bytes.NewReader(data), Size: int64(len(data))})
		if _, err := src.Bytes(0, 1); !errors.Is(err, why) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("TheHeadCostsNoRead", func(t *testing.T) {
		src, file := open(64 << 10)
		got, err := src.Bytes(1000, 5000)
		if err != nil || !bytes.Equal(got, data[1000:6000]) || file.reads != 0 {
			t.Errorf("%v, %d reads", err, file.reads)
		}
	})
	t.Run("NeighboursShareARead", func(t *testing.T) {
		src, file := open(0)
		for offset := int64(500); offset < 10_000; offset += 100 {
			got, err := src.Bytes(offset, 100)
			if err != nil || !bytes.Equal(got, data[offset:offset+100]) {
				t.Fatalf("at %d: %v", offset, err)
			}
		}
		if file.reads != 1 {
			t.Errorf("%d reads", file.reads)
		}
	})
	t.Run("AcrossTheHeadAndAtTheVeryEnd", func(t *testing.T) {
		src, _ := open(64 << 10)
		for _, span := range [][2]int64{{64<<10 - 1, 2}, {0, 100_000}, {99_999, 1}, {100_000, 0}} {
			got, err := src.Bytes(span[0], int(span[1]))
			if err != nil || !bytes.Equal(got, data[span[0]:span[0]+span[1]]) {
				t.Errorf("%v: %v", span, err)
			}
		}
	})
	t.Run("AvailableStopsAtTheEnd", func(t *testing.T) {
		src, _ := open(0)
		if got, err := src.Available(99_990, 100); err != nil || !bytes.Equal(got, data[99_990:]) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if got, err := src.Available(100_001, 100); err != nil || len(got) != 0 {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
}

// zeros is a file without end.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}

func TestReadingAgainAllocatesNothing(t *testing.T) {
	data := numbered(1 << 20)
	file := library.Content{Data: bytes.NewReader(data), Size: int64(len(data)), Head: data[:64<<10]}
	src := source.New(t.Context(), file)
	got := testing.AllocsPerRun(100, func() {
		src.Reset(t.Context(), file)
		for _, offset := range []int64{0, 70_000, 500_000, 1 << 19} {
			if _, err := src.Bytes(offset, 1000); err != nil {
				t.Error(err)
			}
		}
	})
	if got > 0 {
		t.Errorf("%v allocations", got)
	}
}
