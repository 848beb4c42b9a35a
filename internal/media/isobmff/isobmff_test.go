package isobmff_test

import (
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/isobmff"
	"vpo/internal/media/source"
)

// built makes a box.
func built(kind string, parts ...string) string {
	body := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body
}

func u16(n int) string        { return string(binary.BigEndian.AppendUint16(nil, uint16(n))) }
func u32(n int) string        { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }
func zeros(n int) string      { return strings.Repeat("\x00", n) }
func full(n int) string       { return u32(n << 24) } // version, no flags
func fileType() string        { return built("ftyp", "isom", u32(512), "isom") }
func movieHeader() string     { return built("mvhd", full(0), zeros(8), u32(1000), u32(2000), zeros(80)) }
func mediaData() string       { return built("mdat", zeros(64)) }
func handler(k string) string { return built("hdlr", full(0), zeros(4), k, zeros(13)) }

// trackOf makes a track with a sample description of one entry; more is appended to the trak box.
func trackOf(kind string, language int, entry string, more ...string) string {
	description := built("stsd", full(0), u32(1), entry)
	times := built("stts", full(0), u32(1), u32(50), u32(40))
	return built("trak",
		built("tkhd", u32(1), zeros(8), u32(1), zeros(68)),
		built("mdia", built("mdhd", full(0), zeros(8), u32(1000), u32(2000), u16(language), zeros(2)), handler(kind),
			built("minf", built("stbl", description, times))), strings.Join(more, ""))
}

func movieOf(parts ...string) string {
	return fileType() + built("moov", movieHeader(), strings.Join(parts, "")) + mediaData()
}

func text(name string) string { return built(name, zeros(8), u32(0), zeros(30)) }

// failures are files that cannot be read, and why.
var failures = []struct {
	name, file string
	want       error
	says       string
}{
	{"AnEmptyFileIsIncomplete", "", library.ErrIncomplete, "ends at 0"},
	{"AFileOfSevenBytesIsIncomplete", "\x00\x00\x00\x18fty", library.ErrIncomplete, "ends at 7"},
	{"AFileThatIsStillRecordedIsIncomplete", fileType() + built("free") + u32(0) + "mdat" + zeros(100), library.ErrIncomplete,
		"the index (moov) that belongs at its end is not there (yet)"},
	{"ACopyThatWasCutInTheMediaDataIsIncomplete", fileType() + u32(5000) + "mdat" + zeros(100), library.ErrIncomplete,
		"the index (moov) that belongs at its end is not there (yet)"},
	{"ADownloadWhoseEndIsStillZeroIsIncomplete", fileType() + mediaData() + zeros(1000), library.ErrIncomplete,
		"the index (moov) that belongs at its end is not there (yet)"},
	{"AnIndexThatIsCutIsIncomplete", movieOf(trackOf("vide", 0, ""))[:100], library.ErrIncomplete, "before its first headers do"},
	{"AFileTypeAloneIsIncomplete", fileType(), library.ErrIncomplete, "before its index"},
	{"ASizeOfSevenIsMalformed", fileType() + u32(7) + "moov" + zeros(8), library.ErrMalformed, "a box of 7 bytes at 20"},
	{"ALongSizeThatIsTooShortIsMalformed", fileType() + u32(1) + "moov" + zeros(7) + "\x0f", library.ErrMalformed, "a box of 15 bytes"},
	{"ALongSizeBeyondAllNumbersIsMalformed", fileType() + u32(1) + "mdat" + strings.Repeat("\xff", 8), library.ErrMalformed, "a box of"},
	{"ANameThatIsNoneIsMalformed", fileType() + u32(20) + "\x01\x02\x03\x04" + zeros(12), library.ErrMalformed, "no box begins at 20"},
	{"ABoxLongerThanItsParentIsMalformed", movieOf(u32(1000) + "trak" + zeros(20)), library.ErrMalformed, `the box "trak" at`},
	{"ACompressedIndexIsLeftToOthers", fileType() + built("moov", built("cmov", zeros(20))) + mediaData(), isobmff.ErrCompressed, "compressed"},
	{"AShortMovieHeaderIsMalformed", fileType() + built("moov", built("mvhd", zeros(10))), library.ErrMalformed, "the movie header at 28"},
	{"AShortTrackHeaderIsMalformed", movieOf(built("trak", built("tkhd", zeros(8)))), library.ErrMalformed, "the track header"},
	{"AShortMediaHeaderIsMalformed", movieOf(built("trak", built("mdia", built("mdhd", zeros(8))))), library.ErrMalformed, "the media header"},
	{"AShortHandlerIsMalformed", movieOf(built("trak", built("mdia", built("hdlr", zeros(8))))), library.ErrMalformed, "the handler"},
	{"ASampleDescriptionWithoutAnEntryIsMalformed", movieOf(trackOf("vide", 0, "")), library.ErrMalformed, "the sample description"},
	{"AThousandAndOneTracksAreMalformed", movieOf(strings.Repeat(built("trak"), 1001)), library.ErrMalformed, "more than 1000 tracks"},
}

