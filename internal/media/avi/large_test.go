package avi_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/avi"
	"vpo/internal/media/source"
)

// sparse is a large file of which a few pieces are not zero.
type sparse struct {
	pieces map[int64][]byte
	read   int64 // bytes
}

func (s *sparse) ReadAt(p []byte, offset int64) (int, error) {
	clear(p)
	s.read += int64(len(p))
	for at, piece := range s.pieces {
		if from := max(at, offset); from < min(at+int64(len(piece)), offset+int64(len(p))) {
			copy(p[from-offset:], piece[from-at:])
		}
	}
	return len(p), nil
}

// openDML is a file of several RIFF chunks of a gigabyte, and its size.
func openDML(chunks int) (file *sparse, size int64) {
	const gigabyte = 1 << 30
	first := riff(list("hdrl", rawPicture(100_000), list("odml", chunk("dmlh", numbers(100_000)))), list("movi"))
	binary.LittleEndian.PutUint32(first[4:], gigabyte-8)
	movi := len(first) - 8
	binary.LittleEndian.PutUint32(first[movi:], uint32(gigabyte-movi-4))
	file = &sparse{pieces: map[int64][]byte{0: first}}
	for i := 1; i < chunks; i++ {
		file.pieces[int64(i)*gigabyte] = slices.Concat([]byte("RIFF"), numbers(gigabyte-8), []byte("AVIXLIST"), numbers(gigabyte-20), []byte("movi"))
	}
	return file, int64(chunks) * gigabyte
}

func TestLargeFiles(t *testing.T) {
	open := func(file *sparse, size int64) library.Media {
		t.Helper()
		media, err := avi.Read(source.New(t.Context(), library.Content{Data: file, Size: size}))
		if err != nil {
			t.Fatal(err)
		}
		return media
	}
	t.Run("AllOfThemIsThere", func(t *testing.T) {
		file, size := openDML(5)
		media := open(file, size)
		if media.DurationSeconds != 4000 || len(media.Tracks) != 1 || len(media.Warnings) != 0 {
			t.Errorf("got %+v", media)
		}
		if file.read > 200_000 {
			t.Errorf("%d bytes were read", file.read)
		}
	})
	t.Run("WhereTheLastChunkIsCutShortThereIsAWarning", func(t *testing.T) {
		file, size := openDML(3)
		media := open(file, size-12345)
		if len(media.Warnings) != 1 || !strings.Contains(media.Warnings[0], "12345 bytes before") || media.DurationSeconds != 4000 {
			t.Errorf("got %+v", media)
		}
	})
	t.Run("WhereTheFirstChunkIsCutShortOnlyWhatIsThereLasts", func(t *testing.T) {
		file, _ := openDML(1)
		if media := open(file, 1<<29); media.DurationSeconds != 2000 || len(media.Warnings) != 1 {
			t.Errorf("got %+v", media)
		}
	})
}
