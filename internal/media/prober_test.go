package media_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media"
)

const lighthouseFile = films + "The Lighthouse Keeper (2021)/The Lighthouse Keeper (2021).mkv"

// second is a second opinion that always says the same, and counts how often it is asked.
type second struct {
	media library.Media
	err   error
	asked int
}

func (s *second) probe(context.Context, string) (library.Media, error) {
	s.asked++
	return s.media, s.err
}

// opinion is a film as ffprobe would tell of it.
func opinion() library.Media {
	return library.Media{
		ContainerFormat: "asf", DurationSeconds: 3, Reader: library.ReaderFFprobe,
		Tracks: []library.Track{{Type: library.TrackVideo, Codec: "wmv2", Language: "und", Width: 160, Height: 90}},
	}
}

// inMemory is a file with this content.
func inMemory(data string) library.Content {
	return library.Content{Path: "film.mkv", Data: strings.NewReader(data), Size: int64(len(data)), Head: []byte(data)}
}

const foreignFile = "0&\xb2u\x8ef\xcf\x11 an ASF header"

// badFilms are a film whose headers are overwritten, and one that ends within them, by what they are to be called.
func badFilms(t *testing.T) map[error]library.Content {
	t.Helper()
	film, err := os.ReadFile(lighthouseFile)
	if err != nil {
		t.Fatal(err)
	}
	segment := bytes.Index(film, []byte("\x18\x53\x80\x67"))
	if segment < 0 {
		t.Fatal("the film has no segment")
	}
	begin := string(film[:segment+12])
	return map[error]library.Content{
		library.ErrMalformed:  inMemory(begin + strings.Repeat("\x00", len(film)-len(begin))),
		library.ErrIncomplete: inMemory(begin),
	}
}

