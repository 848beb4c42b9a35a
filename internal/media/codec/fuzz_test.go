package codec_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// readers are all functions that take bytes, by the kind of what they read.
var (
	videoReaders = map[string]func(*library.Track, []byte) error{
		"AVCConfig": codec.AVCConfig, "AVC": codec.AVC, "AVCSample": avcSample, "HEVCConfig": codec.HEVCConfig,
		"HEVC": codec.HEVC, "HEVCSample": hevcSample, "AV1Config": codec.AV1Config, "AV1": codec.AV1, "VP8": codec.VP8,
		"VP9Config": codec.VP9Config, "VP9": codec.VP9, "MPEGVideo": codec.MPEGVideo, "MPEG4Video": codec.MPEG4Video,
		"VC1": codec.VC1, "ProRes": codec.ProRes, "DolbyVision": codec.DolbyVision,
		"JPEG": codec.JPEG, "PNG": codec.PNG, "GIF": codec.GIF, "Theora": codec.Theora, "DV": codec.DV, "DNxHD": codec.DNxHD,
		"FFV1": codec.FFV1, "FFV1Config": codec.FFV1Config,
	}
	soundReaders = map[string]func(*library.Track, []byte) error{
		"AACConfig": codec.AACConfig, "ADTS": codec.ADTS, "LATM": codec.LATM, "AC3": codec.AC3, "AC3Config": codec.AC3Config,
		"EAC3Config": codec.EAC3Config, "DTS": codec.DTS, "TrueHD": codec.TrueHD, "MPEGAudio": codec.MPEGAudio,
		"FLAC": codec.FLAC, "Opus": codec.Opus, "Vorbis": codec.Vorbis, "ALAC": codec.ALAC,
	}
)

func FuzzVideo(f *testing.F) {
	seed(f, codedVideo)
	for _, made := range madePictures() {
		f.Add(made.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { readAll(t, videoReaders, data) })
}

func FuzzAudio(f *testing.F) {
	seed(f, codedSound)
	for _, made := range madeSound {
		f.Add(made.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { readAll(t, soundReaders, data) })
}

// seed gives a fuzz target the recorded streams.
func seed(f *testing.F, streams []coded) {
	text, err := os.ReadFile("testdata/streams.json")
	if err != nil {
		f.Fatal(err)
	}
	var known map[string]stream
	if err := json.Unmarshal(text, &known); err != nil {
		f.Fatal(err)
	}
	for _, c := range streams {
		f.Add(c.of(known[c.name]))
	}
}

// readAll runs every reader over the same bytes, and holds each against what all of them promise.
func readAll(t *testing.T, readers map[string]func(*library.Track, []byte) error, data []byte) {
	t.Helper()
	for name, read := range readers {
		var got library.Track
		err := read(&got, data)
		switch {
		case err != nil && got != library.Track{}:
			t.Errorf("%s failed (%v), and changed the track to %+v", name, err, got)
		case err != nil && !errors.Is(err, library.ErrMalformed) && !errors.Is(err, library.ErrIncomplete):
			t.Errorf("%s: %v is neither malformed nor incomplete", name, err)
		case err != nil && strings.ContainsAny(err.Error(), "\n\r"):
			t.Errorf("%s: %q has more than one line", name, err)
		case got.Width < 0 || got.Height < 0 || got.Channels < 0 || got.SampleRate < 0 || got.BitDepth < 0:
			t.Errorf("%s tells negative numbers: %+v", name, got)
		case got.Width > 1<<16 || got.Height > 1<<16 || got.BitDepth > 64 || got.Channels > 255:
			t.Errorf("%s tells numbers beyond any codec: %+v", name, got)
		}
	}
}
