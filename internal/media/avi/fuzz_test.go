package avi_test

import (
	"math"
	"slices"
	"testing"

	"vpo/internal/library"
)

// FuzzRead checks what holds of every file, whatever is in it.
func FuzzRead(f *testing.F) {
	sound := list("strl", strh("auds", "\x00\x00\x00\x00", 1, 8000, 100, 2), wave(0xFFFE, 6, 16, slices.Concat(
		[]byte("\x10\x00"), numbers(0x3F), []byte("\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"))...))
	jpeg := []byte("\xff\xd8\xff\xc0\x00\x11\x08\x00\x5a\x00\xa0\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x00")
	f.Add(small())
	f.Add(riff(list("hdrl", rawPicture(8), sound, list("strl", strh("txts", "", 1, 1000, 5, 0))), list("movi", chunk("00db", make([]byte, 9)))))
	f.Add(riff(list("hdrl", list("strl", strh("vids", "MJPG", 1, 25, 8, 0), bitmap("MJPG", 24), chunk("strn", []byte("x")),
		chunk("vprp", numbers(0, 0, 0, 0, 0, 4|3<<16, 160, 90, 1, 0)))), list("movi", list("rec ", chunk("00dc", jpeg)))))
	f.Add(riff(list("hdrl", list("strl", strh("iavs", "dvsd", 1, 25, 2, 0))), list("movi", chunk("00__", []byte{0x1F}, make([]byte, 8000)))))
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