func TestProberOfBadFiles(t *testing.T) {
	for _, row := range []struct {
		name, data string
		second     *second
		want       string // the error
		is         error
		asked      int
	}{
		{"AnEmptyFileIsIncomplete", "", &second{media: opinion()}, "the file is incomplete: it is empty", library.ErrIncomplete, 0},
		{"AFileOfZerosIsIncomplete", strings.Repeat("\x00", 100_000), &second{media: opinion()},
			"the file is incomplete: it begins with nothing but zeros, as a download does that reserves its room first",
			library.ErrIncomplete, 0},
		{"AnUnknownContainerThatFFprobeDoesNotKnowEither", foreignFile, &second{err: errors.New("ffprobe: Invalid data")},
			"its container is none that this program reads itself; ffprobe: Invalid data", nil, 1},
		{"AnUnknownContainerInWhichFFprobeFindsNothing", foreignFile, &second{media: library.Media{ContainerFormat: "tty"}},
			"its container is none that this program reads itself; ffprobe: no tracks", nil, 1},
		{"AnUnknownContainerWithoutFFprobeStaysPending", foreignFile, nil,
			"no program to read video files with: ffprobe was not found; install the package ffmpeg, or set tools.ffprobe" +
				" (its container is none that this program reads itself)", library.ErrProberUnavailable, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			prober := media.Prober{}
			if row.second != nil {
				prober.Second = row.second.probe
			}
			got, err := prober.Probe(t.Context(), inMemory(row.data))
			if err == nil || err.Error() != row.want {
				t.Fatalf("got  %v\nwant %s", err, row.want)
			}
			if row.is != nil && !errors.Is(err, row.is) {
				t.Errorf("it is no %v", row.is)
			}
			if row.second != nil && row.second.asked != row.asked {
				t.Errorf("ffprobe was asked %d times", row.second.asked)
			}
			if got.Reader == "" || len(got.Tracks) > 0 {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestProberOfADamagedFile(t *testing.T) {
	t.Run("BothReasonsAreToldWhereBothFail", func(t *testing.T) {
		for kind, film := range badFilms(t) {
			prober := media.Prober{Second: (&second{err: errors.New("ffprobe: End of file")}).probe}
			_, err := prober.Probe(t.Context(), film)
			if !errors.Is(err, kind) || !strings.HasSuffix(err.Error(), "; ffprobe: End of file") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %v", err, kind)
			}
		}
	})
	t.Run("ItsOwnReasonRemainsWithoutFFprobe", func(t *testing.T) {
		missing := media.FFprobe{Path: filepath.Join(t.TempDir(), "ffprobe")}
		for _, prober := range []*media.Prober{{}, {Second: missing.Probe}} {
			for kind, film := range badFilms(t) {
				_, err := prober.Probe(t.Context(), film)
				if !errors.Is(err, kind) || errors.Is(err, library.ErrProberUnavailable) {
					t.Errorf("got %v, want %v", err, kind)
				}
			}
		}
	})
	t.Run("FFprobeMayStillReadIt", func(t *testing.T) {
		ask := &second{media: opinion()}
		got, err := (&media.Prober{Second: ask.probe}).Probe(t.Context(), badFilms(t)[library.ErrMalformed])
		if err != nil || ask.asked != 1 || got.Reader != library.ReaderFFprobe || !strings.HasPrefix(got.Doubt, "the file is damaged") {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestProberOfAGoodFile(t *testing.T) {
	t.Run("FFprobeIsNotAsked", func(t *testing.T) {
		ask := &second{media: opinion()}
		got, err := (&media.Prober{Second: ask.probe}).Probe(t.Context(), content(t, lighthouseFile))
		if err != nil || ask.asked != 0 || got.Reader != library.ReaderNative || got.Doubt != "" || len(got.Tracks) != 4 {
			t.Errorf("asked %d times, got %+v, %v", ask.asked, got, err)
		}
	})
	t.Run("ItsNameMeansNothing", func(t *testing.T) {
		film := content(t, lighthouseFile)
		film.Path = "film.avi"
		got, err := (&media.Prober{}).Probe(t.Context(), film)
		if err != nil || got.ContainerFormat != "matroska,webm" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("NoHeadIsNeeded", func(t *testing.T) {
		film := content(t, lighthouseFile)
		film.Head = nil
		got, err := (&media.Prober{}).Probe(t.Context(), film)
		if err != nil || len(got.Tracks) != 4 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("ManyAtOnceDoNotMeet", func(t *testing.T) {
		var prober media.Prober
		var group sync.WaitGroup
		for _, path := range []string{lighthouseFile, films + "Paper Boats (2017)/Paper Boats (2017).webm"} {
			for range 4 {
				film := content(t, path)
				film.Head = nil
				group.Go(func() {
					for range 50 {
						want := map[bool]int{true: 4, false: 2}[path == lighthouseFile]
						if got, err := prober.Probe(t.Context(), film); err != nil || len(got.Tracks) != want {
							t.Errorf("%s: %d tracks, %v", path, len(got.Tracks), err)
							return
						}
					}
				})
			}
		}
		group.Wait()
	})
	t.Run("AnUnknownContainerIsReadByFFprobe", func(t *testing.T) {
		ask := &second{media: opinion()}
		got, err := (&media.Prober{Second: ask.probe}).Probe(t.Context(), inMemory(foreignFile))
		if err != nil || got.ContainerFormat != "asf" || got.Doubt != "its container is none that this program reads itself" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

// TestProberOfAFileThatLeavesSomethingOpen reads a film whose duration is not in its headers.
func TestProberOfAFileThatLeavesSomethingOpen(t *testing.T) {
	film, err := os.ReadFile(lighthouseFile)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(film, []byte("\x44\x89\x88"))
	if at < 0 {
		t.Fatal("the film has no duration")
	}
	copy(film[at:], "\xec\x89\x00") // an element Void of the same length in its place
	open := inMemory(string(film))
	t.Run("FFprobeCompletesIt", func(t *testing.T) {
		got, err := (&media.Prober{Second: (&second{media: opinion()}).probe}).Probe(t.Context(), open)
		if err != nil || got.ContainerFormat != "asf" || got.Doubt != "the headers leave open: the duration" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	missing := media.FFprobe{Path: filepath.Join(t.TempDir(), "ffprobe")}
	for name, row := range map[string]struct {
		prober  *media.Prober
		warning string
	}{
		"IsKeptWithAWarningWithoutFFprobe":           {&media.Prober{}, "ffprobe could not be asked"},
		"IsKeptWithAWarningWhereFFprobeDoesNotStart": {&media.Prober{Second: missing.Probe}, "ffprobe could not be asked"},
		"IsKeptWithAWarningWhereFFprobeFails": {
			&media.Prober{Second: (&second{err: errors.New("ffprobe: End of file")}).probe}, "ffprobe: End of file"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := row.prober.Probe(t.Context(), open)
			if err != nil || got.Reader != library.ReaderNative || len(got.Tracks) != 4 || len(got.Warnings) == 0 {
				t.Fatalf("got %+v, %v", got, err)
			}
			if want := "the headers leave open: the duration; " + row.warning; got.Warnings[len(got.Warnings)-1] != want {
				t.Errorf("got %q, want %q last", got.Warnings, want)
			}
		})
	}
}

// failing is a file on a disk that fails.
type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func TestProberThatCannotRead(t *testing.T) {
	t.Run("AFailingDiskIsNotTheFilesFault", func(t *testing.T) {
		broken := errors.New("input/output error")
		ask := &second{media: opinion()}
		_, err := (&media.Prober{Second: ask.probe}).Probe(t.Context(), library.Content{Data: failing{broken}, Size: 1 << 20})
		if !errors.Is(err, broken) || ask.asked != 0 {
			t.Errorf("asked %d times, got %v", ask.asked, err)
		}
	})
	t.Run("ASlowDiskLeavesItToFFprobe", func(t *testing.T) {
		film := content(t, lighthouseFile)
		film.Head = nil
		got, err := (&media.Prober{Second: (&second{media: opinion()}).probe, Timeout: 1}).Probe(t.Context(), film)
		if err != nil || got.Doubt != "its headers could not be read in time" {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = (&media.Prober{Timeout: 1}).Probe(t.Context(), film)
		if !errors.Is(err, library.ErrProberUnavailable) {
			t.Errorf("without ffprobe: %v", err)
		}
	})
	t.Run("AnInterruptedScanSaysSo", func(t *testing.T) {
		stopped := errors.New("stopped")
		ctx, cancel := context.WithCancelCause(t.Context())
		ask := func(context.Context, string) (library.Media, error) {
			cancel(stopped)
			return library.Media{}, errors.New("killed")
		}
		prober := media.Prober{Second: ask}
		for range 2 { // while ffprobe runs, and before anything is read
			if _, err := prober.Probe(ctx, inMemory(foreignFile)); !errors.Is(err, stopped) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// BenchmarkProbe reads a film whose head has been read, as a scan does.
func BenchmarkProbe(b *testing.B) {
	film := content(b, lighthouseFile)
	var prober media.Prober
	b.ReportAllocs()
	for b.Loop() {
		if _, err := prober.Probe(b.Context(), film); err != nil {
			b.Fatal(err)
		}
	}
}
