package mpegts_test

import (
	"math"
	"slices"
	"testing"

	"vpo/internal/library"
)

// FuzzRead checks what holds of every file, whatever is in it.
func FuzzRead(f *testing.F) {
	descriptors := slices.Concat(descriptor(0x0A, "eng\x02"), descriptor(0x59, "ger\x20\x00\x01\x00\x01"), descriptor(0x05, "Opus"),
		descriptor(0x7F, "\x80\x02"), descriptor(0xB0, "\x01\x00\x10\x35\x10"), descriptor(0xFD, "\x00\x08"))
	sps := []byte("\x00\x00\x00\x01\x67\x42\xc0\x0a\xda\x0a\x39\x61\x00\x00\x03\x00\x01\x00\x00\x03\x00\x32\x0f\x12\x2a\x00\x00\x00\x01\x65")
	f.Add(small())
	f.Add(framed(small(), 4, 0))
	f.Add(slices.Concat(association(2), programMap(0, descriptor(5, "HDMV"), elementary(0x83, 0x100), elementary(0x80, 0x101)),
		programMap(1, nil, elementary(0x1B, 0x102), elementary(6, 0x103, descriptors)), unit(0x100, 0xFD, 9, []byte("\x0b\x77")),
		unit(0x101, 0xBD, 9, []byte("\x03\xc0\x31\x40")), unit(0x102, 0xE0, 9, sps), unit(0x102, 0xE0, 3612, sps)))
	f.Add(slices.Concat(association(1), programMap(0, nil, elementary(0x11, 0x100), elementary(0x24, 0x101)), unit(0x100, 0xC0, 9, []byte("\x56\xe0\x10\x20\x00\x11\x90"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		media, err := read(t, data)
		if !documented(err) {
			t.Fatalf("an error that is not announced: %v", err)
		}
		if err == nil {
			checkSense(t, media)
		}
	})
}

// checkSense checks what is true of every container.
func checkSense(t *testing.T, media library.Media) {
	t.Helper()
	if len(media.Tracks) == 0 || !sensible(media.DurationSeconds) {
		t.Errorf("%d tracks, %f seconds", len(media.Tracks), media.DurationSeconds)
	}
	for i, track := range media.Tracks {
		if track.Index != i || track.Language == "" || !sensible(track.DurationSeconds) ||
			min(track.Width, track.Height, track.Channels, track.SampleRate, track.BitDepth) < 0 {
			t.Errorf("track %d: %+v", i, track)
		}
	}
}

func sensible(seconds float64) bool { return seconds >= 0 && seconds <= math.MaxInt32 }