func TestReadFails(t *testing.T) {
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			for _, known := range []int{head, 0} {
				_, err := read(t, []byte(f.file), known)
				if !errors.Is(err, f.want) || !strings.Contains(err.Error(), f.says) {
					t.Errorf("with %d bytes known: %v, instead of %v ... %s", known, err, f.want, f.says)
				}
				if err != nil && strings.ContainsAny(err.Error(), "\n\x00") {
					t.Errorf("not one line: %q", err)
				}
			}
		})
	}
}

// readable reads a file that can be read.
func readable(t *testing.T, file string) library.Media {
	t.Helper()
	media, err := read(t, []byte(file), head)
	if err != nil {
		t.Fatal(err)
	}
	return media
}

func TestReadIsLenient(t *testing.T) {
	whole := movieOf(trackOf("text", 0x55c4, text("tx3g")))
	t.Run("MediaDataThatEndEarlyAreAWarning", func(t *testing.T) {
		media := readable(t, whole[:len(whole)-10])
		if len(media.Warnings) != 1 || media.Warnings[0] != "the file ends 10 bytes before what its headers announce" {
			t.Errorf("%q", media.Warnings)
		}
	})
	t.Run("MediaDataThatAreNotThereAreAWarning", func(t *testing.T) {
		media := readable(t, strings.TrimSuffix(whole, mediaData()))
		if len(media.Warnings) != 1 || media.Warnings[0] != "the file ends before its media data" {
			t.Errorf("%q", media.Warnings)
		}
	})
	t.Run("WhatFollowsAllElseIsAWarning", func(t *testing.T) {
		media := readable(t, whole+"\x01\x02\x03\x04\x05\x06\x07\x08\x09")
		if len(media.Warnings) != 1 || media.Warnings[0] != "the last 9 bytes belong to nothing" {
			t.Errorf("%q", media.Warnings)
		}
	})
	t.Run("MediaDataWithoutASizeReachToTheEnd", func(t *testing.T) {
		media := readable(t, strings.TrimSuffix(whole, mediaData())+u32(0)+"mdat"+zeros(100))
		if len(media.Warnings) != 0 || len(media.Tracks) != 1 {
			t.Errorf("%q, %d tracks", media.Warnings, len(media.Tracks))
		}
	})
	t.Run("MediaDataWithALongSizeAreSkipped", func(t *testing.T) {
		media := readable(t, fileType()+u32(1)+"mdat"+zeros(7)+"\x40"+zeros(48)+strings.TrimPrefix(whole, fileType()))
		if len(media.Warnings) != 0 || len(media.Tracks) != 1 {
			t.Errorf("%q, %d tracks", media.Warnings, len(media.Tracks))
		}
	})
	t.Run("OldQuickTimeBeginsWithMediaData", func(t *testing.T) {
		file := built("wide") + mediaData() + built("moov", movieHeader(), trackOf("text", 0, text("text")))
		if media := readable(t, file); !isobmff.Is([]byte(file)) || len(media.Tracks) != 1 || media.Tracks[0].Language != "eng" {
			t.Errorf("%+v", media)
		}
	})
	t.Run("ASecondIndexIsIgnored", func(t *testing.T) {
		if media := readable(t, whole+strings.TrimPrefix(whole, fileType())); len(media.Tracks) != 1 {
			t.Errorf("%d tracks", len(media.Tracks))
		}
	})
	t.Run("DamagedUserDataAreAWarning", func(t *testing.T) {
		media := readable(t, movieOf(trackOf("text", 0, text("tx3g")), built("udta", u32(5000)+"\xa9nam"+zeros(10))))
		if len(media.Warnings) != 1 || !strings.HasPrefix(media.Warnings[0], "the user data cannot be read") {
			t.Errorf("%q", media.Warnings)
		}
	})
	t.Run("AFileWithoutTracksIsAWarning", func(t *testing.T) {
		if media := readable(t, movieOf()); len(media.Warnings) != 1 || media.Tracks != nil {
			t.Errorf("%q", media.Warnings)
		}
	})
	t.Run("AnUnknownDurationIsThatOfTheLongestTrack", func(t *testing.T) {
		header := built("mvhd", full(0), zeros(8), u32(1000), "\xff\xff\xff\xff", zeros(80))
		media := readable(t, fileType()+built("moov", header, trackOf("text", 0, text("tx3g")))+mediaData())
		if media.DurationSeconds != 2 {
			t.Errorf("%v seconds", media.DurationSeconds)
		}
	})
}

