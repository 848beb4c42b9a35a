package store

import (
	"encoding/json"
	"math"

	"vpo/internal/library"
)

// details is the JSON of vpod_files.details: what is known of a file and its tracks beyond the columns of the shared
// tables. What is unknown is left out.
type details struct {
	Reader   library.Reader `json:"reader,omitempty"`
	Duration float64        `json:"duration_seconds,omitempty"`
	Chapters []chapter      `json:"chapters,omitempty"`
	Tracks   []trackDetails `json:"tracks,omitempty"`
	Warnings []string       `json:"warnings,omitempty"`
}

type chapter struct {
	Start float64 `json:"start_seconds"`
	End   float64 `json:"end_seconds,omitempty"`
	Title string  `json:"title,omitempty"`
}

// trackDetails belongs to the row of tracks with the same track_index.
type trackDetails struct {
	Index           int                   `json:"track_index"`
	Profile         string                `json:"profile,omitempty"`
	LanguageTag     string                `json:"language_tag,omitempty"`
	HearingImpaired bool                  `json:"hearing_impaired,omitempty"`
	Commentary      bool                  `json:"commentary,omitempty"`
	SampleAspect    string                `json:"sample_aspect,omitempty"`
	PixelFormat     string                `json:"pixel_format,omitempty"`
	BitDepth        int                   `json:"bit_depth,omitempty"`
	SampleRate      int                   `json:"sample_rate,omitempty"`
	Mastering       *library.Mastering    `json:"mastering,omitempty"`
	ContentLight    *library.ContentLight `json:"content_light,omitempty"`
	DolbyVision     *library.DolbyVision  `json:"dolby_vision,omitempty"`
	FileName        string                `json:"file_name,omitempty"`
	MimeType        string                `json:"mime_type,omitempty"`
}

// encodeDetails gives the JSON, or nil for a file that could not be read.
func encodeDetails(f *library.File) (any, error) {
	if f.Status != library.StatusOK {
		return nil, nil
	}
	d := details{Reader: f.Reader, Warnings: f.Warnings, Duration: finite(f.DurationSeconds)}
	for _, c := range f.Chapters {
		d.Chapters = append(d.Chapters, chapter{Start: finite(c.StartSeconds), End: finite(c.EndSeconds), Title: c.Title})
	}
	for i := range f.Tracks {
		t := &f.Tracks[i]
		d.Tracks = append(d.Tracks, trackDetails{
			Index: t.Index, Profile: t.Profile, LanguageTag: t.LanguageTag, HearingImpaired: t.HearingImpaired,
			Commentary: t.Commentary, SampleAspect: t.SampleAspect, PixelFormat: t.PixelFormat, BitDepth: t.BitDepth,
			SampleRate: t.SampleRate, Mastering: t.Mastering, ContentLight: t.ContentLight, DolbyVision: t.DolbyVision,
			FileName: t.FileName, MimeType: t.MimeType,
		})
	}
	encoded, err := json.Marshal(d)
	return clean(string(encoded)), err
}

// finite is a number that JSON can hold.
func finite(n float64) float64 {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}
