package media

import "testing"

func TestUsualLayout(t *testing.T) {
	for channels, want := range []string{"", "mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1", "9 channels"} {
		if got := usualLayout(channels); got != want {
			t.Errorf("usualLayout(%d) = %q, want %q", channels, got, want)
		}
	}
}

func TestPixelDepth(t *testing.T) {
	for format, want := range map[string]int{
		"": 0, "yuv420p": 8, "yuvj422p": 8, "nv12": 8, "rgb24": 8, "uyvy422": 8, "gray": 8, "pal8": 8, "420p9": 9, "yuv420p10le": 10,
		"yuva444p12be": 12, "gbrp16le": 16, "gray10le": 10, "gray12be": 12, "p010le": 10, "xyz12le": 12, "rgb48le": 16, "yuv420p99": 8,
	} {
		if got := pixelDepth(format); got != want {
			t.Errorf("pixelDepth(%q) = %d, want %d", format, got, want)
		}
	}
}