// TestFields checks what ffmpeg cannot write or ffprobe does not show.
func TestFields(t *testing.T) {
	track := func(t *testing.T, file string) library.Track {
		t.Helper()
		return readable(t, file).Tracks[0]
	}
	for name, want := range map[string]string{"wvtt": "webvtt", "stpp": "ttml", "c608": "eia_608", "tx3g": "mov_text", "text": "mov_text"} {
		t.Run("SubtitlesNamed_"+name, func(t *testing.T) {
			got := track(t, movieOf(trackOf("sbtl", 0x55c4, text(name))))
			if got.Type != library.TrackSubtitle || got.Codec != want {
				t.Errorf("%s %s", got.Type, got.Codec)
			}
		})
	}
	for name, handler := range map[string]string{"tmcd": "tmcd", "mebx": "meta", "rtp ": "hint", "camm": "camm"} {
		t.Run("DataNamed_"+name, func(t *testing.T) {
			if got := track(t, movieOf(trackOf(handler, 0x55c4, text(name)))); got.Type != library.TrackOther || got.Codec != "" {
				t.Errorf("%s %s", got.Type, got.Codec)
			}
		})
	}
	t.Run("TheTitleOfATrackIsItsName", func(t *testing.T) {
		got := track(t, movieOf(trackOf("sbtl", 0x55c4, text("tx3g"), built("udta", built("name", "Kommentar")))))
		if got.Title != "Kommentar" {
			t.Errorf("%q", got.Title)
		}
	})
	t.Run("AppleMarksForcedSubtitles", func(t *testing.T) {
		got := track(t, movieOf(trackOf("sbtl", 0x55c4, built("tx3g", zeros(8), u32(0xC0000000), zeros(30)))))
		if !got.Forced {
			t.Error("not forced")
		}
	})
	t.Run("AppleMarksSubtitlesForThoseWhoCannotHear", func(t *testing.T) {
		tags := built("udta", built("tagc", "public.accessibility.transcribes-spoken-dialog"),
			built("tagc", "public.accessibility.describes-music-and-sound"))
		if got := track(t, movieOf(trackOf("sbtl", 0x55c4, text("tx3g"), tags))); !got.HearingImpaired || got.Forced {
			t.Errorf("%+v", got)
		}
	})
	t.Run("TheExtendedLanguageCounts", func(t *testing.T) {
		file := strings.Replace(movieOf(trackOf("sbtl", 0x55c4, text("tx3g"))), handler("sbtl"),
			built("elng", full(0), "pt-BR", zeros(10)), 1)
		if got := track(t, file); got.Language != "por" || got.LanguageTag != "pt-BR" {
			t.Errorf("%q %q", got.Language, got.LanguageTag)
		}
	})
	for code, want := range map[int]string{0: "eng", 1: "fre", 2: "ger", 11: "jpn", 94: "epo", 95: "und", 138: "jav", 139: "und", 0x7fff: "und",
		('d'-0x60)<<10 | ('e'-0x60)<<5 | ('u' - 0x60): "ger"} {
		t.Run("LanguageNumber_"+want, func(t *testing.T) {
			if got := track(t, movieOf(trackOf("sbtl", code, text("tx3g")))); got.Language != want {
				t.Errorf("%d is %q", code, got.Language)
			}
		})
	}
	t.Run("AnEncryptedTrackHasTheCodecItHadBefore", func(t *testing.T) {
		entry := built("encv", zeros(8+16), u16(320), u16(240), zeros(50), built("sinf", built("frma", "avc1")))
		if got := track(t, movieOf(trackOf("vide", 0x55c4, entry))); got.Codec != "h264" || got.Width != 320 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("DolbyVisionIsNotDV", func(t *testing.T) {
		entry := built("dvh1", zeros(8+16), u16(320), u16(240), zeros(50), built("dvcC", "\x01\x00\x0a\x35", zeros(20)))
		if got := track(t, movieOf(trackOf("vide", 0x55c4, entry))); got.Codec != "hevc" {
			t.Errorf("%+v", got)
		}
	})
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "\x00\x00\x00\x18ftypisom": true, "\x00\x00\x00\x18ftypjp2 ": false, "\x00\x00\x00\x18ftypheic": false,
		"\x00\x00\x00\x08wide": true, "\x00\x00\x00\x00mdat": true, "\x00\x00\x00\x01mdat": true, "\x00\x00\x00\x00moov": false,
		"\x00\x00\x00\x04moov": false, "\x1aE\xdf\xa3....": false, "RIFF....AVI ": false,
	} {
		if got := isobmff.Is([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestFilesCutShort cuts real files at every byte.
func TestFilesCutShort(t *testing.T) {
	for _, s := range samples {
		switch s.name {
		case "Everything", "Faststart", "FragmentedWithIndices", "ISMV", "ProResAndPCM24":
		default:
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(sample(t, s.file, s.arguments))
			if err != nil {
				t.Fatal(err)
			}
			for length := range data {
				if length > 4096 && length < len(data)-16384 && length%97 != 0 {
					continue // in the middle of media data
				}
				media, err := read(t, data[:length], head)
				if err != nil && !errors.Is(err, library.ErrIncomplete) {
					t.Fatalf("%d of %d bytes: %v", length, len(data), err)
				}
				if err == nil {
					sound(t, media)
				}
			}
		})
	}
}

// TestDamagedFiles changes bytes of real files at random.
func TestDamagedFiles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, s := range samples {
		switch s.name {
		case "Everything", "FragmentedWithIndices", "ISMV", "PCM16", "ITunesTags", "QuickTimeTags":
		default:
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			data, err := os.ReadFile(sample(t, s.file, s.arguments))
			if err != nil {
				t.Fatal(err)
			}
			for range 3000 {
				damaged := append([]byte(nil), data...)
				for range 1 + random.IntN(8) {
					at := random.IntN(len(damaged))
					if random.IntN(2) == 0 {
						at = max(0, len(damaged)-1-random.IntN(6000)) // where the index is
					}
					damaged[at] = byte(random.Uint32())
				}
				checked(t, damaged)
			}
		})
	}
}

// checked reads a file that may be anything, and checks what must hold in any case.
func checked(t *testing.T, data []byte) {
	t.Helper()
	media, err := read(t, data, 4096)
	switch {
	case err == nil:
		sound(t, media)
	case errors.Is(err, library.ErrIncomplete), errors.Is(err, library.ErrMalformed),
		errors.Is(err, isobmff.ErrCompressed), errors.Is(err, source.ErrBudget):
	default:
		t.Errorf("an error that is not documented: %v", err)
	}
}

// sound checks what holds for every outcome.
func sound(t *testing.T, media library.Media) {
	t.Helper()
	if !(media.DurationSeconds >= 0 && media.DurationSeconds <= 1<<31) {
		t.Errorf("duration %v", media.DurationSeconds)
	}
	for key, value := range media.Tags {
		if key != strings.ToLower(key) || len(key) > 4*255 || len(value) > 4*4096 {
			t.Errorf("tag %q", key)
		}
	}
	for i, track := range media.Tracks {
		if track.Index != i || track.Type == "" || track.Language == "" || track.Width < 0 || track.Height < 0 ||
			track.Channels < 0 || track.SampleRate < 0 || track.BitDepth < 0 || !(track.DurationSeconds >= 0) {
			t.Errorf("track %d: %+v", i, track)
		}
	}
	for i, chapter := range media.Chapters {
		if !(chapter.StartSeconds >= 0 && chapter.EndSeconds >= 0) {
			t.Errorf("chapter %d: %+v", i, chapter)
		}
	}
}

// counted counts what is read of a file.
type counted struct {
	io.ReaderAt
	bytes, reads int
}

func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, at)
	c.bytes += n
	c.reads++
	return n, err
}

