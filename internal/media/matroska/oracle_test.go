package matroska_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/language"
	"vpo/internal/media/mediatest"
)

// answer is what ffprobe says about a file.
type answer struct {
	Format struct {
		Name     string            `json:"format_name"`
		Duration string            `json:"duration"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
	Streams []struct {
		Index       int               `json:"index"`
		Type        string            `json:"codec_type"`
		Codec       string            `json:"codec_name"`
		Profile     string            `json:"profile"`
		Duration    string            `json:"duration"`
		Width       int               `json:"width"`
		Height      int               `json:"height"`
		Aspect      string            `json:"sample_aspect_ratio"`
		FrameRate   string            `json:"r_frame_rate"`
		PixelFormat string            `json:"pix_fmt"`
		Transfer    string            `json:"color_transfer"`
		Primaries   string            `json:"color_primaries"`
		Space       string            `json:"color_space"`
		Range       string            `json:"color_range"`
		Channels    int               `json:"channels"`
		Layout      string            `json:"channel_layout"`
		SampleRate  string            `json:"sample_rate"`
		Tags        map[string]string `json:"tags"`
		Disposition map[string]int    `json:"disposition"`
	} `json:"streams"`
	Chapters []struct {
		Start string            `json:"start_time"`
		End   string            `json:"end_time"`
		Tags  map[string]string `json:"tags"`
	} `json:"chapters"`
}

// ask asks ffprobe about a file, in the words of the domain. What it does not tell for certain stays out.
func ask(t testing.TB, path string) library.Media {
	t.Helper()
	output := mediatest.AskFFprobe(t, path, "-show_format", "-show_streams", "-show_chapters")
	var a answer
	if err := json.Unmarshal(output, &a); err != nil {
		t.Fatal(err)
	}
	media := library.Media{ContainerFormat: a.Format.Name, DurationSeconds: decimal(a.Format.Duration)}
	for key, value := range a.Format.Tags {
		if media.Tags == nil {
			media.Tags = map[string]string{}
		}
		media.Tags[strings.ToLower(key)] = value
	}
	for _, c := range a.Chapters {
		media.Chapters = append(media.Chapters, library.Chapter{
			StartSeconds: decimal(c.Start), EndSeconds: decimal(c.End), Title: c.Tags["title"],
		})
	}
	for _, s := range a.Streams {
		track := library.Track{
			Index: s.Index, Type: library.TrackType(s.Type), Codec: s.Codec, Profile: s.Profile,
			Language: language.Bibliographic(s.Tags["language"]), Title: s.Tags["title"],
			DurationSeconds: decimal(s.Duration),
			Default:         s.Disposition["default"] == 1, Forced: s.Disposition["forced"] == 1,
			HearingImpaired: s.Disposition["hearing_impaired"] == 1, Commentary: s.Disposition["comment"] == 1,
			FileName: s.Tags["filename"], MimeType: s.Tags["mimetype"],
			PixelFormat: s.PixelFormat, ColorTransfer: s.Transfer, ColorPrimaries: s.Primaries, ColorSpace: s.Space,
			ColorRange: s.Range, Channels: s.Channels, ChannelLayout: s.Layout, SampleRate: int(decimal(s.SampleRate)),
		}
		if track.Type == library.TrackVideo {
			track.Width, track.Height, track.SampleAspect, track.FrameRate = s.Width, s.Height, s.Aspect, s.FrameRate
		}
		if track.DurationSeconds == 0 {
			track.DurationSeconds = media.DurationSeconds
		}
		media.Tracks = append(media.Tracks, track)
	}
	return media
}

func decimal(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return value
}

// differences lists in what a reading and ffprobe's answer disagree.
func differences(got, want library.Media) []string {
	var found []string
	differ := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	if got.ContainerFormat != want.ContainerFormat {
		differ("the container is %q, want %q", got.ContainerFormat, want.ContainerFormat)
	}
	if !reflect.DeepEqual(got.Tags, want.Tags) {
		differ("the tags are %q, want %q", got.Tags, want.Tags)
	}
	if !reflect.DeepEqual(got.Chapters, want.Chapters) {
		differ("the chapters are %v, want %v", got.Chapters, want.Chapters)
	}
	if got.DurationSeconds != want.DurationSeconds {
		differ("the duration is %f, want %f", got.DurationSeconds, want.DurationSeconds)
	}
	if len(got.Tracks) != len(want.Tracks) {
		differ("there are %d tracks, want %d", len(got.Tracks), len(want.Tracks))
		return found
	}
	for i := range got.Tracks {
		for _, difference := range trackDifferences(got.Tracks[i], want.Tracks[i]) {
			differ("track %d: %s", i, difference)
		}
	}
	return found
}

// untold are the fields that ffprobe's answer has no word for, or not always one.
const untold = " LanguageTag BitDepth Mastering ContentLight DolbyVision "

func trackDifferences(got, want library.Track) []string {
	var found []string
	if sameRate(got.FrameRate, want.FrameRate) {
		want.FrameRate = got.FrameRate
	}
	if want.ChannelLayout == "" { // what is usual for so many channels
		want.ChannelLayout = got.ChannelLayout
	}
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		name := g.Type().Field(i).Name
		if strings.Contains(untold, " "+name+" ") || g.Field(i).Interface() == w.Field(i).Interface() {
			continue
		}
		found = append(found, fmt.Sprintf("%s is %v, want %v", name, g.Field(i).Interface(), w.Field(i).Interface()))
	}
	return found
}

// sameRate tells whether two fractions mean the same: ffprobe writes 60000/1001 as 19001/317.
func sameRate(a, b string) bool {
	value := func(text string) float64 {
		num, den, _ := strings.Cut(text, "/")
		return decimal(num) / decimal(den)
	}
	return math.Abs(value(a)/value(b)-1) < 1e-5
}
