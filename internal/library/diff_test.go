package library

import (
	"reflect"
	"testing"
)

func TestDifferences(t *testing.T) {
	film := func(change func(*Media)) Media {
		m := Media{
			ContainerFormat: "matroska,webm", DurationSeconds: 61.5, Tags: map[string]string{"title": "Paper Boats"},
			Tracks: []Track{
				{Index: 0, Type: TrackVideo, Codec: "hevc", Width: 1920, Height: 1080, Mastering: &Mastering{MaxLuminance: 1000}},
				{Index: 1, Type: TrackAudio, Codec: "aac", Language: "eng", Channels: 2},
			},
			Chapters: []Chapter{{Title: "Launch"}},
		}
		change(&m)
		return m
	}
	for name, test := range map[string]struct {
		change func(*Media)
		want   []Difference
	}{
		"EqualReadingsHaveNone":         {func(*Media) {}, nil},
		"WhoReadAndHowIsNotCompared":    {func(m *Media) { m.Reader, m.Doubt, m.Warnings = ReaderFFprobe, "odd", []string{"x"} }, nil},
		"ARoundedTimeIsTheSame":         {func(m *Media) { m.DurationSeconds = 61.501 }, nil},
		"EqualMasteringElsewhereInRAM":  {func(m *Media) { m.Tracks[0].Mastering = &Mastering{MaxLuminance: 1000} }, nil},
		"AnotherTimeDiffers":            {func(m *Media) { m.DurationSeconds = 61.6 }, []Difference{{"duration_seconds", 61.5, 61.6}}},
		"UnknownIsNil":                  {func(m *Media) { m.DurationSeconds = 0 }, []Difference{{"duration_seconds", 61.5, nil}}},
		"AFieldOfATrackIsNamedByIndex":  {func(m *Media) { m.Tracks[1].Language = "ger" }, []Difference{{"tracks[1].language", "eng", "ger"}}},
		"AFlagDiffers":                  {func(m *Media) { m.Tracks[1].Default = true }, []Difference{{"tracks[1].is_default", false, true}}},
		"ATrackThatOneDoesNotHaveIsOne": {func(m *Media) { m.Tracks = m.Tracks[:1] }, []Difference{{"tracks[1]", "audio aac", nil}}},
		"ATrackThatOneHasMoreIsOne": {
			func(m *Media) { m.Tracks = append(m.Tracks, Track{Index: 7, Type: TrackOther}) },
			[]Difference{{"tracks[7]", nil, "other unknown"}},
		},
		"TracksAreMatchedByIndexNotByPlace": {func(m *Media) { m.Tracks[0], m.Tracks[1] = m.Tracks[1], m.Tracks[0] }, nil},
		"ATagDiffers": {
			func(m *Media) { m.Tags = map[string]string{"encoder": "x"} },
			[]Difference{{"tags.encoder", nil, "x"}, {"tags.title", "Paper Boats", nil}},
		},
		"AChapterDiffers":            {func(m *Media) { m.Chapters[0].Title = "Harbour" }, []Difference{{"chapters[0].title", "Launch", "Harbour"}}},
		"AChapterThatOneDoesNotHave": {func(m *Media) { m.Chapters = nil }, []Difference{{"chapters[0]", `0.000 s "Launch"`, nil}}},
		"DolbyVisionIsToldInWords": {
			func(m *Media) {
				m.Tracks[0].DolbyVision = &DolbyVision{Profile: 8, Compatibility: 1, BaseLayer: true, Metadata: true}
			},
			[]Difference{{"tracks[0].dolby_vision", nil, "profile 8, level 0, compatibility 1, base layer true, enhancement layer false, metadata true"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := Differences(film(func(*Media) {}), film(test.change))
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// A field that is added to Track and forgotten in the comparison would be a difference that nobody sees.
func TestEveryFieldOfATrackIsCompared(t *testing.T) {
	kind := reflect.TypeFor[Track]()
	for i := range kind.NumField() {
		if name := kind.Field(i).Name; name != "Index" {
			changed := Track{}
			reflect.ValueOf(&changed).Elem().Field(i).Set(nonZero(kind.Field(i).Type))
			if found := compare("", trackFields(Track{}), trackFields(changed)); len(found) != 1 {
				t.Errorf("a change of %s makes %d differences", name, len(found))
			}
		}
	}
}

func nonZero(kind reflect.Type) reflect.Value {
	value := reflect.New(kind).Elem()
	switch kind.Kind() {
	case reflect.String:
		value.SetString("x")
	case reflect.Int:
		value.SetInt(1)
	case reflect.Float64:
		value.SetFloat(1)
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Pointer:
		value.Set(reflect.New(kind.Elem()))
	}
	return value
}