// long makes a film of two hours out of one second.
func long(t testing.TB, name, flags string) string {
	t.Helper()
	second := sample(t, "second.mp4", "-f lavfi -i testsrc2=s=32x32:r=10:d=1 -f lavfi -i sine=d=1:r=16000 -c:v libx264 -crf 45 -bf 2 -c:a aac -b:a 16k")
	path := filepath.Join(filepath.Dir(second), name)
	args := strings.Fields("-v error -nostdin -y -stream_loop 7199 -i " + second + " -c copy " + flags + " " + path)
	if output, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return path
}

// TestATwoHourFilm counts what is read of a long film.
func TestATwoHourFilm(t *testing.T) {
	for name, flags := range map[string]string{
		"IndexAtTheEnd": "", "IndexInFront": "-movflags +faststart", "Fragments": "-movflags +frag_keyframe+empty_moov -frag_duration 4000000",
		"FragmentsWithAnIndex": "-movflags +dash+global_sidx -frag_duration 4000000",
	} {
		t.Run(name+"CostsLittle", func(t *testing.T) {
			t.Parallel()
			path := long(t, "long.mp4", flags)
			file, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			info, err := file.Stat()
			if err != nil {
				t.Fatal(err)
			}
			first := make([]byte, head)
			if _, err := io.ReadFull(file, first); err != nil {
				t.Fatal(err)
			}
			count := &counted{ReaderAt: file}
			content := library.Content{Data: count, Size: info.Size(), Head: first}
			media, err := isobmff.Read(source.New(t.Context(), content))
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d reads, %d bytes of %d", count.reads, count.bytes, info.Size())
			limit := 200_000
			if strings.HasPrefix(name, "Fragments") {
				limit = 2_000_000
			}
			if count.bytes > limit {
				t.Errorf("%d bytes in %d reads", count.bytes, count.reads)
			}
			want := probe(t, path)
			sameSeconds(t, "duration", media.DurationSeconds, want.Format.Duration)
			for i, s := range want.Streams {
				sameSeconds(t, "duration of a track", media.Tracks[i].DurationSeconds, s.Duration)
				if s.Type == "video" {
					same(t, "rate", media.Tracks[i].FrameRate, "10/1")
				}
			}
		})
	}
}

