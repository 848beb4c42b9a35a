package codec_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// madePicture is the header of a picture, and what it tells of a track of which something was known.
type madePicture struct {
	name  string
	data  []byte
	read  func(*library.Track, []byte) error
	known library.Track
	want  library.Track
}

func madePictures() []madePicture {
	const across2, down2, once = 0x21, 0x12, 0x11
	full := library.Track{Profile: "Baseline", Width: 160, Height: 90, BitDepth: 8, ColorRange: "pc", ColorSpace: "bt470bg"}
	with := func(t library.Track, change func(*library.Track)) library.Track {
		change(&t)
		return t
	}
	format := func(name string) library.Track { return with(full, func(t *library.Track) { t.PixelFormat = name }) }
	return []madePicture{
		{"JPEG420", jpegPicture(0xC0, 0x22), codec.JPEG, library.Track{}, format("yuvj420p")},
		{"JPEG422", jpegPicture(0xC0, across2), codec.JPEG, library.Track{}, format("yuvj422p")},
		{"JPEG440", jpegPicture(0xC0, down2), codec.JPEG, library.Track{}, format("yuvj440p")},
		{"JPEG444", jpegPicture(0xC0, once), codec.JPEG, library.Track{}, format("yuvj444p")},
		{
			"JPEGOfAStudio", slices.Insert(jpegPicture(0xC0, 0x22), 2, []byte("\xff\xfe\x00\x0cCS=ITU601\x00")...), codec.JPEG, library.Track{},
			with(format("yuv420p"), func(t *library.Track) { t.ColorRange = "tv" }),
		},
		{
			"JPEGOfOneField", jpegPicture(0xC0, 0x22), codec.JPEG, library.Track{Width: 160, Height: 180},
			with(format("yuvj420p"), func(t *library.Track) { t.Height = 180 }),
		},
		{
			"JPEGWithoutLoss", jpegPicture(0xC3, once), codec.JPEG, library.Track{},
			library.Track{Profile: "Lossless", Width: 160, Height: 90, BitDepth: 8},
		},
		{
			"JFIFWithDensities", slices.Insert(jpegPicture(0xC0, 0x22), 2, []byte("\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x04\x00\x03\x00\x00")...),
			codec.JPEG, library.Track{}, with(format("yuvj420p"), func(t *library.Track) { t.SampleAspect = "4:3" }),
		},
		{
			"PNGWithAlpha", encodedPNG(), codec.PNG, library.Track{},
			library.Track{Width: 20, Height: 30, PixelFormat: "rgba", BitDepth: 8, ColorRange: "pc"},
		},
		{
			"GIF", []byte("GIF89a\x14\x00\x1e\x00"), codec.GIF, library.Track{},
			library.Track{Width: 20, Height: 30, PixelFormat: "bgra", BitDepth: 8},
		},
		{
			"TheoraOfEurope", theoraHeader(), codec.Theora, library.Track{FrameRate: "25/1"}, library.Track{
				Width: 320, Height: 176, FrameRate: "25/1", SampleAspect: "4:3", PixelFormat: "yuv422p", BitDepth: 8,
				ColorPrimaries: "bt470bg", ColorTransfer: "bt709", ColorSpace: "bt470bg",
			},
		},
		{
			"DNxHROfTwelveBits", dnxhdFrame(0x0280, 3), codec.DNxHD, library.Track{}, library.Track{
				Profile: "DNXHR HQX", Width: 256, Height: 144, PixelFormat: "yuv422p12le", BitDepth: 12, ColorSpace: "bt2020nc",
			},
		},
	}
}

func TestMadePictures(t *testing.T) {
	for _, made := range madePictures() {
		t.Run(made.name, func(t *testing.T) {
			got := made.known
			if err := made.read(&got, made.data); err != nil || got != made.want {
				t.Errorf("got  %+v\nwant %+v\n(%v)", got, made.want, err)
			}
			for size := range min(len(made.data), 40) {
				got := made.known
				err := made.read(&got, made.data[:size])
				if err == nil && got != made.want || err != nil && got != made.known {
					t.Errorf("%d bytes tell %+v (%v)", size, got, err)
				}
			}
		})
	}
}

func TestPicturesThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		read func(*library.Track, []byte) error
		data []byte
		want error
	}{
		"JPEGWithoutASize":     {codec.JPEG, []byte("\xff\xd8\xff\xda\x00\x02"), library.ErrMalformed},
		"JPEGOfNoBits":         {codec.JPEG, append([]byte("\xff\xd8\xff\xc0\x00\x11\x00"), make([]byte, 14)...), library.ErrMalformed},
		"JPEGThatEndsEarly":    {codec.JPEG, []byte("\xff\xd8\xff\xe0\x10\x00JFIF"), library.ErrIncomplete},
		"PNGThatEndsEarly":     {codec.PNG, []byte(codec.PNGSignature), library.ErrIncomplete},
		"DVOfAnotherKind":      {codec.DV, make([]byte, 8000), library.ErrMalformed},
		"DVThatEndsEarly":      {codec.DV, []byte{0x1f}, library.ErrIncomplete},
		"DNxHDOfAnotherKind":   {codec.DNxHD, make([]byte, 0x40), library.ErrMalformed},
		"DNxHDWithoutADepth":   {codec.DNxHD, dnxhdFrame(0x0280, 7), library.ErrMalformed},
		"TheoraOfAnotherKind":  {codec.Theora, make([]byte, 42), library.ErrMalformed},
		"FFV1ThatIsNoKeyFrame": {codec.FFV1, []byte{0, 0}, library.ErrIncomplete},
		"FFV1WithoutARecord":   {codec.FFV1Config, nil, library.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			var got library.Track
			if err := c.read(&got, c.data); !errors.Is(err, c.want) || got != (library.Track{}) {
				t.Errorf("got %v, %+v; want %v and no change", err, got, c.want)
			}
		})
	}
}

func TestFormatsByTheTag(t *testing.T) {
	for tag, want := range map[string][2]string{
		"ULY0": {"yuv420p", "bt470bg"}, "ULH2": {"yuv422p", "bt709"}, "ULRG": {"gbrp", ""}, "UMRA": {"gbrap", ""}, "UL": {},
	} {
		var got library.Track
		if codec.UtVideo(&got, tag); got != (library.Track{PixelFormat: want[0], ColorSpace: want[1]}) {
			t.Errorf("UtVideo(%q) tells %+v, want %v", tag, got, want)
		}
	}
	for _, c := range []struct {
		extra []byte
		bits  int
		want  string
	}{
		{nil, 16, "yuv422p"}, {[]byte{2, 12, 0, 0}, 24, "yuv420p"}, {[]byte{2, 0, 0, 0}, 32, "bgra"}, {[]byte{2, 16, 0, 0}, 27, "bgr0"},
		{[]byte{2, 7 << 4, 3, 1}, 24, "yuv444p"}, {[]byte{2, 7<<4 | 1<<2 | 1, 3, 1}, 12, "yuv420p"}, {[]byte{2, 9 << 4, 3, 1}, 24, ""},
	} {
		var got library.Track
		if err := codec.HuffYUV(&got, c.extra, c.bits); err != nil || got != (library.Track{PixelFormat: c.want}) {
			t.Errorf("HuffYUV(%v, %d) tells %+v (%v), want %q", c.extra, c.bits, got, err, c.want)
		}
	}
}

// jpegPicture makes the markers of a picture of 160 by 90 pixels up to its frame header. luma is how often the first
// component is sampled.
func jpegPicture(marker, luma byte) []byte {
	frame := []byte{0xFF, marker, 0, 17, 8, 0, 90, 0, 160, 3, 1, luma, 0, 2, 0x11, 1, 3, 0x11, 1}
	return append([]byte("\xff\xd8\xff\xff\xdb\x00\x03\x00"), frame...)
}

func encodedPNG() []byte {
	var b bytes.Buffer
	picture := image.NewNRGBA(image.Rect(0, 0, 20, 30))
	_ = png.Encode(&b, picture)
	return b.Bytes()
}

// theoraHeader makes an identification header (Theora Specification, 6.2).
func theoraHeader() []byte {
	header := append([]byte("\x80theora\x03\x02\x01\x00\x14\x00\x0b"), 0, 1, 64, 0, 0, 176, 0, 0)
	header = append(header, 0, 0, 0, 30, 0, 0, 0, 1) // frames a second
	header = append(header, 0, 0, 4, 0, 0, 3, 2)     // shape of a pixel, colour space
	return append(header, 0, 0, 0, 0, 2<<3)
}

// dnxhdFrame makes the beginning of a frame of 256 by 144 pixels.
func dnxhdFrame(offset uint16, depth byte) []byte {
	frame := make([]byte, 0x2D)
	frame[2], frame[3], frame[4] = byte(offset>>8), byte(offset), 3
	frame[0x19], frame[0x1A] = 144, 1
	frame[0x21] = depth << 5
	frame[0x2A], frame[0x2B] = 0x04, 0xF7 // 1271
	frame[0x2C] = 1 << 1
	return frame
}

// TestAPictureOfGo reads what an encoder has written that is not ffmpeg's.
func TestAPictureOfGo(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 30)), nil); err != nil {
		t.Fatal(err)
	}
	var got library.Track
	if err := codec.JPEG(&got, b.Bytes()); err != nil || got.PixelFormat != "gray" || got.Width != 20 || got.Height != 30 {
		t.Errorf("got %+v, %v", got, err)
	}
}
