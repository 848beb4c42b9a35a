package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/language"
)

// videoTable has a row for each picture, and below it what cannot be said in a word: dynamic range and colours.
func (p *page) videoTable(tracks []library.Track) table {
	t := table{columns: []column{
		{title: "#", right: true}, {title: "Codec"}, {title: "Picture"}, {title: "Aspect"}, {title: "Frames/s", right: true},
		{title: "Pixels"}, {title: "Flags"}, {title: "Title"},
	}}
	for _, track := range of(library.TrackVideo, tracks) {
		t.add([]string{
			rangeWords(track),
			printable(colourWords(track.ColorPrimaries, track.ColorTransfer, track.ColorSpace, track.ColorRange)),
		}, strconv.Itoa(track.Index), codecWords(track), picture(track), aspect(track), frames(track.FrameRate),
			pixels(track), flags(track), title(track))
	}
	return t
}

func audioTable(tracks []library.Track) table {
	t := table{columns: []column{
		{title: "#", right: true}, {title: "Language"}, {title: "Codec"}, {title: "Channels"}, {title: "Rate", right: true},
		{title: "Bits", right: true}, {title: "Flags"}, {title: "Title"},
	}}
	for _, track := range of(library.TrackAudio, tracks) {
		channels := track.ChannelLayout
		if channels == "" && track.Channels > 0 {
			channels = fmt.Sprintf("%d ch", track.Channels)
		}
		t.add(nil, strconv.Itoa(track.Index), languageWords(track), codecWords(track), printable(channels), rate(track.SampleRate),
			positive(track.BitDepth), flags(track), title(track))
	}
	return t
}

func subtitleTable(tracks []library.Track) table {
	t := table{columns: []column{
		{title: "#", right: true}, {title: "Language"}, {title: "Format"}, {title: "Flags"}, {title: "Title"},
	}}
	for _, track := range of(library.TrackSubtitle, tracks) {
		t.add(nil, strconv.Itoa(track.Index), languageWords(track), codecWords(track), flags(track), title(track))
	}
	return t
}

func attachmentTable(tracks []library.Track) table {
	t := table{columns: []column{{title: "#", right: true}, {title: "Name"}, {title: "Type"}, {title: "Title"}}}
	for _, track := range of(library.TrackAttachment, tracks) {
		kind := cmp.Or(printable(track.MimeType), codecWords(track))
		t.add(nil, strconv.Itoa(track.Index), orUnknown(printable(track.FileName)), kind, title(track))
	}
	return t
}

func otherTable(tracks []library.Track) table {
	t := table{columns: []column{{title: "#", right: true}, {title: "Kind"}, {title: "Flags"}, {title: "Title"}}}
	for _, track := range of(library.TrackOther, tracks) {
		t.add(nil, strconv.Itoa(track.Index), orUnknown(codecWords(track)), flags(track), title(track))
	}
	return t
}

// of picks the tracks of a kind.
func of(kind library.TrackType, tracks []library.Track) []library.Track {
	var picked []library.Track
	for _, track := range tracks {
		if track.Type == kind {
			picked = append(picked, track)
		}
	}
	return picked
}

func title(t library.Track) string { return cutRight(printable(t.Title), longText, "…") }

// languageWords is the language in English, with its region where the container tells one: "Portuguese (BR)".
func languageWords(t library.Track) string {
	name := orUnknown(language.English(t.Language))
	if _, region, ok := strings.Cut(t.LanguageTag, "-"); ok {
		name += " (" + region + ")"
	}
	return printable(name)
}

// codecWords is codec and profile, each said once: "HEVC Main 10", "DTS-HD MA", "TrueHD Atmos".
func codecWords(t library.Track) string {
	name := codecName(t.Codec)
	switch {
	case t.Profile == "":
	case strings.HasSuffix(t.Profile, "Dolby Atmos"):
		name += " Atmos"
	case strings.Contains(strings.ToLower(t.Profile), strings.ToLower(name)):
		name = t.Profile
	default:
		name = strings.TrimSpace(name + " " + t.Profile)
	}
	return printable(name)
}

func flags(t library.Track) string {
	var words []string
	for _, flag := range []struct {
		set  bool
		word string
	}{
		{t.Default, "default"}, {t.Forced, "forced"}, {t.HearingImpaired, "hearing impaired"}, {t.Commentary, "commentary"},
	} {
		if flag.set {
			words = append(words, flag.word)
		}
	}
	return strings.Join(words, ", ")
}

func picture(t library.Track) string {
	if t.Width == 0 || t.Height == 0 {
		return ""
	}
	return fmt.Sprintf("%d×%d", t.Width, t.Height)
}

// aspects are the shapes of pictures that have a name.
var aspects = []struct {
	ratio float64
	name  string
}{{4.0 / 3, "4:3"}, {16.0 / 9, "16:9"}, {1, "1:1"}, {9.0 / 16, "9:16"}, {3.0 / 4, "3:4"}}

// aspect is the shape in which the picture is shown: "16:9", or "2.39:1" where it has no other name.
func aspect(t library.Track) string {
	if t.Width == 0 || t.Height == 0 {
		return ""
	}
	pixel, ok := fraction(t.SampleAspect, ":")
	if !ok {
		pixel = 1
	}
	ratio := float64(t.Width) * pixel / float64(t.Height)
	for _, a := range aspects {
		if ratio > a.ratio*0.99 && ratio < a.ratio*1.01 {
			return a.name
		}
	}
	return fmt.Sprintf("%.2f:1", ratio)
}

// frames is a frame rate as people know it: "23.976".
func frames(rate string) string {
	perSecond, ok := fraction(rate, "/")
	if !ok {
		return printable(rate)
	}
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", perSecond), "0"), ".")
}

// fraction reads "24000/1001". It is not ok where that is no number above 0.
func fraction(s, sign string) (float64, bool) {
	above, below, ok := strings.Cut(s, sign)
	if !ok {
		below = "1"
	}
	n, err := strconv.ParseFloat(above, 64)
	d, err2 := strconv.ParseFloat(below, 64)
	return n / d, err == nil && err2 == nil && n > 0 && d > 0
}

// pixels tells how colours are sampled, and how finely: "4:2:0 10 bit".
func pixels(t library.Track) string {
	sampling := t.PixelFormat
	for _, known := range []struct{ part, name string }{
		{"420p", "4:2:0"}, {"422p", "4:2:2"}, {"444p", "4:4:4"}, {"411p", "4:1:1"}, {"gbr", "RGB"}, {"rgb", "RGB"}, {"gray", "grey"},
	} {
		if strings.Contains(t.PixelFormat, known.part) {
			sampling = known.name
			break
		}
	}
	if t.BitDepth > 0 {
		sampling = strings.TrimSpace(fmt.Sprintf("%s %d bit", sampling, t.BitDepth))
	}
	return printable(sampling)
}

// rate is a sample rate: "48 kHz", "44.1 kHz".
func rate(hertz int) string {
	if hertz == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(hertz)/1000, 'f', -1, 64) + " kHz"
}

// positive is a number, and nothing where it is not known.
func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
