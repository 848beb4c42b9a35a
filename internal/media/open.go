package media

import (
	"fmt"
	"strings"

	"vpo/internal/library"
)

// maxOpen is how many things that are left open are named.
const maxOpen = 4

// leftOpen names what the headers should tell and do not: how long the file lasts, the codec of what is seen, heard or read,
// the size of a picture, the channels and the sample rate of sound. It is empty where they tell all of that. Everything else (a profile, colours, a language) may be unknown, since most files do not have all of it.
func leftOpen(media library.Media) string {
	var open []string
	if media.DurationSeconds == 0 {
		open = append(open, "the duration")
	}
	pictures := 0
	for i := range media.Tracks {
		t := &media.Tracks[i]
		if t.Type == library.TrackVideo {
			pictures++
		}
		if what := lacks(t, pictures > 1); what != "" {
			open = append(open, fmt.Sprintf("%s of track %d", what, t.Index))
		}
	}
	if len(open) > maxOpen {
		open = append(open[:maxOpen], fmt.Sprintf("%d more", len(open)-maxOpen))
	}
	return strings.Join(open, ", ")
}

// lacks names the one thing that a track should tell and does not. beside tells that there was a picture before: the
// size of a cover is of no interest.
func lacks(t *library.Track, beside bool) string {
	switch t.Type {
	case library.TrackAttachment, library.TrackOther:
		return ""
	}
	switch {
	case t.Codec == "":
		return "the codec"
	case t.Type == library.TrackVideo && (t.Width == 0 || t.Height == 0) && (!beside || !still(t.Codec)):
		return "the picture's size"
	case t.Type == library.TrackAudio && t.Channels == 0:
		return "the number of channels"
	case t.Type == library.TrackAudio && t.SampleRate == 0:
		return "the sample rate"
	default:
		return ""
	}
}

// still tells whether a codec is one of single pictures.
func still(codec string) bool {
	switch codec {
	case "mjpeg", "png", "bmp", "gif", "webp", "tiff", "jpegxl":
		return true
	}
	return false
}
