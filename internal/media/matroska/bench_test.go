package matroska_test

import (
	"bytes"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/matroska"
	"vpo/internal/media/source"
)

func BenchmarkRead(b *testing.B) {
	for name, data := range smallFiles(b) {
		b.Run(name, func(b *testing.B) { benchmark(b, data) })
	}
	b.Run("a film with everything, by mkvmerge", func(b *testing.B) {
		w := newWorkshop(b, "ffmpeg", "mkvmerge")
		w.run("ffmpeg " + picture + " -frames:v 1 -s 48x32 cover.jpg")
		w.run("ffmpeg " + picture + " " + sound + " -map 0 -map 1 -map 1 -map 1 -map 1" + avc + "-c:a:0 ac3 -c:a:1 eac3 -c:a:2 aac -c:a:3 dca -strict -2 in.mkv")
		w.run("mkvmerge -q -o film.mkv --title Lights --chapters chapters.xml --global-tags tags.xml --language 0:de --language 1:de" +
			" --language 2:en --language 3:fr --track-name 2:Commentary in.mkv --language 0:de lines.srt --language 0:en styled.ass" +
			" --attachment-mime-type application/x-truetype-font --attach-file font.ttf --attachment-mime-type image/jpeg --attach-file cover.jpg")
		benchmark(b, w.bytes("film.mkv"))
	})
}

func benchmark(b *testing.B, data []byte) {
	file := library.Content{Data: bytes.NewReader(data), Size: int64(len(data)), Head: data[:min(len(data), 64<<10)]}
	src := source.New(b.Context(), file)
	b.ReportAllocs()
	for b.Loop() {
		src.Reset(b.Context(), file)
		if _, err := matroska.Read(src); err != nil {
			b.Fatal(err)
		}
	}
}
