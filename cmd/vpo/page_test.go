package main

import (
	"strings"

	"testing"

	"vpo/internal/app"
	"vpo/internal/library"
)

// blockbuster is a film that has something of everything.
func blockbuster() app.Inspection {
	return app.Inspection{
		Path: "/srv/films/Tide (2024)/Tide (2024).mkv", SizeBytes: 31_400_000_000,
		Media: library.Media{
			ContainerFormat: "matroska,webm", DurationSeconds: 8123.4, Reader: library.ReaderNative,
			Tags: map[string]string{"title": "Tide", "encoder": "libebml v1.4.4"},
			Tracks: []library.Track{
				{
					Index: 0, Type: library.TrackVideo, Codec: "hevc", Profile: "Main 10", Width: 3840, Height: 1606, SampleAspect: "1:1",
					FrameRate: "24000/1001", PixelFormat: "yuv420p10le", BitDepth: 10, Default: true,
					ColorPrimaries: "bt2020", ColorTransfer: "smpte2084", ColorSpace: "bt2020nc", ColorRange: "tv",
					Mastering: &library.Mastering{
						Red: library.Chromaticity{X: 0.68, Y: 0.32}, Green: library.Chromaticity{X: 0.265, Y: 0.69},
						Blue: library.Chromaticity{X: 0.15, Y: 0.06}, MaxLuminance: 1000, MinLuminance: 0.0001,
					},
					ContentLight: &library.ContentLight{Max: 987, Average: 312},
					DolbyVision:  &library.DolbyVision{Profile: 8, Level: 6, Compatibility: 1, BaseLayer: true, Metadata: true},
				},
				{
					Index: 1, Type: library.TrackAudio, Codec: "truehd", Profile: "Dolby TrueHD + Dolby Atmos", Language: "eng", Channels: 8,
					ChannelLayout: "7.1", SampleRate: 48000, BitDepth: 24, Default: true, Title: "Atmos",
				},
				{Index: 2, Type: library.TrackAudio, Codec: "aac", Profile: "LC", Language: "por", LanguageTag: "pt-BR", Channels: 2, SampleRate: 44100, Commentary: true},
				{Index: 3, Type: library.TrackSubtitle, Codec: "hdmv_pgs_subtitle", Language: "ger", Forced: true, HearingImpaired: true},
				{Index: 4, Type: library.TrackAttachment, Codec: "ttf", FileName: "Tide.ttf", MimeType: "font/ttf"},
				{Index: 5, Type: library.TrackOther, Codec: "bin_data"},
			},
			Chapters: []library.Chapter{{Title: "Ebb"}, {StartSeconds: 3661, Title: "Flood"}},
			Warnings: []string{"track 2 names no layout"},
		},
	}
}

