package matroska_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
)

func attachment(name, kind string, data []byte) []byte {
	const idFile, idName, idKind, idData = 0x61A7, 0x466E, 0x4660, 0x465C
	return element(idFile, text(idName, name), text(idKind, kind), element(idData, data))
}

// encoded writes a picture of 40 by 60 pixels.
func encoded(t *testing.T, write func(*bytes.Buffer, image.Image) error, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCovers(t *testing.T) {
	size := image.Rect(0, 0, 40, 60)
	asJPEG := func(b *bytes.Buffer, p image.Image) error { return jpeg.Encode(b, p, nil) }
	asPNG := func(b *bytes.Buffer, p image.Image) error { return png.Encode(b, p) }
	asGIF := func(b *bytes.Buffer, p image.Image) error { return gif.Encode(b, p, nil) }
	see := image.NewRGBA(size)
	photo := encoded(t, asJPEG, see)
	thumbnail := slices.Concat(photo[:2], []byte{0xFF, 0xE1, 0xFF, 0xFF}, make([]byte, 0xFFFF-2), photo[2:])
	paletted := image.NewPaletted(size, color.Palette{color.Black, color.White})
	for _, test := range []struct {
		name, kind string
		data       []byte
		codec      string
		format     string
		bits       int
	}{
		{"JPEG", "image/jpeg", photo, "mjpeg", "yuvj420p", 8},
		{"JPEGBehindAThumbnail", "image/jpeg", thumbnail, "mjpeg", "yuvj420p", 8},
		{"GreyJPEG", "image/jpeg", encoded(t, asJPEG, image.NewGray(size)), "mjpeg", "gray", 8},
		{"PNG", "image/png", encoded(t, asPNG, see), "png", "rgba", 8},
		{"DeepPNG", "image/png", encoded(t, asPNG, image.NewGray16(size)), "png", "gray16be", 16},
		{"PNGWithPalette", "image/png", encoded(t, asPNG, paletted), "png", "pal8", 8},
		{"GIF", "image/gif", encoded(t, asGIF, paletted), "gif", "bgra", 8},
	} {
		t.Run(test.name, func(t *testing.T) {
			media := read(t, film(element(idAttachments, attachment("cover", test.kind, test.data))))
			track := media.Tracks[1]
			if track.Type != library.TrackVideo || track.Codec != test.codec || track.PixelFormat != test.format || track.BitDepth != test.bits ||
				track.Width != 40 || track.Height != 60 || len(media.Warnings) > 0 {
				t.Errorf("got %+v, warnings %q", track, media.Warnings)
			}
		})
	}
	for _, kind := range []string{"image/jpeg", "image/png", "image/gif"} {
		t.Run("ACoverThatIsNoPictureStaysACover/"+kind, func(t *testing.T) {
			for n := range 200 {
				media := read(t, film(element(idAttachments, attachment("cover", kind, slices.Concat(photo[:n+2], []byte{0xFF})))))
				if len(media.Tracks) != 2 || media.Tracks[1].Width < 0 {
					t.Fatalf("%d bytes: %+v", n, media)
				}
			}
			media := read(t, film(element(idAttachments, attachment("cover", kind, []byte("no picture")))))
			if !strings.Contains(strings.Join(media.Warnings, "\n"), `"cover"`) {
				t.Errorf("got the warnings %q", media.Warnings)
			}
		})
	}
}

func TestAttachmentsWithoutNameTypeOrContentsAreLeftOut(t *testing.T) {
	media := read(t, film(element(idAttachments, attachment("", "font/ttf", []byte{1}), attachment("a", "", []byte{1}),
		attachment("b", "font/ttf", nil), attachment("c", "font/ttf", []byte{1}))))
	if len(media.Tracks) != 2 || media.Tracks[1].FileName != "c" || len(media.Warnings) != 3 {
		t.Errorf("got %+v", media)
	}
}
