package media

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"vpo/internal/library"
)

func TestParse(t *testing.T) {
	t.Run("NoJSONIsAnError", func(t *testing.T) {
		for _, output := range []string{"", "ffprobe version 5", "[]", `{"streams": 7}`, `{"format": {"format_name": "avi"`} {
			if media, err := parse([]byte(output)); err == nil {
				t.Errorf("parse(%q) = %+v", output, media)
			}
		}
	})
	t.Run("NoContainerAndNoStreamsIsAnError", func(t *testing.T) {
		if media, err := parse([]byte("{\n\n}\n")); err != errNoAnswer {
			t.Errorf("got %+v, %v", media, err)
		}
	})
	t.Run("AContainerWithoutTracksIsAWarning", func(t *testing.T) {
		media := mustParse(t, `{"format": {"format_name": "avi"}}`)
		if len(media.Tracks) != 0 || len(media.Warnings) != 1 {
			t.Errorf("got %+v", media)
		}
	})
	t.Run("AnIndexIsUsedOnce", func(t *testing.T) {
		media := mustParse(t, `{"streams": [{"index": 1, "codec_name": "a"}, {"index": 1, "codec_name": "b"}, {"index": -1},
			{"index": 99999999999}]}`)
		if len(media.Tracks) != 1 || media.Tracks[0].Codec != "a" || len(media.Warnings) != 3 {
			t.Errorf("got %+v", media)
		}
	})
	t.Run("EveryFieldArrives", func(t *testing.T) {
		media := mustParse(t, `{"streams": [
			{"index": 0, "codec_name": "hevc", "codec_type": "video", "width": 3840, "height": 2160, "r_frame_rate": "24000/1001",
			 "avg_frame_rate": "23/1", "color_range": "tv", "color_space": "bt2020nc", "color_transfer": "smpte2084",
			 "color_primaries": "bt2020", "channels": 3, "disposition": {"default": 1, "forced": 0}},
			{"index": 1, "codec_name": "eac3", "codec_type": "audio", "channels": 6, "width": 5, "duration": "12.500000",
			 "r_frame_rate": "0/0", "disposition": {"default": 0, "forced": 1}, "tags": {"language": "deu", "title": "Ton"}}],
			"format": {"format_name": "matroska,webm", "duration": "13.000000", "tags": {"TITLE": "A", "Encoder": "b"}}}`)
		want := library.Media{
			ContainerFormat: "matroska,webm", DurationSeconds: 13, Tags: map[string]string{"title": "A", "encoder": "b"},
			Tracks: []library.Track{
				{Index: 0, Type: library.TrackVideo, Codec: "hevc", Language: "und", Default: true, Width: 3840, Height: 2160,
					FrameRate: "24000/1001", ColorTransfer: "smpte2084", ColorPrimaries: "bt2020", ColorSpace: "bt2020nc",
					ColorRange: "tv", DurationSeconds: 13},
				{Index: 1, Type: library.TrackAudio, Codec: "eac3", Language: "ger", Title: "Ton", Forced: true, Channels: 6,
					ChannelLayout: "5.1", DurationSeconds: 12.5},
			},
		}
		if !reflect.DeepEqual(media, want) {
			t.Errorf("got  %+v\nwant %+v", media, want)
		}
	})
	t.Run("ImpossibleNumbersAreUnknown", func(t *testing.T) {
		media := mustParse(t, `{"streams": [
			{"index": 0, "codec_type": "video", "width": -1, "height": 99999999999, "duration": "-3"},
			{"index": 1, "codec_type": "audio", "channels": -2, "duration": "NaN"}], "format": {"duration": "1e300"}}`)
		for _, track := range media.Tracks {
			if track.Width|track.Height|track.Channels != 0 || track.DurationSeconds != 0 || track.ChannelLayout != "" {
				t.Errorf("got %+v", track)
			}
		}
	})
	t.Run("OverlongTextsAreDroppedOrCut", func(t *testing.T) {
		long := strings.Repeat("ä", 5000)
		media := mustParse(t, `{"format": {"format_name": "avi", "tags": {"`+long+`": "a", "b": "`+long+`", "c": "d"}},
			"streams": [{"tags": {"title": "`+long+`"}}]}`)
		if !reflect.DeepEqual(media.Tags, map[string]string{"c": "d"}) {
			t.Errorf("%d tags are left", len(media.Tags))
		}
		if got := utf8.RuneCountInString(media.Tracks[0].Title); got != maxTitle {
			t.Errorf("the title has %d characters", got)
		}
	})
	t.Run("BytesThatAreNotUTF8AreReplaced", func(t *testing.T) {
		media := mustParse(t, "{\"format\": {\"format_name\": \"avi\", \"tags\": {\"title\": \"caf\xe9\"}}}")
		if got := media.Tags["title"]; got != "caf\uFFFD" {
			t.Errorf("got %q", got)
		}
	})
}

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

func TestChannelLayout(t *testing.T) {
	for channels, want := range []string{"", "mono", "stereo", "3ch", "quad", "5.0", "5.1", "7ch", "7.1", "9ch"} {
		if got := channelLayout(channels); got != want {
			t.Errorf("channelLayout(%d) = %q, want %q", channels, got, want)
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

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"streams": [{"index": 0, "codec_type": "audio", "channels": 6, "duration": "1e400", "tags": {"language": "de"}}],
		"format": {"format_name": "avi", "duration": "-0", "tags": {"A": "b", "a": "c"}}}`))
	f.Add([]byte(`{"streams": [{"index": 1, "codec_type": "video", "width": -5, "disposition": {"default": 2}}]}`))
	f.Fuzz(func(t *testing.T, output []byte) {
		media, err := parse(output)
		if err != nil {
			return
		}
		seen := map[int]bool{}
		for _, track := range media.Tracks {
			if seen[track.Index] || track.Index < 0 {
				t.Errorf("index %d", track.Index)
			}
			seen[track.Index] = true
			if track.Width < 0 || track.Height < 0 || track.Channels < 0 || track.Language == "" {
				t.Errorf("track %+v", track)
			}
			if d := track.DurationSeconds; !(d >= 0 && d <= math.MaxInt32) {
				t.Errorf("duration %v", d)
			}
			if !utf8.ValidString(track.Title) || !utf8.ValidString(track.Codec) {
				t.Errorf("not UTF-8: %+v", track)
			}
		}
		for key := range media.Tags {
			if key != strings.ToLower(key) {
				t.Errorf("tag %q", key)
			}
		}
	})
}

func mustParse(t *testing.T, output string) library.Media {
	t.Helper()
	media, err := parse([]byte(output))
	if err != nil {
		t.Fatal(err)
	}
	return media
}
