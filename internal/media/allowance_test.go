package media_test

import (
	"path"
	"slices"
	"strings"
)

// allowance is a difference between this program and ffprobe that is meant to be. Empty fields fit everything.
type allowance struct {
	file   string // a pattern of path.Match
	codec  string // as ffprobe names it, several with "|" between them; "-" for a field of the file
	field  string // a pattern of path.Match
	here   string // what this program says; "-" for nothing
	there  string // what ffprobe says; "-" for nothing
	reason string // for the document
}

// fits tells whether the difference is the one that is allowed.
func (a allowance) fits(d difference) bool {
	return fits(a.file, d.file) && fits(a.field, d.field) && among(a.codec, d.codec) &&
		equals(a.here, d.here) && equals(a.there, d.there)
}

func fits(pattern, name string) bool {
	if pattern == "" {
		return true
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

func equals(want, text string) bool {
	if want == "-" {
		return text == ""
	}
	return want == "" || want == text
}

func among(wanted, text string) bool {
	return slices.ContainsFunc(strings.Split(wanted, "|"), func(one string) bool { return equals(one, text) })
}

// allowances are all differences that are allowed, each with its reason. One that no file needs any more fails the test.
func allowances() []allowance {
	const (
		sei = "What the picture itself says of the display it was graded on is read from its first frame. ffprobe tells that " +
			"only of frames, unless the container repeats it."
		clock = "Matroska rounds times to milliseconds. ffprobe guesses the rate from those; the track tells it exactly."
		empty = "The container counts fields, and every other one is empty. ffprobe tells the rate of the fields for codecs whose " +
			"frames it does not parse."
	)
	return []allowance{
		{codec: "hevc", field: "Mastering", there: "-", reason: sei},
		{codec: "hevc", field: "ContentLight", there: "-", reason: sei},
		{file: "*.mkv", codec: "h264", field: "FrameRate", reason: clock},
		{file: "avi-*", field: "FrameRate", codec: "msmpeg4v3|msmpeg4v2|wmv2|mjpeg|ffv1|utvideo|flv1|huffyuv|vp8", reason: empty},
		{file: "avi-h263-*", field: "FrameRate", codec: "h263",
			reason: "The distances of the frames are irregular: H.263 counts 29.97 a second, whatever its rate."},
		{file: "avi-rate23976*", field: "FrameRate", here: "24000/1001", reason: "23.976 is what people write for 24000/1001."},
		{file: "*-languages.m*", field: "Title", there: "-",
			reason: "The name of a track (udta/name) is read. This ffprobe leaves it out."},
		{file: "merged-languages.mkv", field: "LanguageTag",
			reason: "LanguageBCP47 is read, which tells a region or a script. This ffprobe knows the older element alone."},
		{file: "merged-subtitles.mkv", field: "Codec", here: "webvtt", there: "-", reason: "S_TEXT/WEBVTT is unknown to this ffprobe."},
		{file: "merged-headers-removed.mkv", codec: "mpeg4", there: "-", reason: "ffprobe does not find a frame to take the pixel format from."},
		{file: "merged-hdr-vp9.mkv", codec: "vp9", field: "ColorSpace", there: "-",
			reason: "The container tells the colour matrix, the stream does not. ffprobe forgets the one over the other."},
		{file: "mkv-edited.mkv", codec: "h264", there: "-",
			reason: "The film begins with frames that lean on missing ones. ffprobe waits for a whole one; the headers are enough."},
		{file: "mp4-h264pal-mp2.mp4", codec: "mp3", field: "Codec", here: "mp2",
			reason: "MP4 has one name for the three layers of MPEG audio. The first frame tells which it is."},
		{file: "m2ts-mpeg2-pcmbluray.m2ts", codec: "pcm_bluray", field: "BitDepth", there: "-",
			reason: "The header of the samples tells the bits. ffprobe does not print them for this codec."},
		{file: "frag-chapters.mp4", field: "Chapters", codec: "-",
			reason: "The last chapter ends where the film does. ffprobe takes the end from a text track, whose samples are in the fragments."},
		{file: "frag-chapters.mp4", field: "DurationSeconds", codec: "bin_data",
			reason: "As told by the header of the text track that repeats the chapters. ffprobe adds a picture's duration."},
	}
}

// secondOpinions are the files of the matrix for which ffprobe is asked, and why that is right.
func secondOpinions() []allowance {
	return []allowance{
		{file: "flv-*", reason: "Flash Video is not read natively."},
		{file: "mpg-*", reason: "Program streams (DVD) are not read natively: their headers are spread over the whole file."},
		{file: "wmv-*", reason: "ASF is not read natively."},
		{file: "ogv-*", reason: "Ogg is not read natively."},
		{file: "mkv-live.mkv", reason: "A recording that was never finished tells no duration."},
		{file: "m2ts-hevchdr-truehd.m2ts",
			reason: "TrueHD on Blu-ray brings AC-3 along. This one does not, against its map of the program, and ffprobe finds none either."},
	}
}
