package matroska_test

import (
	"bytes"
	"compress/zlib"
	"slices"
	"testing"

	"vpo/internal/library"
)

// surround is the first frame of six channels of AC-3.
func surround(t *testing.T) []byte {
	t.Helper()
	w := newWorkshop(t, "ffmpeg")
	w.run("ffmpeg " + sound + " -t 0.1 -c:a ac3 -ac 6 -b:a 448k sound.ac3")
	return w.bytes("sound.ac3")[:448_000/8*1536/48_000] // a frame has 1536 samples
}

func TestTheFirstFrameTellsWhatTheContainerDoesNot(t *testing.T) {
	frame := surround(t)
	strip := element(idEncodings, element(idEncoding, element(idCompression, number(idAlgo, 3), element(idStripped, frame[:2]))))
	deflate := element(idEncodings, element(idEncoding, element(idCompression, number(idAlgo, 0))))
	odd := element(idEncodings, element(idEncoding))
	var small bytes.Buffer
	z := zlib.NewWriter(&small)
	_, _ = z.Write(frame)
	_ = z.Close()
	group := element(0xA0, element(0xA1, []byte{0x82, 0, 0, 0}, frame))
	sizes := []byte{2, 255, 255, 255, 255, 255, 255, byte(len(frame) - 6*255)}
	for _, test := range []struct {
		name     string
		encoding []byte
		block    []byte
	}{
		{"InASimpleBlock", nil, block(2, 0, 0x80, frame...)},
		{"InAGroup", nil, group},
		{"AfterABlockOfNobody", nil, slices.Concat(block(7, 0, 0, 1, 2, 3), block(2, 0, 0, frame...))},
		{"AfterFramesThatAreNone", nil, slices.Concat(block(2, 0, 0, 1, 2, 3), block(2, 0, 0), block(2, 0, 0, frame...))},
		{"LacedInOneSize", nil, block(2, 0, 0x04, slices.Concat([]byte{1}, frame, frame)...)},
		{"LacedInTheMannerOfXiph", nil, block(2, 0, 0x02, slices.Concat(sizes, []byte{1}, frame, []byte{1, 2, 3})...)},
		{"LacedInTheMannerOfEBML", nil, block(2, 0, 0x06, slices.Concat([]byte{1, 0x40 | byte(len(frame)>>8), byte(len(frame))}, frame, []byte{9})...)},
		{"WithoutItsFirstBytes", strip, block(2, 0, 0, frame[2:]...)},
		{"Compressed", deflate, block(2, 0, 0, small.Bytes()...)},
		{"EncodedByNothing", odd, block(2, 0, 0, frame...)},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := document(info(), element(idTracks, audioTrack("A_AC3", test.encoding)), element(idCluster, number(idTimestamp, 0), test.block))
			media := read(t, data)
			track := media.Tracks[0]
			if track.Channels != 6 || track.ChannelLayout != "5.1(side)" || track.SampleRate != 48_000 || len(media.Warnings) > 0 {
				t.Errorf("got %+v, warnings %q", track, media.Warnings)
			}
		})
	}
}

func TestSoundThatIsDescribedInCodecPrivate(t *testing.T) {
	wave := []byte{0xFE, 0xFF, 6, 0, 0x80, 0xBB, 0, 0, 0, 0, 0, 0, 0, 0, 24, 0, 22, 0, 24, 0, 0x3F, 0, 0, 0, 1, 0}
	wave = append(wave, make([]byte, 14)...)
	for _, test := range []struct {
		name  string
		entry []byte
		want  library.Track
	}{
		{"AACWithoutCodecPrivate", audioTrack("A_AAC/MPEG4/LC", element(idAudio, number(idChannels, 2), float(0xB5, 44100))),
			library.Track{Codec: "aac", Profile: "LC", Channels: 2, ChannelLayout: "stereo", SampleRate: 44100}},
		{"AACWithSpectralBandReplication",
			audioTrack("A_AAC/MPEG4/LC/SBR", element(idAudio, number(idChannels, 2), float(0xB5, 22050), float(0x78B5, 44100))),
			library.Track{Codec: "aac", Profile: "HE-AAC", Channels: 2, ChannelLayout: "stereo", SampleRate: 44100}},
		{"SoundOfWAVEInSixChannels", audioTrack("A_MS/ACM", element(idPrivate, wave)),
			library.Track{Codec: "pcm_s24le", Channels: 6, ChannelLayout: "5.1", SampleRate: 48000, BitDepth: 24}},
		{"SoundOf64Bits", audioTrack("A_PCM/FLOAT/IEEE", element(idAudio, number(0x6264, 64), float(0xB5, 96000))),
			library.Track{Codec: "pcm_f64le", Channels: 2, ChannelLayout: "stereo", SampleRate: 96000, BitDepth: 64}},
		{"WavPack", audioTrack("A_WAVPACK4", element(idAudio, number(0x6264, 24), float(0xB5, 48000), number(idChannels, 6))),
			library.Track{Codec: "wavpack", Channels: 6, ChannelLayout: "5.1", SampleRate: 48000, BitDepth: 24}},
		{"AnUnknownCodec", audioTrack("A_TALK", element(idAudio, float(0xB5, 1e20))),
			library.Track{Channels: 2, ChannelLayout: "stereo"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := read(t, document(info(), element(idTracks, test.entry))).Tracks[0]
			test.want.Type, test.want.Language, test.want.LanguageTag = library.TrackAudio, "eng", "en"
			test.want.Default, test.want.DurationSeconds = true, 2
			if got != test.want {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}
