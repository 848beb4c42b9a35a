package codec_test

import (
	"encoding/json"
	"os"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

func BenchmarkRead(b *testing.B) {
	text, err := os.ReadFile("testdata/streams.json")
	if err != nil {
		b.Fatal(err)
	}
	var streams map[string]stream
	if err := json.Unmarshal(text, &streams); err != nil {
		b.Fatal(err)
	}
	for _, c := range codedStreams {
		switch c.name {
		case "avcscaled.mp4", "hdr10.mkv", "av1of420.mkv", "vp9of420.webm", "mpeg2of422.m2v", "aac6.m4a", "ac3of6.ac3", "eac3of6.eac3",
			"dts6.dts", "truehd6.thd", "flac6.flac", "opus6.mkv":
		default:
			continue
		}
		data := c.of(streams[c.name])
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var t library.Track
				if err := c.read(&t, data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTags(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if codec.VideoTag("XVID") == "" || codec.AudioTag(0x55, 0) == "" || codec.LayoutMask(0x60f) == "" {
			b.Fatal("a tag is not known")
		}
	}
}
