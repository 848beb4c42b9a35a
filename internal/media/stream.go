package media

import (
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/language"
)

// stream is one stream of ffprobe's answer. ffprobe leaves out what it does not know.
type stream struct {
	Index         int64             `json:"index"`
	CodecType     string            `json:"codec_type"`
	CodecName     string            `json:"codec_name"`
	Profile       string            `json:"profile"`
	Duration      string            `json:"duration"`
	Channels      int64             `json:"channels"`
	ChannelLayout string            `json:"channel_layout"`
	SampleRate    string            `json:"sample_rate"`
	SampleBits    int64             `json:"bits_per_sample"`
	RawSampleBits string            `json:"bits_per_raw_sample"`
	Width         int64             `json:"width"`
	Height        int64             `json:"height"`
	SampleAspect  string            `json:"sample_aspect_ratio"`
	PixelFormat   string            `json:"pix_fmt"`
	RFrameRate    string            `json:"r_frame_rate"`
	AvgFrameRate  string            `json:"avg_frame_rate"`
	Transfer      string            `json:"color_transfer"`
	Primaries     string            `json:"color_primaries"`
	Space         string            `json:"color_space"`
	Range         string            `json:"color_range"`
	Tags          map[string]string `json:"tags"`
	Disposition   map[string]int64  `json:"disposition"`
	SideData      []sideData        `json:"side_data_list"`
}

// track maps one stream. A stream that gives no duration lasts as long as its container.
func (s stream) track(containerDuration float64) library.Track {
	t := library.Track{
		Index:           int(s.Index),
		Type:            trackType(s.CodecType),
		Codec:           s.CodecName,
		Profile:         s.Profile,
		Language:        language.Bibliographic(s.Tags["language"]),
		LanguageTag:     language.Tag(s.Tags["language"]),
		Title:           cut(s.Tags["title"]),
		Default:         s.Disposition["default"] == 1,
		Forced:          s.Disposition["forced"] == 1,
		HearingImpaired: s.Disposition["hearing_impaired"] == 1,
		Commentary:      s.Disposition["comment"] == 1,
		DurationSeconds: seconds(s.Duration),
		FileName:        cut(s.Tags["filename"]),
		MimeType:        cut(s.Tags["mimetype"]),
	}
	if t.DurationSeconds == 0 {
		t.DurationSeconds = containerDuration
	}
	switch t.Type {
	case library.TrackAudio:
		s.sound(&t)
	case library.TrackVideo:
		s.picture(&t)
	}
	infer(&t)
	return t
}

// sound fills in what only an audio track has.
func (s stream) sound(t *library.Track) {
	t.Channels = count(s.Channels)
	t.ChannelLayout = s.ChannelLayout
	t.SampleRate = number(s.SampleRate)
	if t.BitDepth = number(s.RawSampleBits); t.BitDepth == 0 && strings.HasPrefix(s.CodecName, "pcm_") {
		t.BitDepth = count(s.SampleBits)
	}
}

// picture fills in what only a video track has.
func (s stream) picture(t *library.Track) {
	t.Width, t.Height = count(s.Width), count(s.Height)
	t.SampleAspect = ratio(s.SampleAspect)
	t.FrameRate = frameRate(s.RFrameRate, s.AvgFrameRate)
	t.PixelFormat = s.PixelFormat
	t.BitDepth = number(s.RawSampleBits)
	t.ColorTransfer, t.ColorPrimaries = s.Transfer, s.Primaries
	t.ColorSpace, t.ColorRange = s.Space, s.Range
	for _, data := range s.SideData {
		data.apply(t)
	}
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
