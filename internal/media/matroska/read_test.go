package matroska_test

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/matroska"
	"vpo/internal/media/source"
)

// read reads a file that is sound.
func read(t *testing.T, data []byte) library.Media {
	t.Helper()
	media, err := open(t, data)
	check(t, media, err)
	if err != nil {
		t.Fatal(err)
	}
	return media
}

func TestIs(t *testing.T) {
	webm := element(idEBML, text(idDocType, "webm"))
	for _, test := range []struct {
		name string
		head []byte
		want bool
	}{
		{"Matroska", film(), true},
		{"WebM", webm, true},
		{"AnotherDocumentIsNot", slices.Concat(element(idEBML, text(idDocType, "other")), []byte("matroska")), false},
		{"AnotherFileIsNot", []byte("\x00\x00\x00\x20ftypmatroska"), false},
		{"NothingIsNot", nil, false},
		{"FourBytesAreNot", webm[:4], false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := matroska.Is(test.head); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestLanguages(t *testing.T) {
	for _, test := range []struct {
		name      string
		elements  [][]byte
		code, tag string
	}{
		{"ATrackThatDoesNotTellIsEnglish", nil, "eng", "en"},
		{"TheOldElementAlone", [][]byte{text(idLanguage, "ger")}, "ger", "de"},
		{"TheOldElementUndetermined", [][]byte{text(idLanguage, "und")}, "und", ""},
		{"TheNewElementWins", [][]byte{text(idLanguage, "eng"), text(idBCP47, "pt-br")}, "por", "pt-BR"},
		{"TheNewElementUndeterminedWins", [][]byte{text(idLanguage, "eng"), text(idBCP47, "und")}, "und", ""},
		{"TheNewElementAlone", [][]byte{text(idBCP47, "zh-Hant")}, "chi", "zh-Hant"},
		{"TheNewElementUnknownLeavesTheOldOne", [][]byte{text(idLanguage, "hbs"), text(idBCP47, "sh")}, "hbs", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			track := read(t, document(info(), element(idTracks, videoTrack(test.elements...)))).Tracks[0]
			if track.Language != test.code || track.LanguageTag != test.tag {
				t.Errorf("got %q, %q, want %q, %q", track.Language, track.LanguageTag, test.code, test.tag)
			}
		})
	}
}

func TestFrameRateOfFramesThatDoNotTellIt(t *testing.T) {
	track := element(idTracks, videoTrack())
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"IsThatOfTheirTimes", document(info(), track, element(idCluster, paced(60, 24000./1001))), "24000/1001"},
		{"InAClusterWithoutSize", slices.Concat(header(), openEnded(idSegment, info(), track, openEnded(idCluster, paced(30, 50)),
			openEnded(idCluster, paced(30, 50)))), "50/1"},
		{"IsUnknownWithoutFrames", document(info(), track), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := read(t, test.data).Tracks[0].FrameRate; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// seekTo builds a seek head of one entry.
func seekTo(id uint32, position int) []byte {
	return element(idSeekHead, element(idSeek, element(idSeekID, idBytes(id)), element(idSeekPosition, []byte{byte(position >> 8), byte(position)})))
}

func tags(key, value string) []byte {
	return element(idTags, element(idTag, element(idTargets), element(idSimpleTag, text(idTagName, key), text(idTagString, value))))
}

func TestSeekHead(t *testing.T) {
	track := element(idTracks, videoTrack(number(idFrames, 40_000_000)))
	front := len(seekTo(idTags, 0)) + len(info()) + len(track)
	cluster := element(idCluster, paced(3, 25))
	late := func(head []byte, behind ...[]byte) []byte {
		return document(head, info(), track, cluster, slices.Concat(behind...))
	}
	t.Run("TagsBehindTheClustersAreRead", func(t *testing.T) {
		media := read(t, late(seekTo(idTags, front+len(cluster)), tags("A", "b")))
		if want := map[string]string{"a": "b"}; !reflect.DeepEqual(media.Tags, want) || len(media.Warnings) > 0 {
			t.Errorf("got %v, %v", media.Tags, media.Warnings)
		}
	})
	t.Run("TracksBehindTheClustersAreRead", func(t *testing.T) {
		media := read(t, document(seekTo(idTracks, len(seekTo(idTracks, 0))+len(info())+len(cluster)), info(), cluster, track))
		if len(media.Tracks) != 1 {
			t.Errorf("got %+v", media)
		}
	})
	t.Run("ASeekHeadBehindTheClustersIsFollowed", func(t *testing.T) {
		second := seekTo(idTags, front+len(cluster)+len(seekTo(idTags, 0)))
		media := read(t, late(seekTo(idSeekHead, front+len(cluster)), second, tags("A", "b")))
		if media.Tags["a"] != "b" {
			t.Errorf("got %v, %v", media.Tags, media.Warnings)
		}
	})
	t.Run("OneThatPointsAtItselfEnds", func(t *testing.T) {
		itself := seekTo(idSeekHead, front+len(cluster))
		if media := read(t, late(itself, itself)); len(media.Tracks) != 1 {
			t.Errorf("got %+v", media)
		}
	})
	t.Run("OneThatPointsAtSomethingElseIsWarnedOf", func(t *testing.T) {
		media := read(t, late(seekTo(idTags, front), tags("A", "b")))
		if !strings.Contains(strings.Join(media.Warnings, "\n"), "points at something else") {
			t.Errorf("got %v", media.Warnings)
		}
	})
	t.Run("OneThatPointsBehindTheFileIsWarnedOf", func(t *testing.T) {
		media := read(t, late(seekTo(idTags, 60_000)))
		if !strings.Contains(strings.Join(media.Warnings, "\n"), "ends before") {
			t.Errorf("got %v", media.Warnings)
		}
	})
}

func atom(start uint64, title string, more ...[]byte) []byte {
	return element(idAtom, number(idStart, start), element(idDisplay, text(idString, title)), slices.Concat(more...))
}

func chapter(start, end float64, title string) library.Chapter {
	return library.Chapter{StartSeconds: start, EndSeconds: end, Title: title}
}

func TestChapters(t *testing.T) {
	const half = 500_000_000
	for _, test := range []struct {
		name string
		data []byte
		want []library.Chapter
	}{
		{"AChapterEndsWhereTheNextBegins", element(idEdition, atom(0, "A"), atom(half, "B")), []library.Chapter{chapter(0, 0.5, "A"), chapter(0.5, 2, "B")}},
		{"AChapterTellsItsEnd", element(idEdition, atom(0, "A", number(idEnd, half/2)), atom(half, "B")), []library.Chapter{chapter(0, 0.25, "A"), chapter(0.5, 2, "B")}},
		{"ChaptersInChaptersAreLeftOut", element(idEdition, atom(0, "A", atom(1, "C"))), []library.Chapter{chapter(0, 2, "A")}},
		{"TheDefaultEditionIsTaken", slices.Concat(element(idEdition, atom(0, "A")), element(idEdition, number(idEditionDefault, 1), atom(0, "B"))),
			[]library.Chapter{chapter(0, 2, "B")}},
		{"ElseTheFirstEdition", slices.Concat(element(idEdition, atom(0, "A")), element(idEdition, atom(0, "B"))), []library.Chapter{chapter(0, 2, "A")}},
		{"NoEditionHasNone", nil, nil},
		{"TimesBeyondAllFilmsAreNone", element(idEdition, atom(1<<63, "A")), []library.Chapter{chapter(0, 2, "A")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := read(t, film(element(idChapters, test.data))).Chapters; !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestTagsThatAreTooLongAreLeftOut(t *testing.T) {
	media := read(t, film(tags(strings.Repeat("k", 256), "v"), tags("long", strings.Repeat("v", 4097)), tags("KEY", strings.Repeat("ä", 4096)),
		tags("bad", "\xff\x00rest")))
	want := map[string]string{"key": strings.Repeat("ä", 4096), "bad": "\uFFFD"}
	if !reflect.DeepEqual(media.Tags, want) {
		t.Errorf("got the keys %v", media.Tags)
	}
}

// sparse is a file of which most is zeros; it counts what is read of it.
type sparse struct {
	front, back []byte
	size        int64
	reads       int
	bytes       int
}

func (s *sparse) ReadAt(p []byte, offset int64) (int, error) {
	s.reads++
	s.bytes += len(p)
	clear(p)
	if offset < int64(len(s.front)) {
		copy(p, s.front[offset:])
	}
	if from := s.size - int64(len(s.back)); offset+int64(len(p)) > from {
		if offset >= from {
			copy(p, s.back[offset-from:])
		} else {
			copy(p[from-offset:], s.back)
		}
	}
	if offset+int64(len(p)) > s.size {
		return int(s.size - offset), io.EOF
	}
	return len(p), nil
}

func TestALargeFilmIsReadAtItsBeginningAndItsEnd(t *testing.T) {
	const length = 200 << 20
	back := tags("A", "b")
	track := element(idTracks, videoTrack(number(idFrames, 40_000_000)))
	frames := claiming(idCluster, length)
	position := 22 + len(info()) + len(track) + len(frames) + length
	seekHead := element(idSeekHead, element(idSeek, element(idSeekID, idBytes(idTags)), number(idSeekPosition, uint64(position))))
	if len(seekHead) != 22 {
		t.Fatalf("the seek head has %d bytes", len(seekHead))
	}
	inside := slices.Concat(seekHead, info(), track, frames)
	file := &sparse{front: slices.Concat(header(), claiming(idSegment, position+len(back), inside)), back: back}
	file.size = int64(len(file.front) + length + len(back))
	head := make([]byte, 64<<10)
	copy(head, file.front)
	media, err := matroska.Read(source.New(t.Context(), library.Content{Data: file, Size: file.size, Head: head}))
	if err != nil || media.Tags["a"] != "b" || len(media.Warnings) > 0 {
		t.Fatalf("got %+v, %v", media, err)
	}
	if file.reads != 1 || file.bytes > 16<<10 {
		t.Errorf("%d reads of %d bytes", file.reads, file.bytes)
	}
}

func TestTheStreamOfALiveEncoderIsRead(t *testing.T) {
	w := newWorkshop(t, "ffmpeg")
	var stream bytes.Buffer
	w.runInto(&stream, "ffmpeg "+picture+" "+sound+" -c:v libvpx -speed 8 -c:a libopus -f matroska -live 1 pipe:1")
	media := read(t, stream.Bytes())
	if len(media.Tracks) != 2 || media.DurationSeconds != 0 || media.Tracks[0].FrameRate != "24000/1001" {
		t.Errorf("got %+v", media)
	}
	if !strings.Contains(strings.Join(media.Warnings, "\n"), "how long it lasts") {
		t.Errorf("got the warnings %q", media.Warnings)
	}
}
