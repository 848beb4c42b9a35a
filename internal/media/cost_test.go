package media_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media"
)

// metered counts what is read of a file.
type metered struct {
	io.ReaderAt
	reads, bytes int
}

func (m *metered) ReadAt(p []byte, offset int64) (int, error) {
	m.reads++
	m.bytes += len(p)
	return m.ReaderAt.ReadAt(p, offset)
}

// TestALongFilmCostsNoMoreThanAShortOne reads films of two hours, whose tables and indices have hundreds of thousands of
// entries, and counts reads beyond the first 64 KiB, which a scan has read already.
func TestALongFilmCostsNoMoreThanAShortOne(t *testing.T) {
	const (
		mostReads = 8
		mostBytes = 256 << 10
	)
	dir := forged(t)
	for _, s := range long() {
		film := content(t, filepath.Join(dir, s.name))
		meter := &metered{ReaderAt: film.Data}
		film.Data = meter
		got, err := (&media.Prober{}).Probe(t.Context(), film)
		if err != nil || got.Reader != library.ReaderNative || len(got.Tracks) != 2 {
			t.Errorf("%s: %+v, %v", s.name, got, err)
		}
		if hours := strings.Contains(s.name, "two-hours"); hours && got.DurationSeconds < 7200 {
			t.Errorf("%s lasts %v seconds", s.name, got.DurationSeconds)
		}
		if meter.reads > mostReads || meter.bytes > mostBytes {
			t.Errorf("%s: %d reads of %d bytes", s.name, meter.reads, meter.bytes)
		}
		t.Logf("%s: %d reads of %d bytes", s.name, meter.reads, meter.bytes)
	}
}
