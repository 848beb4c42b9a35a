package codec_test

import (
	"errors"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// What the track held before decides between container and stream.
func TestWhatTheContainerSaid(t *testing.T) {
	avc := func(t *testing.T, name string, before library.Track) library.Track {
		t.Helper()
		s := recorded(t)[name]
		data := s.Extra
		if err := codec.AVCConfig(&before, data); err != nil {
			t.Fatal(err)
		}
		return before
	}
	t.Run("ItsAspectAndFrameRateStand", func(t *testing.T) {
		got := avc(t, "avcmain.h264", library.Track{SampleAspect: "4:3", FrameRate: "25/1"})
		if got.SampleAspect != "4:3" || got.FrameRate != "25/1" {
			t.Errorf("got %s and %s", got.SampleAspect, got.FrameRate)
		}
	})
	t.Run("ItsColoursYieldToTheStream", func(t *testing.T) {
		got := avc(t, "avcmain.h264", library.Track{ColorPrimaries: "bt2020", ColorRange: "pc"})
		if got.ColorPrimaries != "bt709" || got.ColorRange != "tv" {
			t.Errorf("got %s and %s", got.ColorPrimaries, got.ColorRange)
		}
	})
	t.Run("ItsColoursStandWhereTheStreamIsSilent", func(t *testing.T) {
		got := avc(t, "avc420.mp4", library.Track{ColorPrimaries: "bt2020", ColorTransfer: "smpte2084", ColorSpace: "bt2020nc"})
		if got.ColorPrimaries != "bt2020" || got.ColorTransfer != "smpte2084" || got.ColorSpace != "bt2020nc" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("ItMayCutIntoTheLastMacroblocks", func(t *testing.T) {
		got := avc(t, "avc420.mp4", library.Track{Width: 158, Height: 88})
		if got.Width != 158 || got.Height != 88 {
			t.Errorf("got %dx%d", got.Width, got.Height)
		}
	})
	t.Run("ItMayNotScaleThePicture", func(t *testing.T) {
		got := avc(t, "avc420.mp4", library.Track{Width: 320, Height: 180})
		if got.Width != 160 || got.Height != 90 {
			t.Errorf("got %dx%d", got.Width, got.Height)
		}
	})
}

// Every recorded stream, cut anywhere.
func TestCutShort(t *testing.T) {
	streams := recorded(t)
	t.Run("ARecordIsMalformedOrTellsLess", func(t *testing.T) {
		for _, c := range codedStreams {
			if s := streams[c.name]; len(c.of(s)) > 0 && &c.of(s)[0] == first(s.Extra) {
				cut(t, c, c.of(s), library.ErrMalformed)
			}
		}
	})
	t.Run("AStreamIsIncompleteOrTellsLess", func(t *testing.T) {
		for _, c := range codedStreams {
			s := streams[c.name]
			if len(c.of(s)) > 0 && &c.of(s)[0] == first(s.Packet) && c.keeps >= 0 {
				cut(t, c, c.of(s), library.ErrIncomplete)
			}
		}
	})
}

func first(data []byte) *byte {
	if len(data) == 0 {
		return nil
	}
	return &data[0]
}

// cut reads every beginning of data up to 200 bytes. Annex B in the place of a record is a stream and may be incomplete.
func cut(t *testing.T, c coded, data []byte, want error) {
	t.Helper()
	for n := range min(len(data), 200) {
		var got library.Track
		err := c.read(&got, data[:n])
		annexB := data[0] == 0 && errors.Is(err, library.ErrIncomplete)
		if err != nil && !errors.Is(err, want) && !annexB {
			t.Errorf("%s cut to %d bytes: %v", c.name, n, err)
		}
		if got.Profile = ""; err != nil && got != (library.Track{}) { // ProRes is given one before
			t.Errorf("%s cut to %d bytes left %+v", c.name, n, got)
		}
	}
}

func TestEmptyBytes(t *testing.T) {
	for name, read := range videoReaders {
		t.Run(name+"IsAnError", func(t *testing.T) { failsOnNothing(t, read) })
	}
	for name, read := range soundReaders {
		t.Run(name+"IsAnError", func(t *testing.T) { failsOnNothing(t, read) })
	}
}

func failsOnNothing(t *testing.T, read func(*library.Track, []byte) error) {
	t.Helper()
	var got library.Track
	if err := read(&got, nil); !errors.Is(err, library.ErrIncomplete) && !errors.Is(err, library.ErrMalformed) {
		t.Errorf("got %v", err)
	}
	if got != (library.Track{}) {
		t.Errorf("it told %+v", got)
	}
}

func TestMalformed(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		read func(*library.Track, []byte) error
	}{
		{"AVCOfVersion2", []byte{2, 100, 0, 41, 0xff, 0xe1, 0, 1}, codec.AVCConfig},
		{"AVCListLongerThanTheRecord", []byte{1, 100, 0, 41, 0xff, 0xe1, 0xff, 0xff, 0x67, 100}, codec.AVCConfig},
		{"AVCSequenceWithoutEnd", append([]byte{1, 100, 0, 41, 0xff, 0xe1, 0, 40}, make([]byte, 40)...), codec.AVCConfig},
		{"HEVCListLongerThanTheRecord", append(hevcBox()[:22], 1, 0x21, 0, 9, 0, 9, 1), codec.HEVCConfig},
		{"AV1OfAnotherVersion", []byte{0x82, 0, 0, 0}, codec.AV1Config},
		{"VP8WithoutStartCode", make([]byte, 10), codec.VP8},
		{"VP9WithoutMarker", make([]byte, 20), codec.VP9},
		{"VP9WithoutSyncCode", append([]byte{0x80}, make([]byte, 20)...), codec.VP9},
		{"ProResWithoutSignature", make([]byte, 40), codec.ProRes},
		{"DTSWithoutSync", make([]byte, 40), codec.DTS},
		{"FLACWithoutRate", make([]byte, 34), codec.FLAC},
		{"OpusWithoutChannels", make([]byte, 11), codec.Opus},
		{"VorbisWithoutSignature", make([]byte, 40), codec.Vorbis},
		{"VorbisLacedBeyondItsEnd", []byte{2, 255, 255}, codec.Vorbis},
		{"ALACWithoutChannels", make([]byte, 24), codec.ALAC},
		{"AACWithoutRate", pack(2, 5, 14, 4, 2, 4, 0, 3), codec.AACConfig},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got library.Track
			if err := c.read(&got, c.data); !errors.Is(err, library.ErrMalformed) {
				t.Errorf("got %v, %+v", err, got)
			}
		})
	}
}
