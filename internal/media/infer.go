package media

import (
	"strconv"
	"strings"

	"vpo/internal/library"
)

// infer fills in what follows from what is known of a track, whoever has read it.
func infer(t *library.Track) {
	switch {
	case t.Type == library.TrackVideo && t.BitDepth == 0:
		t.BitDepth = pixelDepth(t.PixelFormat)
	case t.Type == library.TrackAudio && t.ChannelLayout == "":
		t.ChannelLayout = usualLayout(t.Channels)
	}
}

// usualLayout names the layout that ffmpeg supposes behind a number of channels, for streams that tell no more.
func usualLayout(channels int) string {
	layouts := [...]string{"", "mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1"}
	if channels < len(layouts) {
		return layouts[channels]
	}
	return strconv.Itoa(channels) + " channels"
}

// pixelDepth is the number of bits of a component, as the name of a pixel format tells it: "yuv420p10le" and "gray10le"
// have 10, and names without such a number have 8.
func pixelDepth(format string) int {
	name := strings.TrimSuffix(strings.TrimSuffix(format, "le"), "be")
	plain := strings.TrimRight(name, "0123456789")
	bits, err := strconv.Atoi(name[len(plain):])
	switch {
	case format == "":
		return 0
	case err == nil && bits >= 9 && bits <= 16 && (strings.HasSuffix(plain, "p") || plain == "gray" || plain == "xyz"):
		return bits
	case name == "rgb48" || name == "bgr48" || name == "rgba64" || name == "bgra64" || name == "ya16":
		return 16
	default:
		return 8
	}
}
