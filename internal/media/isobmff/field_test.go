package isobmff_test

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"vpo/internal/library"
)

// This file checks single fields with boxes that ffmpeg does not write.

func u64(n uint64) string { return string(binary.BigEndian.AppendUint64(nil, n)) }

func point(x, y int) string { return u16(x) + u16(y) }

// pictureOf makes a visual sample entry.
func pictureOf(name string, boxes ...string) string {
	return built(name, zeros(8+16), u16(320), u16(240), zeros(50), strings.Join(boxes, ""))
}

// soundOf makes an audio sample entry of version 0.
func soundOf(name string, channels, bits, rate int, boxes ...string) string {
	return built(name, zeros(8+8), u16(channels), u16(bits), zeros(4), u32(rate<<16), strings.Join(boxes, ""))
}

func firstTrack(t *testing.T, kind, entry string) library.Track {
	t.Helper()
	return readable(t, movieOf(trackOf(kind, 0x55c4, entry))).Tracks[0]
}

func TestColours(t *testing.T) {
	t.Run("TheDisplayAFilmWasGradedOn", func(t *testing.T) {
		want := library.Mastering{
			Red: library.Chromaticity{X: 0.68, Y: 0.32}, Green: library.Chromaticity{X: 0.265, Y: 0.69},
			Blue: library.Chromaticity{X: 0.15, Y: 0.06}, White: library.Chromaticity{X: 0.3127, Y: 0.329},
			MaxLuminance: 1000, MinLuminance: 0.005,
		}
		box := built("mdcv", point(13250, 34500), point(7500, 3000), point(34000, 16000), point(15635, 16450), u32(10000000), u32(50))
		got := firstTrack(t, "vide", pictureOf("abcd", box))
		if got.Mastering == nil || *got.Mastering != want {
			t.Errorf("%+v", got.Mastering)
		}
	})
	t.Run("TheSameInAnOlderBox", func(t *testing.T) {
		box := built("SmDm", full(0), point(32768, 16384), point(0, 65535), point(1, 2), point(3, 4), u32(1000<<8), u32(1<<14))
		got := firstTrack(t, "vide", pictureOf("abcd", box)).Mastering
		if got == nil || got.Red != (library.Chromaticity{X: 0.5, Y: 0.25}) || got.MaxLuminance != 1000 || got.MinLuminance != 1 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("HowBrightTheFilmGets", func(t *testing.T) {
		for _, box := range []string{built("clli", point(1000, 400)), built("CoLL", full(0), point(1000, 400))} {
			got := firstTrack(t, "vide", pictureOf("abcd", box)).ContentLight
			if got == nil || *got != (library.ContentLight{Max: 1000, Average: 400}) {
				t.Errorf("%+v", got)
			}
		}
	})
	t.Run("BoxesThatAreTooShortSayNothing", func(t *testing.T) {
		got := firstTrack(t, "vide", pictureOf("abcd", built("mdcv", zeros(23)), built("clli", zeros(3)), built("SmDm", zeros(9)),
			built("CoLL"), built("colr", "nclx"), built("pasp", zeros(7)), built("dvcC")))
		if got.Mastering != nil || got.ContentLight != nil || got.ColorPrimaries != "" || got.SampleAspect != "" || got.DolbyVision != nil {
			t.Errorf("%+v", got)
		}
	})
	t.Run("TheShapeOfAPixelIsInItsLowestTerms", func(t *testing.T) {
		if got := firstTrack(t, "vide", pictureOf("abcd", built("pasp", u32(64), u32(48)))); got.SampleAspect != "4:3" {
			t.Errorf("%q", got.SampleAspect)
		}
	})
}

// TestLayouts checks names that ffprobe gives to the layouts of Core Audio.
func TestLayouts(t *testing.T) {
	speaker := func(label int) string { return u32(label) + zeros(16) }
	for _, l := range []struct {
		name     string
		channels int
		box      string
		want     string
	}{
		{"ByNumber", 6, u32(121<<16|6) + zeros(8), "5.1(side)"},
		{"ByNumberWithAnotherCountOfChannels", 5, u32(121<<16|6) + zeros(8), ""},
		{"ByANumberWithoutAName", 5, u32(199<<16|5) + zeros(8), ""},
		{"ByMask", 6, u32(1<<16) + u32(0x3f) + u32(0), "5.1"},
		{"ByAMaskWithAnotherCountOfChannels", 4, u32(1<<16) + u32(0x3f) + u32(0), ""},
		{"BySpeakers", 4, zeros(8) + u32(4) + speaker(1) + speaker(2) + speaker(5) + speaker(6), "quad"},
		{"BySpeakersThatAreNotThere", 4, zeros(8) + u32(1<<30) + speaker(1), ""},
		{"ByTheSameSpeakerTwice", 2, zeros(8) + u32(2) + speaker(1) + speaker(1), "stereo"},
		{"OfTwoChannelsNeedsNoBox", 2, "", "stereo"},
		{"OfThreeChannelsDoes", 3, "", ""},
	} {
		t.Run(l.name, func(t *testing.T) {
			got := firstTrack(t, "soun", soundOf("sowt", l.channels, 16, 48000, built("chan", full(0), l.box)))
			if got.ChannelLayout != l.want || got.Channels != l.channels || got.Codec != "pcm_s16le" {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestSound(t *testing.T) {
	second := func(bits, flags int) string {
		return built("lpcm", zeros(8), u16(2), zeros(6), u16(3), u16(16), u16(0xfffe), zeros(2), u32(65536),
			u32(72), u64(math.Float64bits(96000)), u32(6), u32(0x7f000000), u32(bits), u32(flags), zeros(8))
	}
	for _, s := range []struct {
		name, entry, codec string
		channels, rate     int
	}{
		{"VersionTwoIsSignedAndLittle", second(24, 4), "pcm_s24le", 6, 96000},
		{"VersionTwoIsSignedAndBig", second(16, 6), "pcm_s16be", 6, 96000},
		{"VersionTwoIsFloating", second(32, 1), "pcm_f32le", 6, 96000},
		{"VersionTwoIsUnsigned", second(8, 0), "pcm_u8", 6, 96000},
		{"VersionTwoWithImpossibleBitsHasNoCodec", second(1000, 4), "", 6, 96000},
		{"RateOfTheClockWhereThereIsNone", soundOf("ulaw", 1, 8, 0), "pcm_mulaw", 1, 1000},
		{"TelephonesHaveOneChannel", soundOf("samr", 2, 16, 44100), "amr_nb", 1, 8000},
		{"FloatingOfSixtyFourBits", soundOf("fpcm", 2, 64, 48000, built("pcmC", full(0), "\x01\x40")), "pcm_f64le", 2, 48000},
		{"AnEncryptedCodec", soundOf("enca", 2, 16, 48000, built("sinf", built("frma", "ac-3"))), "ac3", 2, 48000},
	} {
		t.Run(s.name, func(t *testing.T) {
			got := firstTrack(t, "soun", s.entry)
			if got.Codec != s.codec || got.Channels != s.channels || got.SampleRate != s.rate {
				t.Errorf("%+v", got)
			}
		})
	}
}

// rateOf reads a film whose samples last as long as the pairs say: samples, length.
func rateOf(t *testing.T, timescale int, pairs ...int) string {
	t.Helper()
	var entries strings.Builder
	for _, n := range pairs {
		entries.WriteString(u32(n))
	}
	track := strings.Replace(trackOf("vide", 0x55c4, pictureOf("abcd")), u32(1)+u32(50)+u32(40),
		u32(len(pairs)/2)+entries.String(), 1)
	track = strings.Replace(track, u32(1000)+u32(2000), u32(timescale)+u32(2000), 1)
	// The sizes of the boxes around the table grow with it.
	grown := len(pairs)*4 - 8
	for _, name := range []string{"trak", "mdia", "minf", "stbl", "stts"} {
		at := strings.Index(track, name) - 4
		size := int(binary.BigEndian.Uint32([]byte(track[at:])))
		track = track[:at] + u32(size+grown) + track[at+4:]
	}
	return firstRate(readable(t, movieOf(track)))
}

func firstRate(media library.Media) string { return media.Tracks[0].FrameRate }

func TestFrameRate(t *testing.T) {
	for _, r := range []struct {
		name      string
		timescale int
		pairs     []int
		want      string
	}{
		{"OneLengthIsTheRate", 24000, []int{100, 1001}, "24000/1001"},
		{"AnOddLengthIsKept", 90000, []int{100, 3754}, "45000/1877"},
		{"TheLastFrameDoesNotCount", 600, []int{1, 25, 1, 600}, "24/1"},
		{"MillisecondsHideFilm", 1000, []int{2, 42, 1, 41, 4, 42, 2, 41, 3, 42, 1, 41}, "24000/1001"},
		{"NinetyKilohertzHidesFilm", 90000, []int{100, 3754, 99, 3753, 98, 3754, 100, 3753}, "24000/1001"},
		{"TheCommonestLengthWins", 1000, []int{10, 40, 5, 80, 20, 40, 3, 20}, "25/1"},
		{"TheShorterOneOfTwoThatAreEqual", 1000, []int{10, 80, 10, 40}, "25/1"},
		{"NoLengthIsNoRate", 1000, []int{10, 0}, ""},
		{"ACorrectionIsNoLength", 1000, []int{10, 40, 1, -5}, "25/1"},
	} {
		t.Run(r.name, func(t *testing.T) {
			if got := rateOf(t, r.timescale, r.pairs...); got != r.want {
				t.Errorf("%s instead of %s", got, r.want)
			}
		})
	}
	t.Run("AHugeTableIsNotRead", func(t *testing.T) {
		pairs := make([]int, 0, 200_000)
		for i := range 100_000 {
			pairs = append(pairs, 1, 40+i%2)
		}
		if got := rateOf(t, 1000, pairs...); got == "" {
			t.Error("no rate")
		}
	})
}

// item makes an item of ilst with a value.
func item(kind string, valueType int, value string) string {
	return built(kind, built("data", u32(valueType), u32(0), value))
}

func metaOf(handler string, parts ...string) string {
	return built("meta", full(0), built("hdlr", zeros(8), handler, zeros(13)), strings.Join(parts, ""))
}

func TestTags(t *testing.T) {
	itunes := func(items ...string) string {
		return built("udta", metaOf("mdir", built("ilst", strings.Join(items, ""))))
	}
	for _, tag := range []struct{ name, box, key, want string }{
		{"Text", itunes(item("\xa9nam", 1, "Titel ü")), "title", "Titel ü"},
		{"TextOfAMacintosh", itunes(item("\xa9nam", 0, "Titel \x9f")), "title", "Titel ü"},
		{"TextThatIsNotUTF8", itunes(item("\xa9nam", 1, "a\xff")), "title", "a\uFFFD"},
		{"APictureIsNoText", itunes(item("\xa9nam", 13, "a")), "title", ""},
		{"TextThatIsTooLong", itunes(item("ldes", 1, strings.Repeat("x", 4097))), "synopsis", ""},
		{"TextThatIsJustNotTooLong", itunes(item("ldes", 1, strings.Repeat("x", 4096))), "synopsis", strings.Repeat("x", 4096)},
		{"GenreByNumber", itunes(item("gnre", 0, "\x00\x09")), "genre", "Jazz"},
		{"GenreBeyondTheList", itunes(item("gnre", 0, "\x00\xff")), "genre", ""},
		{"TrackOfSeveral", itunes(item("trkn", 0, zeros(2)+u16(3)+u16(12)+zeros(2))), "track", "3/12"},
		{"TrackAlone", itunes(item("trkn", 0, zeros(2)+u16(3)+zeros(4))), "track", "3"},
		{"Season", itunes(item("tvsn", 21, u32(2))), "season_number", "2"},
		{"ProgramsOwn", itunes(built("----", built("mean", full(0), "com.apple.iTunes"), built("name", full(0), "IMDb"),
			built("data", u32(1), u32(0), "tt123"))), "imdb", "tt123"},
		{"ProgramsOwnWithoutAName", itunes(built("----", built("data", u32(1), u32(0), "tt123"))), "", ""},
		{"NamedItem", metaOf("mdta", built("keys", full(0), u32(1), built("mdta", "com.foo.Bar")), built("ilst", item(u32(1), 1, "x"))), "com.foo.bar", "x"},
		{"NamedItemWithASmallNumber", metaOf("mdta", built("keys", full(0), u32(1), built("mdta", "n")), built("ilst", item(u32(1), 21, "\xfe"))), "n", "-2"},
		{"NamedItemWithANumber", metaOf("mdta", built("keys", full(0), u32(1), built("mdta", "n")), built("ilst", item(u32(1), 22, u16(65535)))), "n", "65535"},
		{"NamedItemWithAFraction", metaOf("mdta", built("keys", full(0), u32(1), built("mdta", "n")),
			built("ilst", item(u32(1), 23, u32(int(math.Float32bits(1.5)))))), "n", "1.500000"},
		{"NamedItemWithoutAName", metaOf("mdta", built("keys", full(0), u32(1), built("mdta", "n")), built("ilst", item(u32(2), 1, "x"))), "n", ""},
		{"QuickTimeText", built("udta", built("\xa9nam", u16(5)+u16(0x55c4)+"Titel")), "title", "Titel"},
		{"QuickTimeTextWithALanguage", built("udta", built("\xa9nam", u16(5)+u16(0)+"Titel")), "title-eng", "Titel"},
		{"QuickTimeTextWithoutASize", built("udta", built("\xa9too", "Camera")), "encoder", "Camera"},
		{"Place", built("udta", built("loci", full(0), u16(0x55c4), "Kiel\x00\x00", u32(10<<16), u32(-5<<16), u32(0), "earth\x00\x00")),
			"location", "-05.0000+010.0000/Kiel"},
	} {
		t.Run(tag.name, func(t *testing.T) {
			media := readable(t, movieOf(trackOf("text", 0x55c4, text("tx3g")), tag.box))
			if got := media.Tags[tag.key]; got != tag.want {
				t.Errorf("%q is %q in %q", tag.key, got, media.Tags)
			}
		})
	}
	t.Run("TheTimeOfMaking", func(t *testing.T) {
		for created, want := range map[uint64]string{0: "", 2082844800 + 86400: "1970-01-02T00:00:00.000000Z", 3663590400: "2020-02-03T16:00:00.000000Z",
			math.MaxUint64: ""} {
			header := built("mvhd", full(1), u64(created), zeros(8), u32(1000), u64(2000), zeros(80))
			media := readable(t, fileType()+built("moov", header, trackOf("text", 0, text("tx3g")))+mediaData())
			if got := media.Tags["creation_time"]; got != want {
				t.Errorf("%d is %q", created, got)
			}
		}
	})
}

func TestChapters(t *testing.T) {
	mark := func(start int, title string) string { return u64(uint64(start)*1e7) + string(rune(len(title))) + title }
	marks := func(n string, list ...string) string {
		return built("udta", built("chpl", full(1), zeros(4), n, strings.Join(list, "")))
	}
	t.Run("OfNeroEndWhereTheNextOneBegins", func(t *testing.T) {
		media := readable(t, movieOf(trackOf("text", 0x55c4, text("tx3g")), marks("\x02", mark(0, "a"), mark(1, "b"))))
		want := []library.Chapter{{EndSeconds: 1, Title: "a"}, {StartSeconds: 1, EndSeconds: 2, Title: "b"}}
		if len(media.Chapters) != 2 || media.Chapters[0] != want[0] || media.Chapters[1] != want[1] {
			t.Errorf("%+v", media.Chapters)
		}
	})
	t.Run("OfNeroThatAreNotAllThere", func(t *testing.T) {
		media := readable(t, movieOf(trackOf("text", 0x55c4, text("tx3g")), marks("\xff", mark(0, "a"))))
		if len(media.Chapters) != 1 {
			t.Errorf("%+v", media.Chapters)
		}
	})
	t.Run("OfATrackThatIsNotThere", func(t *testing.T) {
		media := readable(t, movieOf(trackOf("text", 0x55c4, text("tx3g"), built("tref", built("chap", u32(9))))))
		if len(media.Chapters) != 0 || len(media.Tracks) != 1 {
			t.Errorf("%+v", media)
		}
	})
}
