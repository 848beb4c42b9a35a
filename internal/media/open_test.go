package media

import (
	"slices"
	"testing"

	"vpo/internal/library"
)

func TestLeftOpen(t *testing.T) {
	var (
		picture = library.Track{Type: library.TrackVideo, Codec: "hevc", Width: 160, Height: 90}
		sound   = library.Track{Index: 1, Type: library.TrackAudio, Codec: "aac", Channels: 2, SampleRate: 48000}
		text    = library.Track{Index: 2, Type: library.TrackSubtitle, Codec: "subrip"}
	)
	with := func(track library.Track, change func(*library.Track)) library.Track {
		change(&track)
		return track
	}
	for _, row := range []struct {
		name   string
		length float64
		tracks []library.Track
		want   string
	}{
		{"NoDuration", 0, []library.Track{picture}, "the duration"},
		{"ACodecOfSound", 1, []library.Track{picture, with(sound, func(t *library.Track) { t.Codec = "" })}, "the codec of track 1"},
		{"ACodecOfText", 1, []library.Track{with(text, func(t *library.Track) { t.Codec = "" })}, "the codec of track 2"},
		{"AHeight", 1, []library.Track{with(picture, func(t *library.Track) { t.Height = 0 })}, "the picture's size of track 0"},
		{"Channels", 1, []library.Track{with(sound, func(t *library.Track) { t.Channels = 0 })}, "the number of channels of track 1"},
		{"ASampleRate", 1, []library.Track{with(sound, func(t *library.Track) { t.SampleRate = 0 })}, "the sample rate of track 1"},
		{"TheSizeOfTheOnlyPicture", 1, []library.Track{{Type: library.TrackVideo, Codec: "mjpeg"}}, "the picture's size of track 0"},
		{"ManyThingsAreCounted", 0, slices.Repeat([]library.Track{{Type: library.TrackAudio}}, 9),
			"the duration, the codec of track 0, the codec of track 0, the codec of track 0, 6 more"},
		{"ACoverIsOfNoInterest", 1, []library.Track{picture, {Index: 1, Type: library.TrackVideo, Codec: "mjpeg"}}, ""},
		{"AnAttachmentNeedsNoCodec", 1, []library.Track{picture, {Type: library.TrackAttachment}, {Type: library.TrackOther}}, ""},
		{"AFilm", 1, []library.Track{picture, sound, text}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := leftOpen(library.Media{DurationSeconds: row.length, Tracks: row.tracks})
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
