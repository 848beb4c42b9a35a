package media

import (
	"testing"

	"vpo/internal/library"
)

func TestTrackType(t *testing.T) {
	for codecType, want := range map[string]library.TrackType{
		"video": "video", "audio": "audio", "subtitle": "subtitle", "attachment": "attachment",
		"data": "other", "": "other", "other": "other", "Video": "other",
	} {
		if got := trackType(codecType); got != want {
			t.Errorf("trackType(%q) = %q, want %q", codecType, got, want)
		}
	}
}

func TestFrameRate(t *testing.T) {
	for _, row := range []struct{ base, average, want string }{
		{"", "", ""},
		{"0/0", "25/1", ""},
		{"", "0/0", ""},
		{"", "25/1", "25/1"},
		{"30000/1001", "25/1", "30000/1001"},
	} {
		if got := frameRate(row.base, row.average); got != row.want {
			t.Errorf("frameRate(%q, %q) = %q, want %q", row.base, row.average, got, row.want)
		}
	}
}
