package media

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"vpo/internal/library"
)

// Limits on what is kept of a file's own texts; the first two are the Python program's.
const (
	maxTagKey   = 255  // characters; a longer one drops the tag
	maxTagValue = 4096 // characters; a longer one drops the tag
	maxText     = 4096 // characters of a title or a file name; a longer one is cut
)

var errNoAnswer = errors.New("ffprobe found no container in the file")

// report is ffprobe's answer: -show_format -show_streams -show_chapters -of json.
type report struct {
	Format struct {
		Name     string            `json:"format_name"`
		Duration string            `json:"duration"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
	Streams  []stream  `json:"streams"`
	Chapters []chapter `json:"chapters"`
}

type chapter struct {
	Start string            `json:"start_time"`
	End   string            `json:"end_time"`
	Tags  map[string]string `json:"tags"`
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
		Chapters:        mapChapters(r.Chapters),
		Reader:          library.ReaderFFprobe,
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

func mapChapters(chapters []chapter) []library.Chapter {
	var mapped []library.Chapter
	for _, c := range chapters {
		mapped = append(mapped, library.Chapter{
			StartSeconds: seconds(c.Start), EndSeconds: seconds(c.End), Title: cut(c.Tags["title"]),
		})
	}
	return mapped
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

// cut returns as much of a text of the file as is kept.
func cut(text string) string {
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText])
	}
	return text
}
