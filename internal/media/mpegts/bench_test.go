package mpegts_test

import (
	"strings"
	"testing"

	"vpo/internal/media/mediatest"
	"vpo/internal/media/mpegts"
	"vpo/internal/media/source"
)

func BenchmarkRead(b *testing.B) {
	for name, arguments := range map[string]string{
		"H264AndAC3":  "-map 0 -map 1 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -c:a ac3 -ac 6",
		"MPEG2AndMP2": "-map 0 -map 1 -pix_fmt yuv420p -c:v mpeg2video -q:v 1 -r 25 -c:a mp2",
	} {
		b.Run(name, func(b *testing.B) {
			file := content(readFile(b, mediatest.Encode(b, "film.ts", strings.Fields(arguments)...)))
			src := source.New(b.Context(), file)
			b.ReportAllocs()
			b.SetBytes(file.Size)
			for b.Loop() {
				src.Reset(b.Context(), file)
				if _, err := mpegts.Read(src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
