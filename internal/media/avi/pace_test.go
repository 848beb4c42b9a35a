package avi_test

import (
	"strings"
	"testing"
)

func TestPace(t *testing.T) {
	const sound = "s"
	for _, row := range []struct{ name, frames, want string }{
		{"NoFrames", "", "50/1"},
		{"AFrameAUnit", "xxxxxx", "50/1"},
		{"TooFewToTell", "x-x-x", "50/1"},
		{"AFrameEveryOtherUnit", "x-x-x-x-x", "25/1"},
		{"TheFirstUnitsMayBeEmpty", "--x-x-x-x", "25/1"},
		{"SoundDoesNotCount", "xs-xs-xss-x-s", "25/1"},
		{"ThreeUnitsAFrame", "x--x--x--x", "50/3"},
		{"AFrameThatIsLeftOutChangesNothing", "xxxxx-xxx", "50/1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var frames [][]byte
			for kind := range strings.SplitSeq(row.frames, "") {
				name, size := "00db", 0
				switch kind {
				case sound:
					name, size = "01wb", 4
				case "x":
					size = 10
				}
				frames = append(frames, chunk(name, make([]byte, size)))
			}
			picture := list("strl", strh("vids", "\x00\x00\x00\x00", 1, 50, 8, 0), bitmap("\x00\x00\x00\x00", 24))
			data := riff(list("hdrl", picture, list("strl", strh("auds", "\x00\x00\x00\x00", 1, 8000, 8, 2), wave(1, 1, 16))),
				list("movi", frames...))
			if got := mustRead(t, data).Tracks[0].FrameRate; got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}
