package matroska_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/matroska"
	"vpo/internal/media/source"
)

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		data []byte
		kind error
		says string
	}{
		{"NothingAtAll", nil, library.ErrIncomplete, "empty"},
		{"AnotherFormat", []byte("RIFF....AVI LIST"), library.ErrMalformed, "EBML"},
		{"TheHeaderAlone", header(), library.ErrIncomplete, "before its segment"},
		{"AnotherDocument", slices.Concat(element(idEBML, text(idDocType, "mka4")), element(idSegment)), library.ErrMalformed, `"mka4"`},
		{"ADocumentWithoutType", slices.Concat(element(idEBML), element(idSegment)), library.ErrMalformed, "document type"},
		{"AVersionOfTheFuture", slices.Concat(element(idEBML, text(idDocType, "webm"), number(idReadVersion, 2)), element(idSegment)),
			library.ErrMalformed, "asks for 2"},
		{"ASegmentWithoutTracks", document(info()), library.ErrMalformed, "tracks"},
		{"ASegmentThatIsCutOffBeforeItsTracks", slices.Concat(header(), claiming(idSegment, 5000, info())), library.ErrIncomplete, "ends at"},
		{"AnEndlessSegmentWithoutTracks", slices.Concat(header(), openEnded(idSegment, info())), library.ErrIncomplete, "tracks"},
		{"ATrackThatIsLargerThanItsParent", document(info(), element(idTracks, claiming(idTrackEntry, 100, make([]byte, 9)))),
			library.ErrMalformed, "larger than what it lies in"},
		{"ATrackWithoutEnd", document(info(), element(idTracks, openEnded(idTrackEntry))), library.ErrMalformed, "does not tell its size"},
		{"ANumberOfNineBytes", document(info(), element(idTracks, element(idTrackEntry, element(idTrackNumber, make([]byte, 9))))),
			library.ErrMalformed, "9 bytes"},
		{"ADurationOfThreeBytes", document(element(idInfo, element(idDuration, make([]byte, 3))), element(idTracks)),
			library.ErrMalformed, "3 bytes"},
		{"SomethingThatIsNoElement", document(info(), element(idTracks, []byte{0x01, 0x02, 0x03})), library.ErrMalformed, "no element"},
		{"ASizeBeyondAllFiles", slices.Concat(header(), idBytes(idSegment), []byte{0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE},
			idBytes(idTracks), []byte{0x01, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00}), library.ErrIncomplete, "ends at"},
		{"MoreElementsThanAnyFilmHas", document(make([]byte, 0), slices.Repeat([]byte{idVoid, 0x80}, 300_000)), library.ErrMalformed, "elements"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := open(t, test.data)
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %v that says %q", err, test.kind, test.says)
			}
		})
	}
}

// smallFiles are the Matroska and WebM files of the sample library.
func smallFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, pattern := range []string{"*/*/*.mkv", "*/*/*.webm", "*/*/*/*.mkv"} {
		paths, err := filepath.Glob(filepath.Join("../../../testdata/library", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if matroska.Is(data) { // one of them never was a film
				files[filepath.Base(path)] = data
			}
		}
	}
	if len(files) < 3 {
		t.Fatalf("the sample library has %d files only", len(files))
	}
	return files
}

func TestAFileThatIsCutShortIsIncompleteOrReadWithAWarning(t *testing.T) {
	for name, data := range smallFiles(t) {
		t.Run(name, func(t *testing.T) {
			for n := range data {
				media, err := open(t, data[:n])
				switch {
				case err != nil && !errors.Is(err, library.ErrIncomplete):
					t.Fatalf("%d bytes: %v", n, err)
				case err == nil && len(media.Warnings) == 0:
					t.Fatalf("%d of %d bytes: no warning", n, len(data))
				}
			}
		})
	}
}

