package media_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"vpo/internal/library"
)

// field is one thing that is told of a track. Its text is what is compared; "" is unknown.
type field struct {
	name string
	of   func(t *library.Track) string
}

// trackFields are all fields of library.Track; TestEveryFieldOfATrackIsCompared holds them against the type.
var trackFields = []field{
	{"Index", func(t *library.Track) string { return strconv.Itoa(t.Index) }},
	{"Type", func(t *library.Track) string { return string(t.Type) }},
	{"Codec", func(t *library.Track) string { return t.Codec }},
	{"Profile", func(t *library.Track) string { return t.Profile }},
	{"Language", func(t *library.Track) string { return t.Language }},
	{"LanguageTag", func(t *library.Track) string { return t.LanguageTag }},
	{"Title", func(t *library.Track) string { return t.Title }},
	{"DurationSeconds", func(t *library.Track) string { return duration(t.DurationSeconds) }},
	{"Default", func(t *library.Track) string { return yes(t.Default) }},
	{"Forced", func(t *library.Track) string { return yes(t.Forced) }},
	{"HearingImpaired", func(t *library.Track) string { return yes(t.HearingImpaired) }},
	{"Commentary", func(t *library.Track) string { return yes(t.Commentary) }},
	{"Width", func(t *library.Track) string { return positive(t.Width) }},
	{"Height", func(t *library.Track) string { return positive(t.Height) }},
	{"SampleAspect", func(t *library.Track) string { return t.SampleAspect }},
	{"FrameRate", func(t *library.Track) string { return t.FrameRate }},
	{"PixelFormat", func(t *library.Track) string { return t.PixelFormat }},
	{"ColorTransfer", func(t *library.Track) string { return t.ColorTransfer }},
	{"ColorPrimaries", func(t *library.Track) string { return t.ColorPrimaries }},
	{"ColorSpace", func(t *library.Track) string { return t.ColorSpace }},
	{"ColorRange", func(t *library.Track) string { return t.ColorRange }},
	{"Mastering", func(t *library.Track) string { return mastering(t.Mastering) }},
	{"ContentLight", func(t *library.Track) string { return record(t.ContentLight) }},
	{"DolbyVision", func(t *library.Track) string { return record(t.DolbyVision) }},
	{"Channels", func(t *library.Track) string { return positive(t.Channels) }},
	{"ChannelLayout", func(t *library.Track) string { return t.ChannelLayout }},
	{"SampleRate", func(t *library.Track) string { return positive(t.SampleRate) }},
	{"BitDepth", func(t *library.Track) string { return positive(t.BitDepth) }},
	{"FileName", func(t *library.Track) string { return t.FileName }},
	{"MimeType", func(t *library.Track) string { return t.MimeType }},
}

// fileField is one thing that is told of a file.
type fileField struct {
	name string
	of   func(m *library.Media) string
}

var fileFields = []fileField{
	{"ContainerFormat", func(m *library.Media) string { return m.ContainerFormat }},
	{"DurationSeconds", func(m *library.Media) string { return duration(m.DurationSeconds) }},
	{"Tags", func(m *library.Media) string { return tags(m.Tags) }},
	{"Chapters", func(m *library.Media) string { return chapters(m.Chapters) }},
	{"Tracks", func(m *library.Media) string { return strconv.Itoa(len(m.Tracks)) }},
}

// same tells whether two texts of a field say the same. Times may differ by what rounding to milliseconds makes of them.
func same(field, a, b string) bool {
	if a == b || field != "DurationSeconds" {
		return a == b
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && math.Abs(x-y) < 0.0011
}

func duration(seconds float64) string {
	if seconds == 0 {
		return ""
	}
	return strconv.FormatFloat(seconds, 'f', 6, 64)
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func record[T any](r *T) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("%+v", *r)
}

func mastering(m *library.Mastering) string {
	if m == nil {
		return ""
	}
	var text strings.Builder
	for _, c := range []library.Chromaticity{m.Red, m.Green, m.Blue, m.White} {
		fmt.Fprintf(&text, "%.4f,%.4f ", c.X, c.Y)
	}
	fmt.Fprintf(&text, "%.4f-%.4f", m.MinLuminance, m.MaxLuminance)
	return text.String()
}

func tags(all map[string]string) string {
	var text []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		text = append(text, key+"="+all[key])
	}
	return strings.Join(text, "; ")
}

func chapters(all []library.Chapter) string {
	var text []string
	for _, c := range all {
		text = append(text, fmt.Sprintf("%.3f-%.3f %s", c.StartSeconds, c.EndSeconds, c.Title))
	}
	return strings.Join(text, "; ")
}