// fragmented makes a file with a fragment and all the indices that there may be.
func fragmented() string {
	extension := built("mvex", built("mehd", full(0), u32(2000)), built("trex", full(0), u32(1), u32(1), u32(40), u32(10), u32(0)))
	run := built("trun", u32(0xb01), u32(2), u32(100), u32(40), u32(10), u32(0), u32(40), u32(10), u32(40))
	fragment := built("moof", built("traf", built("tfhd", u32(0x20000), u32(1)), built("tfdt", full(0), u32(0)), run))
	index := built("sidx", full(0), u32(1), u32(1000), u32(0), u32(0), u16(0), u16(1), u32(200), u32(80), u32(0))
	tail := built("tfra", full(0), u32(1), u32(0), u32(1), u32(0), u32(600), "\x01\x01\x01")
	return fileType() + built("moov", movieHeader(), trackOf("vide", 0x55c4, pictureOf("avc1")), extension) + index + fragment +
		mediaData() + built("mfra", tail, built("mfro", full(0), u32(8+len(tail)+16)))
}

func FuzzRead(f *testing.F) {
	for _, failure := range failures {
		f.Add([]byte(failure.file))
	}
	f.Add([]byte(movieOf(trackOf("sbtl", 0, text("tx3g"), built("udta", built("name", "x"))))))
	f.Add([]byte(movieOf(trackOf("text", 0, text("text")), built("udta", built("chpl", full(0), "\x01", zeros(8), "\x01x")))))
	f.Add([]byte(fragmented()))
	for _, name := range []string{"Home Videos/2023/IMG_0042.MOV", "Films/Harbour Lights (2019)/Harbour Lights (2019).mp4"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "library", filepath.FromSlash(name)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 20_000)])
		f.Add(data[max(0, len(data)-20_000):])
	}
	f.Fuzz(checked)
}

func BenchmarkRead(b *testing.B) {
	path := filepath.Join("..", "..", "..", "testdata", "library", "Films", "Harbour Lights (2019)", "Harbour Lights (2019).mp4")
	benchmark(b, "AShortFile", path)
	benchmark(b, "TwoHoursWithTheIndexAtTheEnd", long(b, "end.mp4", ""))
	benchmark(b, "TwoHoursWithTheIndexInFront", long(b, "front.mp4", "-movflags +faststart"))
}

// benchmark reads a file of the disk, as the program does: its head is known, and the rest is not.
func benchmark(b *testing.B, name, path string) {
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	first := make([]byte, min(head, info.Size()))
	if _, err := io.ReadFull(file, first); err != nil {
		b.Fatal(err)
	}
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		content := library.Content{Data: file, Size: info.Size(), Head: first}
		src := source.New(b.Context(), content)
		for b.Loop() {
			src.Reset(b.Context(), content)
			if _, err := isobmff.Read(src); err != nil {
				b.Fatal(err)
			}
		}
	})
}