func TestWrongDataAreAnErrorOrWarnedOfAndNeverMore(t *testing.T) {
	for name, data := range smallFiles(t) {
		t.Run(name, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(1, uint64(len(data))))
			for range 3000 {
				broken := slices.Clone(data)
				for range 1 + chance.IntN(8) {
					broken[chance.IntN(min(len(broken), 2000))] = byte(chance.Uint32())
				}
				media, err := open(t, broken)
				check(t, media, err)
			}
		})
	}
}

// check holds a reading against what is always true.
func check(t *testing.T, media library.Media, err error) {
	t.Helper()
	if err != nil {
		if !errors.Is(err, library.ErrIncomplete) && !errors.Is(err, library.ErrMalformed) && !errors.Is(err, source.ErrBudget) {
			t.Fatalf("an error of another kind: %v", err)
		}
		if strings.ContainsAny(err.Error(), "\n\r") {
			t.Fatalf("an error of several lines: %q", err)
		}
		return
	}
	if media.ContainerFormat != "matroska,webm" || !(media.DurationSeconds >= 0) || math.IsInf(media.DurationSeconds, 0) {
		t.Fatalf("container %q, duration %v", media.ContainerFormat, media.DurationSeconds)
	}
	for i, track := range media.Tracks {
		if track.Index != i {
			t.Fatalf("track %d has the index %d", i, track.Index)
		}
		if min(track.Width, track.Height, track.Channels, track.SampleRate, track.BitDepth) < 0 || track.Type == "" || track.Language == "" {
			t.Fatalf("track %d is %+v", i, track)
		}
	}
	for _, chapter := range media.Chapters {
		if !(chapter.StartSeconds >= 0) || !(chapter.EndSeconds >= 0) {
			t.Fatalf("chapter %+v", chapter)
		}
	}
}

func TestAnEndedContextEndsTheReading(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	cancel(why)
	data := film()
	file := library.Content{Data: strings.NewReader(string(data)), Size: int64(len(data))}
	if _, err := matroska.Read(source.New(ctx, file)); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

func TestDamageWhereItCanBeDoneWithout(t *testing.T) {
	bad := []byte{0x01, 0x02, 0x03}
	for _, test := range []struct {
		name string
		data []byte
		says string
	}{
		{"TagsThatAreBrokenAreWarnedOf", film(element(idTags, bad)), "tags: "},
		{"ChaptersThatAreBrokenAreWarnedOf", film(element(idChapters, bad)), "chapters: "},
		{"AttachmentsThatAreBrokenAreWarnedOf", film(element(idAttachments, bad)), "attachments: "},
		{"ASeekHeadThatIsBrokenIsWarnedOf", film(element(idSeekHead, bad)), "seek head: "},
		{"RubbishBehindTheTracksIsWarnedOf", film(bad), "segment: "},
		{"ABlockWithoutHeadIsWarnedOf", document(info(), element(idTracks, videoTrack()), element(idCluster, element(idSimpleBlock, []byte{0x81}))),
			"clusters: "},
		{"AFileThatEndsTooEarlyIsWarnedOf", film(element(idVoid, make([]byte, 400)))[:250], "bytes before what its header announces"},
		{"NoDurationIsWarnedOf", document(element(idTracks, videoTrack(number(idFrames, 40_000_000)))), "how long it lasts"},
		{"NoTracksAreWarnedOf", document(info(), element(idTracks)), "no tracks"},
		{"ATrackOfAnUnknownTypeIsWarnedOf", document(info(), element(idTracks, videoTrack(number(idFrames, 1)),
			element(idTrackEntry, number(idTrackType, 0x12), text(idCodecID, "B_VOBBTN")))), `"B_VOBBTN"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			media, err := open(t, test.data)
			check(t, media, err)
			if err != nil || !strings.Contains(strings.Join(media.Warnings, "\n"), test.says) {
				t.Errorf("got %v, warnings %q, want one that says %q", err, media.Warnings, test.says)
			}
		})
	}
}
