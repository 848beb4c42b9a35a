package mediatest

import (
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/language"
)

// Encode makes a file with ffmpeg, of which arguments are the command line without the name of the file, and returns its
// path. Inputs 0 and 1 are there already: a test picture of 160x90 at 24000/1001 frames a second, and a quiet tone of 48 kHz,
// a second of each. Where there is no ffmpeg it skips the test, and fails it in continuous integration.
func Encode(t testing.TB, name string, arguments ...string) string {
	t.Helper()
	ffmpeg := NeedFFmpeg(t)
	path := filepath.Join(t.TempDir(), name)
	command := append([]string{"-nostdin", "-hide_banner", "-loglevel", "error", "-y",
		"-f", "lavfi", "-i", "testsrc=size=160x90:rate=24000/1001:duration=1",
		"-f", "lavfi", "-i", "sine=frequency=220:sample_rate=48000:duration=1"}, arguments...)
	command = append(command, path)
	KeepFile(t, name+" "+strings.Join(arguments, " "), path, func() {
		if output, err := exec.CommandContext(t.Context(), ffmpeg, command...).CombinedOutput(); err != nil {
			t.Fatalf("ffmpeg %s: %v\n%s", strings.Join(arguments, " "), err, output)
		}
	})
	return path
}

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
		RawBits     string            `json:"bits_per_raw_sample"`
		Tags        map[string]string `json:"tags"`
		Disposition map[string]int    `json:"disposition"`
	} `json:"streams"`
}

// Oracle asks ffprobe about a file, and returns its answer in the words of the domain.
func Oracle(t testing.TB, path string) library.Media {
	t.Helper()
	var a answer
	if err := json.Unmarshal(AskFFprobe(t, path, "-show_format", "-show_streams"), &a); err != nil {
		t.Fatal(err)
	}
	media := library.Media{ContainerFormat: a.Format.Name, DurationSeconds: number(a.Format.Duration)}
	for key, value := range a.Format.Tags {
		if media.Tags == nil {
			media.Tags = map[string]string{}
		}
		media.Tags[strings.ToLower(key)] = value
	}
	for _, s := range a.Streams {
		track := library.Track{
			Index: s.Index, Type: library.TrackType(s.Type), Codec: s.Codec, Profile: s.Profile,
			Language: language.Bibliographic(s.Tags["language"]), LanguageTag: language.Tag(s.Tags["language"]),
			Title: s.Tags["title"], DurationSeconds: number(s.Duration),
			Default: s.Disposition["default"] == 1, Forced: s.Disposition["forced"] == 1,
			HearingImpaired: s.Disposition["hearing_impaired"] == 1, Commentary: s.Disposition["comment"] == 1,
			Width: s.Width, Height: s.Height, SampleAspect: s.Aspect, PixelFormat: s.PixelFormat,
			ColorTransfer: s.Transfer, ColorPrimaries: s.Primaries, ColorSpace: s.Space, ColorRange: s.Range,
			Channels: s.Channels, ChannelLayout: s.Layout, SampleRate: int(number(s.SampleRate)), BitDepth: int(number(s.RawBits)),
		}
		if track.Type == library.TrackVideo {
			track.FrameRate = s.FrameRate
		}
		if track.DurationSeconds == 0 {
			track.DurationSeconds = media.DurationSeconds
		}
		if track.Type == "data" || track.Type == "" {
			track.Type = library.TrackOther
		}
		media.Tracks = append(media.Tracks, track)
	}
	return media
}

func number(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return value
}

// Differences lists in what a reader and the oracle disagree: the container, tags, durations to a microsecond, and every
// field of every track but those that ignored names. Of BitDepth and what ffprobe does not print here (file names, HDR)
// only what the oracle knows is compared.
func Differences(got, want library.Media, ignored ...string) []string {
	var found []string
	differ := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	if got.ContainerFormat != want.ContainerFormat {
		differ("the container is %q, want %q", got.ContainerFormat, want.ContainerFormat)
	}
	if !reflect.DeepEqual(got.Tags, want.Tags) {
		differ("the tags are %q, want %q", got.Tags, want.Tags)
	}
	if math.Abs(got.DurationSeconds-want.DurationSeconds) > microsecond {
		differ("the duration is %f, want %f", got.DurationSeconds, want.DurationSeconds)
	}
	if len(got.Tracks) != len(want.Tracks) {
		differ("there are %d tracks, want %d", len(got.Tracks), len(want.Tracks))
		return found
	}
	for i := range got.Tracks {
		for _, difference := range trackDifferences(got.Tracks[i], want.Tracks[i], ignored) {
			differ("track %d: %s", i, difference)
		}
	}
	return found
}

// microsecond is the precision of ffprobe, a little more than one for rounding.
const microsecond = 1.1e-6

func trackDifferences(got, want library.Track, ignored []string) []string {
	var found []string
	skip := " " + strings.Join(ignored, " ") + " FileName MimeType Mastering ContentLight DolbyVision "
	if want.BitDepth == 0 {
		skip += "BitDepth "
	}
	if math.Abs(got.DurationSeconds-want.DurationSeconds) <= microsecond {
		skip += "DurationSeconds "
	}
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		name := g.Type().Field(i).Name
		if strings.Contains(skip, " "+name+" ") || g.Field(i).Interface() == w.Field(i).Interface() {
			continue
		}
		found = append(found, fmt.Sprintf("%s is %v, want %v", name, g.Field(i).Interface(), w.Field(i).Interface()))
	}
	return found
}
