package main

import (
	"vpo/internal/app"
	"vpo/internal/library"
)

// inspectionDocument is what `vpo inspect --json` prints.
type inspectionDocument struct {
	File            string            `json:"file"` // bytes that are no UTF-8 as \xff
	SizeBytes       int64             `json:"size_bytes"`
	Container       string            `json:"container"`
	DurationSeconds *float64          `json:"duration_seconds"` // null where unknown
	Reader          library.Reader    `json:"reader"`
	Doubt           string            `json:"doubt,omitempty"` // why ffprobe was needed
	Tags            map[string]string `json:"tags"`
	Tracks          []trackDocument   `json:"tracks"`
	Chapters        []chapterDocument `json:"chapters"`
	Warnings        []string          `json:"warnings"`
}

// trackDocument has the names of the columns of the table tracks, and those of library.Differences. What is unknown is
// left out.
type trackDocument struct {
	Index           int               `json:"track_index"`
	Type            library.TrackType `json:"track_type"`
	Codec           string            `json:"codec"`
	Profile         string            `json:"profile,omitempty"`
	Language        string            `json:"language,omitempty"`
	LanguageTag     string            `json:"language_tag,omitempty"`
	Title           string            `json:"title,omitempty"`
	DurationSeconds float64           `json:"duration_seconds,omitempty"`
	Default         bool              `json:"is_default"`
	Forced          bool              `json:"is_forced"`
	HearingImpaired bool              `json:"is_hearing_impaired"`
	Commentary      bool              `json:"is_commentary"`

	Width          int                   `json:"width,omitempty"`
	Height         int                   `json:"height,omitempty"`
	SampleAspect   string                `json:"sample_aspect,omitempty"`
	FrameRate      string                `json:"frame_rate,omitempty"`
	PixelFormat    string                `json:"pixel_format,omitempty"`
	ColorTransfer  string                `json:"color_transfer,omitempty"`
	ColorPrimaries string                `json:"color_primaries,omitempty"`
	ColorSpace     string                `json:"color_space,omitempty"`
	ColorRange     string                `json:"color_range,omitempty"`
	Mastering      *library.Mastering    `json:"mastering,omitempty"`
	ContentLight   *library.ContentLight `json:"content_light,omitempty"`
	DolbyVision    *library.DolbyVision  `json:"dolby_vision,omitempty"`

	Channels      int    `json:"channels,omitempty"`
	ChannelLayout string `json:"channel_layout,omitempty"`
	SampleRate    int    `json:"sample_rate,omitempty"` // Hz
	BitDepth      int    `json:"bit_depth,omitempty"`

	FileName string `json:"file_name,omitempty"`
	MimeType string `json:"mime_type,omitempty"`
}

type chapterDocument struct {
	StartSeconds float64  `json:"start_seconds"`
	EndSeconds   *float64 `json:"end_seconds"` // null where unknown
	Title        string   `json:"title"`
}

// comparisonDocument is what `vpo inspect --compare-ffprobe --json` prints.
type comparisonDocument struct {
	File        string               `json:"file"`
	Same        bool                 `json:"same"`
	Differences []differenceDocument `json:"differences"`
}

type differenceDocument struct {
	Field string `json:"field"`
	Own   any    `json:"native"` // null where unknown
	Other any    `json:"ffprobe"`
}

func newInspectionDocument(i app.Inspection) inspectionDocument {
	m := i.Media
	document := inspectionDocument{
		File: library.ValidUTF8(i.Path), SizeBytes: i.SizeBytes, Container: m.ContainerFormat, DurationSeconds: known(m.DurationSeconds),
		Reader: m.Reader, Doubt: m.Doubt, Tags: m.Tags, Tracks: []trackDocument{}, Chapters: []chapterDocument{},
		Warnings: append([]string{}, m.Warnings...),
	}
	if document.Tags == nil {
		document.Tags = map[string]string{}
	}
	for _, t := range m.Tracks {
		document.Tracks = append(document.Tracks, newTrackDocument(t))
	}
	for _, chapter := range m.Chapters {
		document.Chapters = append(document.Chapters, chapterDocument{chapter.StartSeconds, known(chapter.EndSeconds), chapter.Title})
	}
	return document
}

func newTrackDocument(t library.Track) trackDocument {
	document := trackDocument{
		Index: t.Index, Type: t.Type, Codec: t.Codec, Profile: t.Profile, Language: t.Language, LanguageTag: t.LanguageTag,
		Title: t.Title, DurationSeconds: t.DurationSeconds,
		Default: t.Default, Forced: t.Forced, HearingImpaired: t.HearingImpaired, Commentary: t.Commentary,
		Width: t.Width, Height: t.Height, SampleAspect: t.SampleAspect, FrameRate: t.FrameRate, PixelFormat: t.PixelFormat,
		ColorTransfer: t.ColorTransfer, ColorPrimaries: t.ColorPrimaries, ColorSpace: t.ColorSpace, ColorRange: t.ColorRange,
		Channels: t.Channels, ChannelLayout: t.ChannelLayout, SampleRate: t.SampleRate, BitDepth: t.BitDepth,
		FileName: t.FileName, MimeType: t.MimeType, Mastering: t.Mastering, ContentLight: t.ContentLight, DolbyVision: t.DolbyVision,
	}
	return document
}

func newComparisonDocument(c app.Comparison) comparisonDocument {
	document := comparisonDocument{File: library.ValidUTF8(c.Path), Same: len(c.Differences) == 0, Differences: []differenceDocument{}}
	for _, d := range c.Differences {
		document.Differences = append(document.Differences, differenceDocument{d.Field, d.A, d.B})
	}
	return document
}
