package library

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
)

// durationTolerance is how far two readings of a time may be apart, in seconds: containers keep milliseconds at best, and
// readers round differently.
const durationTolerance = 0.0015

// Difference is a field in which two readings of one file differ. Its name is the one it has as JSON in `vpo inspect`:
// "duration_seconds", "tags.title", "tracks[1].language", "chapters[0].title".
type Difference struct {
	Field string
	A, B  any // string, float64, int or bool; nil where that reading does not know the field
}

// Differences compares two readings of one file, field by field, in the order of the fields. Tracks are matched by their
// index; what only one reading has is one difference. Who read the file, why, and with what warnings is not compared.
func Differences(a, b Media) []Difference {
	found := compare("", mediaFields(a), mediaFields(b))
	for _, key := range unionOfKeys(a.Tags, b.Tags) {
		found = append(found, compare("tags.", []field{{key, text(a.Tags[key])}}, []field{{key, text(b.Tags[key])}})...)
	}
	found = append(found, compareTracks(a.Tracks, b.Tracks)...)
	return append(found, compareChapters(a.Chapters, b.Chapters)...)
}

// field is one comparable thing. Lists of fields of the same kind of thing have the same names in the same order.
type field struct {
	name  string
	value any // nil where unknown
}

func compare(prefix string, a, b []field) []Difference {
	var found []Difference
	for i := range a {
		if !same(a[i].value, b[i].value) {
			found = append(found, Difference{prefix + a[i].name, a[i].value, b[i].value})
		}
	}
	return found
}

func same(a, b any) bool {
	x, isTime := a.(float64)
	y, isTimeToo := b.(float64)
	if isTime && isTimeToo {
		return math.Abs(x-y) <= durationTolerance
	}
	return a == b
}

func compareTracks(a, b []Track) []Difference {
	left, right := byIndex(a), byIndex(b)
	var found []Difference
	for _, index := range unionOfKeys(left, right) {
		name := fmt.Sprintf("tracks[%d]", index)
		x, inA := left[index]
		y, inB := right[index]
		switch {
		case !inB:
			found = append(found, Difference{name, brief(x), nil})
		case !inA:
			found = append(found, Difference{name, nil, brief(y)})
		default:
			found = append(found, compare(name+".", trackFields(x), trackFields(y))...)
		}
	}
	return found
}

func compareChapters(a, b []Chapter) []Difference {
	var found []Difference
	for i := range max(len(a), len(b)) {
		name := fmt.Sprintf("chapters[%d]", i)
		switch {
		case i >= len(b):
			found = append(found, Difference{name, a[i].brief(), nil})
		case i >= len(a):
			found = append(found, Difference{name, nil, b[i].brief()})
		default:
			found = append(found, compare(name+".", chapterFields(a[i]), chapterFields(b[i]))...)
		}
	}
	return found
}

func mediaFields(m Media) []field {
	return []field{{"container", text(m.ContainerFormat)}, {"duration_seconds", number(m.DurationSeconds)}}
}

func chapterFields(c Chapter) []field {
	return []field{
		{"start_seconds", c.StartSeconds}, // 0 is a time here
		{"end_seconds", number(c.EndSeconds)},
		{"title", text(c.Title)},
	}
}

func trackFields(t Track) []field {
	return []field{
		{"track_type", text(string(t.Type))},
		{"codec", text(t.Codec)},
		{"profile", text(t.Profile)},
		{"language", text(t.Language)},
		{"language_tag", text(t.LanguageTag)},
		{"title", text(t.Title)},
		{"duration_seconds", number(t.DurationSeconds)},
		{"is_default", t.Default},
		{"is_forced", t.Forced},
		{"is_hearing_impaired", t.HearingImpaired},
		{"is_commentary", t.Commentary},
		{"width", number(t.Width)},
		{"height", number(t.Height)},
		{"sample_aspect", text(t.SampleAspect)},
		{"frame_rate", text(t.FrameRate)},
		{"pixel_format", text(t.PixelFormat)},
		{"color_transfer", text(t.ColorTransfer)},
		{"color_primaries", text(t.ColorPrimaries)},
		{"color_space", text(t.ColorSpace)},
		{"color_range", text(t.ColorRange)},
		{"mastering", described(t.Mastering)},
		{"content_light", described(t.ContentLight)},
		{"dolby_vision", described(t.DolbyVision)},
		{"channels", number(t.Channels)},
		{"channel_layout", text(t.ChannelLayout)},
		{"sample_rate", number(t.SampleRate)},
		{"bit_depth", number(t.BitDepth)},
		{"file_name", text(t.FileName)},
		{"mime_type", text(t.MimeType)},
	}
}

// brief stands for a whole track.
func brief(t Track) string { return fmt.Sprintf("%s %s", t.Type, cmp.Or(t.Codec, "unknown")) }

func (c Chapter) brief() string { return fmt.Sprintf("%.3f s %q", c.StartSeconds, c.Title) }

// String tells the volume as its standard writes it, rounded to the precision that headers keep.
func (m Mastering) String() string {
	return fmt.Sprintf("G(%v) B(%v) R(%v) WP(%v) L(%.4g to %.4g cd/m²)", m.Green, m.Blue, m.Red, m.White, m.MinLuminance, m.MaxLuminance)
}

func (c Chromaticity) String() string { return fmt.Sprintf("%.4f,%.4f", c.X, c.Y) }

func (c ContentLight) String() string { return fmt.Sprintf("MaxCLL %d, MaxFALL %d", c.Max, c.Average) }

func (d DolbyVision) String() string {
	return fmt.Sprintf("profile %d, level %d, compatibility %d, base layer %t, enhancement layer %t, metadata %t",
		d.Profile, d.Level, d.Compatibility, d.BaseLayer, d.Enhancement, d.Metadata)
}

// text, number and described are nil for a zero value, which is unknown.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number[T int | float64](n T) any {
	if n == 0 {
		return nil
	}
	return n
}

func described[T fmt.Stringer](p *T) any {
	if p == nil {
		return nil
	}
	return (*p).String()
}

func byIndex(tracks []Track) map[int]Track {
	indexed := make(map[int]Track, len(tracks))
	for _, t := range tracks {
		indexed[t.Index] = t
	}
	return indexed
}

func unionOfKeys[K cmp.Ordered, V any](a, b map[K]V) []K {
	keys := make(map[K]bool, len(a)+len(b))
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	return slices.Sorted(maps.Keys(keys))
}
