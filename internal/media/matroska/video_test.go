package matroska_test

import (
	"reflect"
	"slices"
	"testing"

	"vpo/internal/library"
)

// pictureOf is the description of the first track, whose element Video has more elements.
func pictureOf(t *testing.T, elements ...[]byte) library.Track {
	t.Helper()
	video := element(idVideo, number(idWidth, 320), number(idHeight, 240), slices.Concat(elements...))
	entry := element(idTrackEntry, number(idTrackNumber, 1), number(idTrackType, 1), text(idCodecID, "V_UNCOMPRESSED"),
		number(idFrames, 40_000_000), video)
	return read(t, document(info(), element(idTracks, entry))).Tracks[0]
}

func TestTheShapeOfAPixel(t *testing.T) {
	for _, test := range []struct {
		name     string
		elements []byte
		want     string
	}{
		{"IsASquareWhereNothingIsTold", nil, "1:1"},
		{"IsThatOfTheDisplay", number(idDisplayWidth, 640), "2:1"},
		{"IsThatOfTheDisplayInCentimetres", slices.Concat(number(idDisplayWidth, 640), number(idDisplayUnit, 1)), "2:1"},
		{"IsUnknownWhereTheDisplayIs", slices.Concat(number(idDisplayWidth, 640), number(idDisplayUnit, 4)), ""},
		{"IsUnknownWhereTheDisplayIsAbsurd", number(idDisplayWidth, 1<<40), ""},
		{"IsThatOfOneOfTwoPicturesSideBySide", number(idStereoMode, 1), "2:1"},
		{"IsThatOfOneOfTwoPicturesAboveEachOther", number(idStereoMode, 3), "1:2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := pictureOf(t, test.elements).SampleAspect; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestColours(t *testing.T) {
	if got := pictureOf(t); got.ColorSpace+got.ColorPrimaries+got.ColorTransfer+got.ColorRange != "" || got.Mastering != nil || got.ContentLight != nil {
		t.Errorf("a track that tells no colours has %+v", got)
	}
	mastering := slices.Concat(float(idLuminanceMax, 1000), float(idLuminance, 0.00500001))
	for i, coordinate := range []float64{0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329} {
		mastering = append(mastering, float(uint32(idRedX+i), coordinate+1e-7)...)
	}
	got := pictureOf(t, element(idColour, number(idBits, 10), number(idMatrix, 9), number(idRange, 1), number(idTransfer, 16),
		number(idPrimaries, 9), number(idMaxCLL, 1000), number(idMaxFALL, 400), element(idMastering, mastering)), element(idFourCC, []byte("Y42B")))
	if !reflect.DeepEqual(got.Mastering, display()) {
		t.Errorf("the mastering display is %+v, want %+v", got.Mastering, display())
	}
	if light := got.ContentLight; light == nil || *light != (library.ContentLight{Max: 1000, Average: 400}) {
		t.Errorf("the light is %+v", light)
	}
	if got.BitDepth != 10 || got.PixelFormat != "yuv422p" {
		t.Errorf("%d bits in %q", got.BitDepth, got.PixelFormat)
	}
	partly := pictureOf(t, element(idColour, number(idMaxCLL, 1000), element(idMastering, float(idRedX, 0.68), float(idLuminanceMax, -5))))
	if partly.Mastering != nil || partly.ContentLight != nil {
		t.Errorf("half a display is %+v, half a light %+v", partly.Mastering, partly.ContentLight)
	}
}

// display is the one that the pictures of tests were graded on.
func display() *library.Mastering {
	return &library.Mastering{
		Red: library.Chromaticity{X: 0.68, Y: 0.32}, Green: library.Chromaticity{X: 0.265, Y: 0.69},
		Blue: library.Chromaticity{X: 0.15, Y: 0.06}, White: library.Chromaticity{X: 0.3127, Y: 0.329},
		MaxLuminance: 1000, MinLuminance: 0.005,
	}
}

func TestTheDisplayIsFoundInTheFirstFrame(t *testing.T) {
	w := newWorkshop(t, "ffmpeg", "mkvmerge")
	w.run("ffmpeg " + picture + " -frames:v 3 " + hdr + "frames.mkv")
	w.run("mkvmerge -q -o container.mkv --max-luminance 0:1000 --min-luminance 0:0.005 --max-content-light 0:1000 --max-frame-light 0:400" +
		" --chromaticity-coordinates 0:0.68,0.32,0.265,0.69,0.15,0.06 --white-color-coordinates 0:0.3127,0.329 frames.mkv")
	for _, name := range []string{"frames.mkv", "container.mkv"} {
		track := read(t, w.bytes(name)).Tracks[0]
		if !reflect.DeepEqual(track.Mastering, display()) {
			t.Errorf("%s: the mastering display is %+v", name, track.Mastering)
		}
		if light := track.ContentLight; light == nil || *light != (library.ContentLight{Max: 1000, Average: 400}) {
			t.Errorf("%s: the light is %+v", name, light)
		}
	}
}

func TestDolbyVision(t *testing.T) {
	record := []byte{1, 0, 8 << 1, 6<<3 | 5, 1 << 4, 0, 0, 0}
	track := func(kind string, record []byte) library.Media {
		mapping := element(idMapping, text(idKind, kind), element(idRecord, record))
		return read(t, document(info(), element(idTracks, videoTrack(number(idFrames, 40_000_000), mapping))))
	}
	want := library.DolbyVision{Profile: 8, Level: 6, Compatibility: 1, BaseLayer: true, Metadata: true}
	for _, kind := range []string{"dvcC", "dvvC"} {
		if got := track(kind, record).Tracks[0].DolbyVision; got == nil || *got != want {
			t.Errorf("%s: got %+v", kind, got)
		}
	}
	if got := track("hvcE", record).Tracks[0].DolbyVision; got != nil {
		t.Errorf("another mapping: %+v", got)
	}
	if media := track("dvcC", record[:2]); media.Tracks[0].DolbyVision != nil || len(media.Warnings) != 1 {
		t.Errorf("half a record: %+v", media)
	}
}
