package media

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/language"
)

// Limits on what is kept of a file's own texts; the first two are the Python program's.
const (
	maxTagKey   = 255  // characters; a longer one drops the tag
	maxTagValue = 4096 // characters; a longer one drops the tag
	maxTitle    = 4096 // characters; a longer one is cut
)

var errNoAnswer = errors.New("ffprobe found no container in the file")

// report is ffprobe's answer: -show_format -show_streams -of json.
type report struct {
	Format struct {
		Name     string            `json:"format_name"`
		Duration string            `json:"duration"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
	Streams []stream `json:"streams"`
}

type stream struct {
	Index        int64             `json:"index"`
	CodecType    string            `json:"codec_type"`
	CodecName    string            `json:"codec_name"`
	Duration     string            `json:"duration"`
	Channels     int64             `json:"channels"`
	Width        int64             `json:"width"`
	Height       int64             `json:"height"`
	RFrameRate   string            `json:"r_frame_rate"`
	AvgFrameRate string            `json:"avg_frame_rate"`
	Transfer     string            `json:"color_transfer"`
	Primaries    string            `json:"color_primaries"`
	Space        string            `json:"color_space"`
	Range        string            `json:"color_range"`
	Tags         map[string]string `json:"tags"`
	Disposition  map[string]int64  `json:"disposition"`
}

// parse understands ffprobe's JSON.
func parse(output []byte) (library.Media, error) {
	var r report
	if err := json.Unmarshal(output, &r); err != nil {
		return library.Media{}, fmt.Errorf("understand the answer of ffprobe: %w", err)
	}
	if r.Format.Name == "" && len(r.Streams) == 0 {
		return library.Media{}, errNoAnswer
	}
	media := library.Media{
		ContainerFormat: r.Format.Name,
		DurationSeconds: seconds(r.Format.Duration),
		Tags:            containerTags(r.Format.Tags),
	}
	media.Tracks, media.Warnings = mapStreams(r.Streams, media.DurationSeconds)
	return media, nil
}

// mapStreams maps the streams to tracks. An index can be used once, since it is the key of a track.
func mapStreams(streams []stream, duration float64) (tracks []library.Track, warnings []string) {
	seen := make(map[int64]bool, len(streams))
	for _, s := range streams {
		switch {
		case s.Index < 0 || s.Index > math.MaxInt32:
			warnings = append(warnings, fmt.Sprintf("stream index %d is out of range, left out", s.Index))
		case seen[s.Index]:
			warnings = append(warnings, fmt.Sprintf("stream index %d appears twice, the second is left out", s.Index))
		default:
			seen[s.Index] = true
			tracks = append(tracks, s.track(duration))
		}
	}
	if len(tracks) == 0 {
		warnings = append(warnings, "the container holds no tracks")
	}
	return tracks, warnings
}

// track maps one stream. A stream that gives no duration lasts as long as its container.
func (s stream) track(containerDuration float64) library.Track {
	t := library.Track{
		Index:           int(s.Index),
		Type:            trackType(s.CodecType),
		Codec:           s.CodecName,
		Language:        language.Bibliographic(s.Tags["language"]),
		Title:           cut(s.Tags["title"], maxTitle),
		Default:         s.Disposition["default"] == 1,
		Forced:          s.Disposition["forced"] == 1,
		DurationSeconds: seconds(s.Duration),
	}
	if t.DurationSeconds == 0 {
		t.DurationSeconds = containerDuration
	}
	switch t.Type {
	case library.TrackAudio:
		t.Channels = count(s.Channels)
		t.ChannelLayout = channelLayout(t.Channels)
	case library.TrackVideo:
		t.Width, t.Height = count(s.Width), count(s.Height)
		t.FrameRate = frameRate(s.RFrameRate, s.AvgFrameRate)
		t.ColorTransfer, t.ColorPrimaries = s.Transfer, s.Primaries
		t.ColorSpace, t.ColorRange = s.Space, s.Range
	}
	return t
}

// trackType maps ffprobe's codec_type. Cover pictures are video to ffprobe, and stay so; what has no name of its own
// here (data, time codes) is other.
func trackType(codecType string) library.TrackType {
	switch t := library.TrackType(codecType); t {
	case library.TrackVideo, library.TrackAudio, library.TrackSubtitle, library.TrackAttachment:
		return t
	default:
		return library.TrackOther
	}
}

// channelLayout names a layout by the number of its channels, as the Python program does.
func channelLayout(channels int) string {
	switch channels {
	case 0:
		return ""
	case 1:
		return "mono"
	case 2:
		return "stereo"
	case 4:
		return "quad"
	case 5:
		return "5.0"
	case 6:
		return "5.1"
	case 8:
		return "7.1"
	default:
		return strconv.Itoa(channels) + "ch"
	}
}

// frameRate prefers the rate that all time stamps fit into over the average one. "0/0" is ffprobe's unknown.
func frameRate(base, average string) string {
	rate := base
	if rate == "" {
		rate = average
	}
	if rate == "0/0" {
		return ""
	}
	return rate
}

// containerTags returns the tags with their keys in lower case, and nil where there are none.
func containerTags(tags map[string]string) map[string]string {
	var kept map[string]string
	for key, value := range tags {
		if len([]rune(key)) > maxTagKey || len([]rune(value)) > maxTagValue {
			continue
		}
		if kept == nil {
			kept = make(map[string]string, len(tags))
		}
		kept[strings.ToLower(key)] = value
	}
	return kept
}

// seconds reads a duration. What cannot be one (nothing, "N/A", negative, endless) is 0, unknown.
func seconds(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !(value > 0 && value <= math.MaxInt32) {
		return 0
	}
	return value
}

// count returns a number of things, and 0 where it cannot be one.
func count(n int64) int {
	if n < 0 || n > math.MaxInt32 {
		return 0
	}
	return int(n)
}

// cut returns the first limit characters of text.
func cut(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit])
	}
	return text
}