func TestInspectionPage(t *testing.T) {
	t.Run("TellsAllOfAFilm", func(t *testing.T) {
		want := `Tide (2024).mkv
  Matroska, 31.4 GB, 2:15:23, 30.9 Mbit/s
  read from its headers

Video
  #  Codec         Picture    Aspect  Frames/s  Pixels        Flags
  0  HEVC Main 10  3840×1606  2.39:1    23.976  4:2:0 10 bit  default
     Dolby Vision profile 8.1; HDR10, mastered on Display P3 at 1000 cd/m²,
       MaxCLL 987, MaxFALL 312
     BT.2020, PQ, limited range

Audio
  #  Language         Codec         Channels      Rate  Bits  Flags       Title
  1  English          TrueHD Atmos  7.1         48 kHz    24  default     Atmos
  2  Portuguese (BR)  AAC LC        2 ch      44.1 kHz        commentary

Subtitles
  #  Language  Format  Flags
  3  German    PGS     forced, hearing impaired

Attachments
  #  Name      Type
  4  Tide.ttf  font/ttf

Other tracks
  #  Kind
  5  bin_data

Chapters
  #    Start  Title
  1     0:00  Ebb
  2  1:01:01  Flood

Tags
  encoder  libebml v1.4.4
  title    Tide

Warnings
  track 2 names no layout
`
		if got := newPage(terminal{}, 80).inspection(blockbuster()); got != want {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("LeavesOutWhatThereIsNot", func(t *testing.T) {
		got := newPage(terminal{}, 80).inspection(app.Inspection{Path: "/a.mkv", SizeBytes: 5})
		if got != "a.mkv\n  unknown, 5 B, of unknown length\n  read from its headers\n" {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("SaysWhyFFprobeWasNeeded", func(t *testing.T) {
		i := blockbuster()
		i.Media.Reader, i.Media.Doubt = library.ReaderFFprobe, "the headers leave open: the duration"
		if got := newPage(terminal{}, 80).inspection(i); !strings.Contains(got, "\n  read by ffprobe: the headers leave open: the duration\n") {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("TakesColourForTheTitlesAlone", func(t *testing.T) {
		if got := newPage(colourTerminal, 80).inspection(blockbuster()); !strings.Contains(got, "\n\x1b[1mAudio\x1b[0m\n") {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("ObeysNothingThatAFileSays", func(t *testing.T) {
		got := newPage(terminal{}, 80).inspection(hostile())
		if strings.ContainsAny(got, "\x1b\r\a\u202e") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("FitsTheTerminal", func(t *testing.T) {
		for _, width := range []int{60, 80, 100, 120, 200} {
			wantNarrow(t, newPage(terminal{}, width).inspection(blockbuster()), width)
			wantNarrow(t, newPage(terminal{}, width).inspection(hostile()), width)
		}
	})
}

// hostile is a file whose every text is an attack on a terminal.
func hostile() app.Inspection {
	evil := "\x1b]0;title\a\x1b[2J\r\n\u202e" + strings.Repeat("A", 500) + strings.Repeat("東 ", 500)
	i := app.Inspection{Path: "/" + evil, SizeBytes: 1, Media: library.Media{
		ContainerFormat: evil, Tags: map[string]string{evil: evil}, Chapters: []library.Chapter{{Title: evil}},
		Warnings: []string{evil}, Reader: library.ReaderFFprobe, Doubt: evil,
	}}
	for n, kind := range []library.TrackType{
		library.TrackVideo, library.TrackAudio, library.TrackSubtitle, library.TrackAttachment, library.TrackOther,
	} {
		i.Media.Tracks = append(i.Media.Tracks, library.Track{
			Index: n, Type: kind, Codec: evil, Profile: evil, Language: evil, LanguageTag: "x-" + evil, Title: evil, Width: 1, Height: 1,
			SampleAspect: evil, FrameRate: evil, PixelFormat: evil, ColorTransfer: evil, ColorPrimaries: evil, ColorSpace: evil,
			ChannelLayout: evil, SampleRate: 1, FileName: evil, MimeType: evil,
		})
	}
	return i
}

func TestComparisonPage(t *testing.T) {
	compared := func(differences ...library.Difference) string {
		return newPage(terminal{}, 80).comparison(app.Comparison{Inspection: app.Inspection{Path: "/a.mkv"}, Differences: differences})
	}
	t.Run("SaysThatNothingDiffers", func(t *testing.T) {
		if got := compared(); got != "a.mkv\n  vpo and ffprobe say the same\n" {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("ListsWhatDiffers", func(t *testing.T) {
		got := compared(
			library.Difference{Field: "duration_seconds", A: 61.5, B: 61.25},
			library.Difference{Field: "tracks[1].is_default", A: true, B: false},
			library.Difference{Field: "tracks[1].channels", B: 6},
			library.Difference{Field: "tags.title", A: "\x1b[2J"},
		)
		want := "a.mkv\n  4 fields differ between vpo and ffprobe\n\n" +
			"  Field                 vpo      ffprobe\n" +
			"  duration_seconds      61.5     61.25\n" +
			"  tracks[1].is_default  yes      no\n" +
			"  tracks[1].channels    –        6\n" +
			"  tags.title            \\x1b[2J  –\n"
		if got != want {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("OneFieldDiffers", func(t *testing.T) {
		if got := compared(library.Difference{Field: "container", A: "a", B: "b"}); !strings.Contains(got, "1 field differs between") {
			t.Errorf("got\n%s", got)
		}
	})
}

func TestRangeWords(t *testing.T) {
	for name, test := range map[string]struct {
		track library.Track
		want  string
	}{
		"AnOrdinaryPictureNeedsNone": {library.Track{ColorTransfer: "bt709"}, ""},
		"HLG":                        {library.Track{ColorTransfer: "arib-std-b67"}, "HLG"},
		"HDR10WithoutMetadata":       {library.Track{ColorTransfer: "smpte2084"}, "HDR10"},
		"HDR10WithPartOfIt": {
			library.Track{ColorTransfer: "smpte2084", Mastering: &library.Mastering{MaxLuminance: 4000}, ContentLight: &library.ContentLight{Max: 1200}},
			"HDR10, mastered at 4000 cd/m², MaxCLL 1200",
		},
		"HDR10WithEmptyMetadata":    {library.Track{Mastering: &library.Mastering{}, ContentLight: &library.ContentLight{}}, "HDR10, with mastering data"},
		"DolbyVisionWithoutABase":   {library.Track{DolbyVision: &library.DolbyVision{Profile: 5}}, "Dolby Vision profile 5"},
		"DolbyVisionWithTwoLayers":  {library.Track{DolbyVision: &library.DolbyVision{Profile: 7, Compatibility: 6, Enhancement: true}}, "Dolby Vision profile 7.6 with enhancement layer"},
		"DolbyVisionOnTopOfHLG":     {library.Track{ColorTransfer: "arib-std-b67", DolbyVision: &library.DolbyVision{Profile: 8, Compatibility: 4}}, "Dolby Vision profile 8.4; HLG"},
		"AFractionOfACandelaIsTold": {library.Track{ColorTransfer: "smpte2084", Mastering: &library.Mastering{MaxLuminance: 108.5}}, "HDR10, mastered at 108.5 cd/m²"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := rangeWords(test.track); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPictureWords(t *testing.T) {
	for name, test := range map[string]struct {
		track                  library.Track
		aspect, frames, pixels string
	}{
		"PALWide":         {library.Track{Width: 720, Height: 576, SampleAspect: "64:45", FrameRate: "25/1", PixelFormat: "yuv420p"}, "16:9", "25", "4:2:0"},
		"NTSC":            {library.Track{Width: 720, Height: 480, SampleAspect: "8:9", FrameRate: "30000/1001", PixelFormat: "yuv411p"}, "4:3", "29.97", "4:1:1"},
		"Scope":           {library.Track{Width: 1920, Height: 804, FrameRate: "24", BitDepth: 8}, "2.39:1", "24", "8 bit"},
		"Telephone":       {library.Track{Width: 1080, Height: 1920, PixelFormat: "yuvj420p", BitDepth: 8}, "9:16", "", "4:2:0 8 bit"},
		"NonsenseIsShown": {library.Track{Width: 100, Height: 100, SampleAspect: "0:0", FrameRate: "1/0", PixelFormat: "weird"}, "1:1", "1/0", "weird"},
		"Nothing":         {library.Track{}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if a, f, p := aspect(test.track), frames(test.track.FrameRate), pixels(test.track); a != test.aspect || f != test.frames || p != test.pixels {
				t.Errorf("got %q, %q, %q", a, f, p)
			}
		})
	}
}
