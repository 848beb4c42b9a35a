package avi_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/avi"
	"vpo/internal/media/source"
)

// documented tells whether an error is one of those that Read announces.
func documented(err error) bool {
	return err == nil || errors.Is(err, library.ErrIncomplete) || errors.Is(err, library.ErrMalformed) || errors.Is(err, source.ErrBudget)
}

func TestRead(t *testing.T) {
	header := chunk("avih", make([]byte, 56))
	movi := list("movi", chunk("00db", make([]byte, 100)))
	for name, data := range map[string][]byte{
		"AnotherFormatIsMalformed":                    []byte("\x1aE\xdf\xa3 this is Matroska, and long enough"),
		"AWaveFileIsMalformed":                        chunk("RIFF", []byte("WAVE"), movi),
		"FramesWithoutAStreamAreMalformed":            riff(list("hdrl", header), movi),
		"FramesWithoutHeadersAreMalformed":            riff(movi),
		"AChunkThatIsLongerThanItsListIsMalformed":    riff(list("hdrl", header, []byte("strl\xff\x00\x00\x00")), movi),
		"AHeaderOfAStreamThatIsTooShortIsMalformed":   riff(list("hdrl", list("strl", chunk("strh", make([]byte, 20)))), movi),
		"AFormatOfAPictureThatIsTooShortIsMalformed":  riff(list("hdrl", list("strl", strh("vids", "DIVX", 1, 25, 1, 0), chunk("strf", make([]byte, 39)))), movi),
		"AFormatOfSoundThatIsTooShortIsMalformed":     riff(list("hdrl", list("strl", strh("auds", "\x00\x00\x00\x00", 1, 25, 1, 0), chunk("strf", make([]byte, 13)))), movi),
		"MoreStreamsThanFramesCanNameAreMalformed":    riff(list("hdrl", []byte(strings.Repeat(string(rawPicture(1)), 101))), movi),
		"ChunksWithoutEndBeforeTheFramesAreMalformed": riff(list("hdrl", rawPicture(1)), []byte(strings.Repeat("JUNK\x00\x00\x00\x00", 5000)), movi),
		"AListWithoutAKindIsMalformed":                riff(list("hdrl", rawPicture(1)), []byte("LIST\x00\x00\x00\x00INFO"), movi),
	} {
		t.Run(name, func(t *testing.T) {
			if media, err := read(t, data); !errors.Is(err, library.ErrMalformed) {
				t.Errorf("got %+v, %v", media, err)
			}
		})
	}
	t.Run("AFileThatIsCutShortBeforeItsFramesIsIncomplete", func(t *testing.T) {
		whole := small()
		frames := len(whole) - 108
		for size := range frames {
			if _, err := read(t, whole[:size]); !errors.Is(err, library.ErrIncomplete) {
				t.Fatalf("of %d bytes: %v", size, err)
			}
		}
	})
	t.Run("AFileThatIsCutShortWithinItsFramesIsReadWithAWarning", func(t *testing.T) {
		whole := small()
		for size := len(whole) - 108; size < len(whole); size++ {
			if media := mustRead(t, whole[:size]); len(media.Warnings) != 1 || !strings.Contains(media.Warnings[0], "the file ends") {
				t.Fatalf("of %d bytes: %q", size, media.Warnings)
			}
		}
	})
	t.Run("ARealFileThatIsCutShortIsIncompleteOrReadWithAWarning", func(t *testing.T) {
		whole := readFile(t, filepath.Join("..", "..", "..", "testdata", "library", "Home Videos", "1994", "HARBOUR.AVI"))
		for size := range whole {
			if media, err := read(t, whole[:size]); !errors.Is(err, library.ErrIncomplete) && (err != nil || len(media.Warnings) == 0) {
				t.Fatalf("of %d bytes: %q, %v", size, media.Warnings, err)
			}
		}
	})
	t.Run("AFileWhoseHeaderWasNeverFinishedIsReadWithAWarning", func(t *testing.T) {
		for _, size := range []string{"\x00\x00\x00\x00", "\xff\xff\xff\xff"} {
			data := small()
			copy(data[4:], size)
			if media := mustRead(t, data); len(media.Warnings) != 1 || !strings.Contains(media.Warnings[0], "never filled in") {
				t.Errorf("%q", media.Warnings)
			}
		}
	})
	t.Run("AnEndedContextEndsTheReading", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("enough")
		cancel(why)
		file := content(small())
		file.Head = nil
		if _, err := avi.Read(source.New(ctx, file)); !errors.Is(err, why) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("AnErrorOfTheFileSystemIsPassedOn", func(t *testing.T) {
		file := library.Content{Data: broken{}, Size: 1000}
		if _, err := avi.Read(source.New(t.Context(), file)); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("DamageNowhereMakesItPanic", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		for range 20_000 {
			data := small()
			for range 1 + random.IntN(4) {
				data[random.IntN(len(data)-100)] = byte(random.Uint32())
			}
			if _, err := read(t, data); !documented(err) {
				t.Fatalf("%v", err)
			}
		}
	})
	t.Run("NoErrorNamesTheFileOrFillsMoreThanALine", func(t *testing.T) {
		_, err := read(t, small()[:200])
		if err == nil || strings.ContainsAny(err.Error(), "\n/") {
			t.Errorf("got %v", err)
		}
	})
}

// broken is a file that cannot be read.
type broken struct{}

func (broken) ReadAt([]byte, int64) (int, error) { return 0, io.ErrClosedPipe }

func TestIs(t *testing.T) {
	for head, want := range map[string]bool{
		"": false, "RIFF": false, "RIFF\x00\x00\x00\x00AVI": false, "RIFF\x00\x00\x00\x00WAVE": false, "RIFX\x00\x00\x00\x00AVI ": false,
		"RIFF\x00\x00\x00\x00AVI ": true, "RIFF\xff\xff\xff\xffAVI LIST": true,
	} {
		if got := avi.Is([]byte(head)); got != want {
			t.Errorf("Is(%q) = %v", head, got)
		}
	}
}
