package scan

import (
	"cmp"

	"vpo/internal/library"
)

// Breakdown counts files by what they hold. A file with two audio tracks of one language counts once for it.
type Breakdown struct {
	Containers        map[string]int `json:"containers"`
	VideoCodecs       map[string]int `json:"video_codecs"`
	Resolutions       map[string]int `json:"resolutions"`
	DynamicRanges     map[string]int `json:"dynamic_ranges"`
	AudioCodecs       map[string]int `json:"audio_codecs"`
	AudioLanguages    map[string]int `json:"audio_languages"`
	SubtitleLanguages map[string]int `json:"subtitle_languages"`
}

func newBreakdown() Breakdown {
	return Breakdown{
		Containers: map[string]int{}, VideoCodecs: map[string]int{}, Resolutions: map[string]int{}, DynamicRanges: map[string]int{},
		AudioCodecs: map[string]int{}, AudioLanguages: map[string]int{}, SubtitleLanguages: map[string]int{},
	}
}

// add counts one file.
func (b *Breakdown) add(media *library.Media) {
	b.Containers[cmp.Or(media.ContainerFormat, "unknown")]++
	var picture bool
	for i := range media.Tracks {
		t := &media.Tracks[i]
		switch t.Type {
		case library.TrackVideo:
			if !picture { // of several the first is the film, the others are covers
				picture = true
				b.VideoCodecs[cmp.Or(t.Codec, "unknown")]++
				b.Resolutions[library.Resolution(t.Width, t.Height)]++
				b.DynamicRanges[t.DynamicRange()]++
			}
		case library.TrackAudio:
			once(b.AudioCodecs, media.Tracks[:i], t, func(t *library.Track) string { return cmp.Or(t.Codec, "unknown") })
			once(b.AudioLanguages, media.Tracks[:i], t, func(t *library.Track) string { return cmp.Or(t.Language, "und") })
		case library.TrackSubtitle:
			once(b.SubtitleLanguages, media.Tracks[:i], t, func(t *library.Track) string { return cmp.Or(t.Language, "und") })
		}
	}
}

// once counts what a track has, unless a track before it of the same type has it, too.
func once(counts map[string]int, before []library.Track, t *library.Track, what func(*library.Track) string) {
	key := what(t)
	for i := range before {
		if before[i].Type == t.Type && what(&before[i]) == key {
			return
		}
	}
	counts[key]++
}
