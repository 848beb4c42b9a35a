package media

import (
	"math"
	"os"
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
		output, err := os.ReadFile("testdata/ffprobe.json")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := mustParse(t, string(output)), everyField(); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
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
		if got := utf8.RuneCountInString(media.Tracks[0].Title); got != maxText {
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

// everyField is what testdata/ffprobe.json says.
func everyField() library.Media {
	return library.Media{
		ContainerFormat: "matroska,webm", DurationSeconds: 13, Tags: map[string]string{"title": "A", "encoder": "b"},
		Reader:   library.ReaderFFprobe,
		Chapters: []library.Chapter{{EndSeconds: 6.5, Title: "Ebb"}, {StartSeconds: 6.5, EndSeconds: 13}},
		Tracks: []library.Track{
			{Index: 0, Type: library.TrackVideo, Codec: "hevc", Profile: "Main 10", Language: "und", Default: true, Width: 3840,
				Height: 2160, SampleAspect: "1:1", FrameRate: "24000/1001", PixelFormat: "yuv420p10le", BitDepth: 10,
				ColorTransfer: "smpte2084", ColorPrimaries: "bt2020", ColorSpace: "bt2020nc", ColorRange: "tv", DurationSeconds: 13,
				Mastering: &library.Mastering{
					Red: library.Chromaticity{X: 0.68, Y: 0.32}, Green: library.Chromaticity{X: 0.265, Y: 0.69},
					Blue: library.Chromaticity{X: 0.15, Y: 0.06}, White: library.Chromaticity{X: 0.3127, Y: 0.329},
					MaxLuminance: 1000, MinLuminance: 0.005,
				},
				ContentLight: &library.ContentLight{Max: 1000, Average: 400},
				DolbyVision:  &library.DolbyVision{Profile: 8, Level: 6, Compatibility: 1, BaseLayer: true, Metadata: true}},
			{Index: 1, Type: library.TrackAudio, Codec: "dts", Profile: "DTS-HD MA", Language: "ger", LanguageTag: "de", Title: "Ton",
				Forced: true, HearingImpaired: true, Commentary: true, Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000,
				BitDepth: 24, DurationSeconds: 12.5},
			{Index: 2, Type: library.TrackAudio, Codec: "pcm_s16le", Language: "por", LanguageTag: "pt-BR", Channels: 3,
				ChannelLayout: "2.1", SampleRate: 44100, BitDepth: 16, DurationSeconds: 13},
			{Index: 3, Type: library.TrackAttachment, Codec: "ttf", Language: "und", FileName: "Sea.ttf",
				MimeType: "application/x-truetype-font", DurationSeconds: 13},
		},
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
