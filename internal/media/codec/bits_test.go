package codec

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"vpo/internal/library"
)

func TestBitReader(t *testing.T) {
	t.Run("BeyondTheEndItReadsZerosAndRemembers", func(t *testing.T) {
		b := recordBits([]byte{0xff})
		if got := b.read(12); got != 0xff0 {
			t.Errorf("got %#x", got)
		}
		if err := b.err("header"); !errors.Is(err, library.ErrMalformed) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("AStreamThatEndsIsIncomplete", func(t *testing.T) {
		b := streamBits(nil)
		if b.skip(1000); !errors.Is(b.err("header"), library.ErrIncomplete) {
			t.Errorf("got %v", b.err("header"))
		}
	})
	t.Run("AGolombCodeWithoutEndMakesNoSense", func(t *testing.T) {
		b := streamBits(make([]byte, 100))
		if got := b.golomb(); got != 0 || !errors.Is(b.err("header"), library.ErrMalformed) {
			t.Errorf("got %d, %v", got, b.err("header"))
		}
	})
	t.Run("GolombCodes", func(t *testing.T) {
		b := streamBits([]byte{0b1_010_011_0, 0b0100_0010, 0b1_0000000}) // 0, 1, 2, 3, 4
		for want := range 5 {
			if got := b.golomb(); got != want {
				t.Errorf("got %d, want %d", got, want)
			}
		}
	})
	t.Run("PreventionBytesAreLeftOut", func(t *testing.T) {
		b := unitBits([]byte{0, 0, 3, 1, 0, 0, 3, 0, 0, 3, 2}, 0, library.ErrIncomplete)
		for _, want := range []uint32{0, 0, 1, 0, 0, 0, 0, 2} {
			if got := b.read(8); got != want {
				t.Errorf("got %d, want %d", got, want)
			}
		}
		if !b.ok() {
			t.Error("it ended early")
		}
	})
}

// Skipping has to end where reading ends, wherever the prevention bytes are.
func TestSkipGoesWhereReadGoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		data := make([]byte, 60)
		for i := range data {
			data[i] = byte(random.IntN(5) % 4)
		}
		data = bytes.ReplaceAll(data, []byte{2}, []byte{3})
		before, n := random.IntN(20), random.IntN(400)
		skipped, read := unitBits(data, 0, nil), unitBits(data, 0, nil)
		skipped.skip(before)
		read.skip(before)
		skipped.skip(n)
		for range n {
			read.read(1)
		}
		if got, want := skipped.read(32), read.read(32); got != want || skipped.short != read.short {
			t.Fatalf("%x behind %d+%d bits: got %08x (%t), want %08x (%t)", data, before, n, got, skipped.short, want, read.short)
		}
	}
}

func TestRatio(t *testing.T) {
	for r, want := range map[ratio]string{
		{0, 1}: "", {1, 0}: "", {48000, 2002}: "24000/1001", {50, 2}: "25/1", {1 << 63, 1 << 63}: "1/1", {12, 11}: "12/11",
		{120000, 1001}: "120000/1001", {100, 4}: "25/1", {1<<64 - 1, 1<<64 - 2}: "18446744073709551615/18446744073709551614",
	} {
		if got := r.text('/'); got != want {
			t.Errorf("%v is %q, want %q", r, got, want)
		}
	}
}
