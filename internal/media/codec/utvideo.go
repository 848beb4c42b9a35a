package codec

import "vpo/internal/library"

// UtVideo tells what the four-character code of Ut Video does: its last letters name the pixel format, and whether the
// colours are those of small or of large television.
func UtVideo(t *library.Track, fourCC string) {
	if len(fourCC) != 4 {
		return
	}
	switch fourCC[2:] {
	case "RG":
		t.PixelFormat = "gbrp"
	case "RA":
		t.PixelFormat = "gbrap"
	case "Y0", "H0":
		t.PixelFormat = "yuv420p"
	case "Y2", "H2":
		t.PixelFormat = "yuv422p"
	case "Y4", "H4":
		t.PixelFormat = "yuv444p"
	}
	switch fourCC[2] {
	case 'Y':
		t.ColorSpace = "bt470bg"
	case 'H':
		t.ColorSpace = "bt709"
	}
}
