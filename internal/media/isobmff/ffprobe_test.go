package isobmff_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/isobmff"
	"vpo/internal/media/language"
	"vpo/internal/media/mediatest"
	"vpo/internal/media/source"
)

// read reads a file that is in memory; head is how much of it is known already.
func read(t testing.TB, data []byte, head int) (library.Media, error) {
	t.Helper()
	file := library.Content{Data: bytes.NewReader(data), Size: int64(len(data)), Head: data[:min(head, len(data))]}
	return isobmff.Read(source.New(t.Context(), file))
}

const head = 64 << 10

// sample makes a small file with ffmpeg. Arguments are split at spaces; {dir} is a folder with ingredients.
func sample(t testing.TB, name, arguments string) string {
	t.Helper()
	ffmpeg := mediatest.NeedFFmpeg(t)
	dir := t.TempDir()
	ingredients(t, dir)
	path := filepath.Join(dir, name)
	args := strings.Fields(strings.ReplaceAll("-v error -nostdin -y "+arguments, "{dir}", dir))
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "~", " ")
	}
	mediatest.KeepFile(t, name+" "+arguments, path, func() {
		command := exec.CommandContext(t.Context(), ffmpeg, append(args, path)...)
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("ffmpeg %s: %v\n%s", arguments, err, output)
		}
	})
	return path
}

// ingredients writes what files are made of: subtitles, chapters, a picture.
func ingredients(t testing.TB, dir string) {
	t.Helper()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("s.srt", "1\n00:00:00,100 --> 00:00:00,900\nHallo\n")
	write("chapters.txt", ";FFMETADATA1\ntitle=Film\nartist=Jemand ä\n"+
		"[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=Eins\n"+
		"[CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=Zwei ä\n")
}

// Inputs of ffmpeg, a second long.
const (
	picture = "-f lavfi -i testsrc2=s=160x90:r=24000/1001:d=1 "
	tone    = "-f lavfi -i sine=d=1:r=48000 "
	six     = "-f lavfi -i anullsrc=r=48000:cl=5.1:d=1 "
	cover   = "-f lavfi -i testsrc2=s=32x32:d=0.04 "
)

// samples are files that ffmpeg makes, and all that ffprobe tells of them is to be read the same.
var samples = []struct{ name, file, arguments string }{
	{"H264AndAAC", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -metadata title=A~Title -metadata:s:a language=deu"},
	{"Faststart", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -movflags +faststart"},
	{"HEVC", "a.mp4", picture + "-c:v libx265 -x265-params log-level=none -tag:v hvc1 -pix_fmt yuv420p10le"},
	{"HDR10", "a.mp4", picture + "-c:v libx265 -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc " +
		"-x265-params log-level=none:hdr10=1:repeat-headers=0:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400"},
	{"AV1", "a.mp4", picture + "-c:v libsvtav1 -preset 12"},
	{"VP9AndOpus", "a.mp4", picture + tone + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus"},
	{"MPEG4AndMP3", "a.mp4", picture + tone + "-c:v mpeg4 -c:a libmp3lame"},
	{"MPEG2", "a.mp4", picture + "-c:v mpeg2video"},
	{"MPEG1", "a.mov", picture + "-r 25 -c:v mpeg1video"},
	{"AC3", "a.mp4", six + "-c:a ac3"},
	{"EAC3", "a.mp4", six + "-c:a eac3"},
	{"DTS", "a.mp4", six + "-c:a dca -strict -2"},
	{"TrueHD", "a.mp4", six + "-c:a truehd -strict -2"},
	{"FLAC", "a.mp4", tone + "-ac 2 -c:a flac -strict -2"},
	{"ALAC", "a.m4a", six + "-c:a alac"},
	{"Vorbis", "a.mp4", tone + "-ac 2 -c:a libvorbis"},
	{"MJPEG", "a.mov", picture + "-c:v mjpeg"},
	{"PNG", "a.mov", picture + "-c:v png"},
	{"ProResAndPCM24", "a.mov", picture + tone + "-c:v prores_ks -c:a pcm_s24le -timecode 01:00:00:00 -metadata title=X -metadata:s:a language=fra"},
	{"ProRes4444", "a.mov", picture + "-c:v prores_ks -profile:v 4444"},
	{"QTRLE", "a.mov", picture + "-c:v qtrle"},
	{"RawVideo", "a.mov", picture + "-c:v rawvideo -pix_fmt uyvy422"},
	{"V210", "a.mov", picture + "-c:v v210"},
	{"RawVideoInRGB", "a.mov", picture + "-c:v rawvideo -pix_fmt rgb24"},
	{"R210", "a.mov", picture + "-c:v r210 -pix_fmt gbrp10le"},
	{"Sorenson1", "a.mov", picture + "-c:v svq1"},
	{"Cinepak", "a.mov", "-f lavfi -i testsrc2=s=160x96:r=25:d=0.2 -c:v cinepak"},
	{"H264In422", "a.mov", picture + "-pix_fmt yuv422p10le -c:v libx264"},
	{"HEVCIn444", "a.mp4", picture + "-pix_fmt yuv444p10le -c:v libx265 -x265-params log-level=none"},
	{"CroppedPictures", "a.mp4", "-f lavfi -i testsrc2=s=1920x1080:r=25:d=0.1 -c:v libx264 -preset ultrafast"},
	{"InterlacedPictures", "a.mp4", "-f lavfi -i testsrc2=s=160x96:r=50:d=1 -vf interlace -c:v libx264 -flags +ildct+ilme"},
	{"WidePixels", "a.mp4", "-f lavfi -i testsrc2=s=720x576:r=25:d=0.1 -aspect 16:9 -c:v mpeg4"},
	{"DV", "a.mov", "-f lavfi -i testsrc2=s=720x576:r=25:d=0.2 -c:v dvvideo"},
	{"PCM16", "a.mov", six + "-c:a pcm_s16le"},
	{"PCM16BigEndian", "a.mov", tone + "-c:a pcm_s16be"},
	{"PCM32", "a.mov", tone + "-ac 2 -c:a pcm_s32be"},
	{"PCMFloat", "a.mov", tone + "-c:a pcm_f32le"},
	{"PCMDouble", "a.mov", tone + "-c:a pcm_f64be"},
	{"PCM8", "a.mov", tone + "-c:a pcm_u8"},
	{"PCMSigned8", "a.mov", tone + "-c:a pcm_s8"},
	{"Mulaw", "a.mov", tone + "-c:a pcm_mulaw"},
	{"Alaw", "a.mov", tone + "-c:a pcm_alaw"},
	{"IMA4", "a.mov", tone + "-c:a adpcm_ima_qt"},
	{"AACInQuickTime", "a.mov", tone + "-ac 2 -c:a aac"},
	{"ALACInQuickTime", "a.mov", tone + "-c:a alac"},
	{"AC3InQuickTime", "a.mov", six + "-c:a ac3"},
	{"MP3InQuickTime", "a.mov", tone + "-c:a libmp3lame"},
	{"ThreeGP", "a.3gp", "-f lavfi -i testsrc2=s=176x144:r=25:d=1 " + tone + "-c:v h263 -c:a aac -metadata title=Drei -metadata location=+50.1234+008.5678/"},
	{"IPod", "a.m4v", picture + tone + "-c:v libx264 -c:a aac -f ipod"},
	{"PSP", "a.mp4", "-f lavfi -i testsrc2=s=320x240:r=30000/1001:d=1 " + tone + "-ac 2 -c:v libx264 -c:a aac -b:a 64k -f psp"},
	{"ISMV", "a.ismv", picture + tone + "-c:v libx264 -c:a aac -f ismv -frag_duration 200000"},
	{"F4V", "a.f4v", picture + tone + "-c:v libx264 -c:a aac -f f4v"},
	{"Everything", "a.mp4", picture + tone + "-i {dir}/s.srt -i {dir}/chapters.txt " + cover +
		"-map 0 -map 1 -map 2 -map 4 -map_metadata 3 -c:v:0 libx264 -c:a ac3 -c:s mov_text -c:v:1 mjpeg -disposition:v:1 attached_pic " +
		"-disposition:s:0 forced -metadata:s:s:0 language=eng -metadata:g creation_time=2020-02-03T04:05:06Z"},
	{"CoverPNG", "a.m4v", picture + cover + "-map 0 -map 1 -c:v:0 libx264 -c:v:1 png -disposition:v:1 attached_pic"},
	{"HearingImpaired", "a.mp4", "-i {dir}/s.srt -c:s mov_text -disposition:s:0 hearing_impaired+captions"},
	{"Commentary", "a.mp4", tone + tone + "-map 0 -map 1 -c:a aac -disposition:a:0 default -disposition:a:1 comment"},
	{"ITunesTags", "a.m4v", picture + "-c:v libx264 -metadata title=T -metadata show=S -metadata episode_id=E1 -metadata season_number=2 " +
		"-metadata episode_sort=7 -metadata media_type=10 -metadata hd_video=1 -metadata track=3/12 -metadata disc=1/2 -metadata genre=Jazz " +
		"-metadata date=2021 -metadata comment=C -metadata description=D -metadata synopsis=Y -metadata album_artist=AA -metadata copyright=©"},
	{"NamedTags", "a.mov", picture + "-c:v libx264 -movflags use_metadata_tags -metadata title=X -metadata com.foo=bar"},
	{"QuickTimeTags", "a.mov", picture + "-c:v libx264 -metadata title=Ä -metadata artist=B -metadata comment=C -metadata location=+50.1234+008.5678/"},
	{"QuickTimeChapters", "a.mov", picture + "-i {dir}/chapters.txt -map_metadata 1 -c:v libx264"},
	{"Anamorphic", "a.mp4", picture + "-c:v libx264 -aspect 4:3"},
	{"Colours", "a.mp4", picture + "-c:v libx264 -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv -movflags write_colr"},
	{"Milliseconds", "a.mp4", picture + "-c:v libx264 -video_track_timescale 1000"},
	{"OldClock", "a.mp4", picture + "-c:v libx264 -video_track_timescale 600"},
	{"OneFrame", "a.mp4", picture + "-frames:v 1 -c:v libx264"},
	{"VariableRate", "a.mp4", "-f lavfi -i testsrc2=s=64x36:r=30:d=2 -vf select='not(mod(n\\,3))+not(mod(n\\,4))' -vsync vfr -c:v libx264"},
	{"Fragmented", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -g 5 -movflags +frag_keyframe+empty_moov"},
	{"FragmentedByTrack", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -g 5 -movflags +frag_keyframe+empty_moov+separate_moof+default_base_moof"},
	{"FragmentedBehindAnIndex", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -g 5 -movflags +frag_keyframe"},
	{"FragmentedWithDelay", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -g 5 -movflags +frag_keyframe+delay_moov"},
	{"FragmentedWithIndex", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -g 5 -movflags +dash+global_sidx -frag_duration 200000"},
	{"FragmentedWithIndices", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -g 5 -movflags +dash -frag_duration 200000"},
	{"PCMInTheSecondVersion", "a.mov", "-f lavfi -i sine=d=0.5:r=96000 -ac 2 -c:a pcm_s24le"},
	{"PCMFloatInTheSecondVersion", "a.mov", "-f lavfi -i sine=d=0.5:r=192000 -ac 6 -c:a pcm_f32be"},
	{"HEVCWithSetsInTheStream", "a.mp4", picture + "-c:v libx265 -x265-params log-level=none -tag:v hev1"},
	{"TimecodeInMP4", "a.mp4", picture + "-c:v libx264 -write_tmcd on -timecode 01:02:03:04"},
	{"SoundThatStartsLater", "a.mp4", picture + "-itsoffset 0.5 " + tone + "-c:v libx264 -c:a aac"},
	{"PicturesThatStartLater", "a.mov", tone + "-itsoffset 0.25 " + picture + "-c:v libx264 -c:a aac"},
	{"NegativeOffsets", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -movflags +negative_cts_offsets"},
	{"FragmentedForCMAF", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -g 5 -movflags +cmaf+frag_keyframe+empty_moov"},
	{"FragmentedWithNegativeOffsets", "a.mp4", picture + tone + "-c:v libx264 -c:a aac -g 5 -movflags +frag_keyframe+empty_moov+negative_cts_offsets"},
	{"FragmentedWithSubtitles", "a.mp4", picture + "-i {dir}/s.srt -c:v libx264 -c:s mov_text -g 5 -movflags +frag_keyframe+empty_moov"},
	{"FragmentedTrueHD", "a.mp4", six + "-c:a truehd -strict -2 -movflags +frag_keyframe+delay_moov -frag_duration 200000"},
	{"SomeOtherBrand", "a.mp4", picture + "-c:v libx264 -brand mp42"},
	{"ThreeGP2", "a.3g2", picture + tone + "-c:v mpeg4 -c:a aac"},
	{"SeveralOfEach", "a.mp4", picture + tone + tone + "-i {dir}/s.srt -i {dir}/s.srt -map 0 -map 1 -map 2 -map 3 -map 4 -c:v libx264 -c:a aac -c:s mov_text " +
		"-metadata:s:a:0 language=eng -metadata:s:a:1 language=jpn -metadata:s:s:0 language=fre -metadata:s:s:1 language=zho -disposition:a:0 0 -disposition:a:1 default"},
	{"FragmentedMP3", "a.mp4", tone + "-c:a libmp3lame -movflags +frag_keyframe+empty_moov -frag_duration 200000"},
	{"ManyFragments", "a.mp4", "-f lavfi -i testsrc2=s=32x32:r=50:d=4 " + tone + "-c:v libx264 -c:a aac -movflags +frag_every_frame+empty_moov"},
	{"ManyFragmentsAndNoIndexOfThem", "a.mp4", "-f lavfi -i testsrc2=s=32x32:r=50:d=4 -c:v libx264 -movflags +frag_every_frame+empty_moov+skip_trailer"},
}

// TestReadAgreesWithFFprobe compares field by field.
func TestReadAgreesWithFFprobe(t *testing.T) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			agree(t, sample(t, s.file, s.arguments))
		})
	}
	library := filepath.Join("..", "..", "..", "testdata", "library")
	for _, path := range []string{"Home Videos/2023/IMG_0042.MOV", "Films/Harbour Lights (2019)/Harbour Lights (2019).mp4"} {
		t.Run(filepath.Base(path), func(t *testing.T) { agree(t, filepath.Join(library, path)) })
	}
}

// TestTrimmedFiles cuts the beginning off a film without coding it anew: edit lists make up for what cannot be cut.
func TestTrimmedFiles(t *testing.T) {
	whole := sample(t, "whole.mp4", "-f lavfi -i testsrc2=s=64x36:r=25:d=3 -f lavfi -i sine=d=3:r=48000 -c:v libx264 -g 25 -c:a aac")
	for _, f := range []struct{ name, file, arguments string }{
		{"MP4", "a.mp4", "-ss 1.3 -i " + whole + " -c copy"},
		{"QuickTime", "a.mov", "-ss 1.3 -i " + whole + " -c copy"},
		{"AtBothEnds", "a.mp4", "-ss 0.5 -t 1.6 -i " + whole + " -c copy"},
		{"WithoutAnEditList", "a.mp4", "-ss 1.3 -i " + whole + " -c copy -use_editlist 0"},
		{"InFragments", "a.mp4", "-ss 1.3 -i " + whole + " -c copy -movflags +frag_keyframe+empty_moov+delay_moov"},
	} {
		t.Run(f.name, func(t *testing.T) { agree(t, sample(t, f.file, f.arguments)) })
	}
}

// TestMoreThanFFprobe checks where this package tells more than ffprobe 5.1 does, or knows better.
func TestMoreThanFFprobe(t *testing.T) {
	first := func(t *testing.T, path string) library.Track {
		t.Helper()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		media, err := read(t, data, head)
		if err != nil {
			t.Fatal(err)
		}
		return media.Tracks[0]
	}
	t.Run("LayerTwoIsNotMP3", func(t *testing.T) {
		same(t, "codec", first(t, sample(t, "a.mp4", tone+"-c:a mp2")).Codec, "mp2")
	})
	t.Run("ATrackHasATitle", func(t *testing.T) {
		same(t, "title", first(t, sample(t, "a.mp4", tone+"-c:a aac -metadata:s:a title=Ton")).Title, "Ton")
	})
	t.Run("ColoursOfTheContainerWhereTheStreamHasNone", func(t *testing.T) {
		path := sample(t, "a.mov", picture+"-c:v prores_ks -color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc")
		same(t, "transfer", first(t, path).ColorTransfer, "arib-std-b67")
	})
	t.Run("EncryptedPicturesHaveTheFormatOfTheirConfiguration", func(t *testing.T) {
		path := sample(t, "a.mp4", picture+"-c:v libx264 -encryption_scheme cenc-aes-ctr "+
			"-encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8")
		got := first(t, path)
		same(t, "codec", got.Codec, "h264")
		same(t, "pixel format", got.PixelFormat, "yuv420p")
	})
	t.Run("EncryptedSoundHasTheChannelsOfItsConfiguration", func(t *testing.T) {
		path := sample(t, "a.mp4", tone+"-c:a aac -encryption_scheme cenc-aes-ctr "+
			"-encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8")
		same(t, "layout", first(t, path).ChannelLayout, "mono")
	})
}

// TestParameterSetsInTheStream empties the configuration of a codec, as writers of avc3 do that repeat it in the stream.
func TestParameterSetsInTheStream(t *testing.T) {
	path := sample(t, "a.mp4", picture+"-c:v libx264 -x264-params repeat-headers=1 -bsf:v dump_extra -tag:v avc3")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte("avcC"))
	copy(data[at+4+5:], []byte{0xe0, 0x00})
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	agree(t, path)
}

// agree compares what this package reads with what ffprobe does, with a long head and with none.
func agree(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := probe(t, path)
	for _, known := range []int{head, 0} {
		got, err := read(t, data, known)
		if err != nil {
			t.Fatalf("with %d bytes known: %v", known, err)
		}
		if !isobmff.Is(data) {
			t.Error("the file is not recognised")
		}
		if len(got.Warnings) > 0 {
			t.Errorf("warnings: %q", got.Warnings)
		}
		want.compare(t, got)
	}
}

// report is ffprobe's answer.
type report struct {
	Format struct {
		Name     string            `json:"format_name"`
		Duration string            `json:"duration"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
	Streams  []stream `json:"streams"`
	Chapters []struct {
		Start string            `json:"start_time"`
		End   string            `json:"end_time"`
		Tags  map[string]string `json:"tags"`
	} `json:"chapters"`
}

type stream struct {
	Type        string            `json:"codec_type"`
	Codec       string            `json:"codec_name"`
	Profile     string            `json:"profile"`
	Duration    string            `json:"duration"`
	Width       int               `json:"width"`
	Height      int               `json:"height"`
	Aspect      string            `json:"sample_aspect_ratio"`
	Rate        string            `json:"r_frame_rate"`
	PixelFormat string            `json:"pix_fmt"`
	Range       string            `json:"color_range"`
	Space       string            `json:"color_space"`
	Transfer    string            `json:"color_transfer"`
	Primaries   string            `json:"color_primaries"`
	Channels    int               `json:"channels"`
	Layout      string            `json:"channel_layout"`
	SampleRate  string            `json:"sample_rate"`
	RawBits     string            `json:"bits_per_raw_sample"`
	Disposition map[string]int    `json:"disposition"`
	Tags        map[string]string `json:"tags"`
}

func probe(t *testing.T, path string) report {
	t.Helper()
	output := mediatest.AskFFprobe(t, path, "-show_format", "-show_streams", "-show_chapters")
	var r report
	if err := json.Unmarshal(output, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r report) compare(t *testing.T, got library.Media) {
	t.Helper()
	same(t, "format", got.ContainerFormat, r.Format.Name)
	sameSeconds(t, "duration", got.DurationSeconds, r.Format.Duration)
	for key, value := range r.Format.Tags {
		same(t, "tag "+key, got.Tags[strings.ToLower(key)], value)
	}
	for key, value := range got.Tags {
		if _, ok := r.Format.Tags[key]; !ok && key != "url" {
			t.Errorf("a tag that ffprobe has not: %s=%s", key, value)
		}
	}
	if len(got.Tracks) != len(r.Streams) || len(got.Chapters) != len(r.Chapters) {
		t.Fatalf("%d tracks and %d chapters instead of %d and %d",
			len(got.Tracks), len(got.Chapters), len(r.Streams), len(r.Chapters))
	}
	for i, chapter := range r.Chapters {
		name := fmt.Sprintf("chapter %d ", i)
		sameSeconds(t, name+"start", got.Chapters[i].StartSeconds, chapter.Start)
		sameSeconds(t, name+"end", got.Chapters[i].EndSeconds, chapter.End)
		same(t, name+"title", got.Chapters[i].Title, chapter.Tags["title"])
	}
	for i, s := range r.Streams {
		s.compare(t, fmt.Sprintf("track %d ", i), got.Tracks[i], r.Format.Duration)
	}
}

func (s stream) compare(t *testing.T, name string, got library.Track, duration string) {
	t.Helper()
	kind := s.Type
	if kind == "data" {
		kind = "other"
	}
	same(t, name+"type", string(got.Type), kind)
	same(t, name+"codec", got.Codec, s.Codec)
	if s.Duration == "" {
		s.Duration = duration
	}
	sameSeconds(t, name+"duration", got.DurationSeconds, s.Duration)
	same(t, name+"language", got.Language, language.Bibliographic(s.Tags["language"]))
	same(t, name+"language tag", got.LanguageTag, language.Tag(s.Tags["language"]))
	if s.RawBits != "" {
		same(t, name+"depth", strconv.Itoa(got.BitDepth), s.RawBits)
	}
	same(t, name+"default", got.Default, s.Disposition["default"] == 1)
	same(t, name+"forced", got.Forced, s.Disposition["forced"] == 1)
	same(t, name+"hearing impaired", got.HearingImpaired, s.Disposition["hearing_impaired"] == 1)
	same(t, name+"commentary", got.Commentary, s.Disposition["comment"] == 1)
	switch s.Type {
	case "video":
		s.comparePicture(t, name, got)
	case "audio":
		same(t, name+"channels", got.Channels, s.Channels)
		if s.Layout != "" {
			same(t, name+"layout", got.ChannelLayout, s.Layout)
		}
		same(t, name+"sample rate", strconv.Itoa(got.SampleRate), s.SampleRate)
		same(t, name+"profile", got.Profile, s.Profile)
	}
}

func (s stream) comparePicture(t *testing.T, name string, got library.Track) {
	t.Helper()
	same(t, name+"width", got.Width, s.Width)
	same(t, name+"height", got.Height, s.Height)
	same(t, name+"aspect", got.SampleAspect, s.Aspect)
	same(t, name+"rate", got.FrameRate, s.Rate)
	same(t, name+"profile", got.Profile, s.Profile)
	same(t, name+"pixel format", got.PixelFormat, s.PixelFormat)
	same(t, name+"range", got.ColorRange, s.Range)
	same(t, name+"space", got.ColorSpace, s.Space)
	same(t, name+"transfer", got.ColorTransfer, s.Transfer)
	same(t, name+"primaries", got.ColorPrimaries, s.Primaries)
}

func same[T comparable](t *testing.T, name string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, and %v in ffprobe", name, got, want)
	}
}

func sameSeconds(t *testing.T, name string, got float64, text string) {
	t.Helper()
	want, _ := strconv.ParseFloat(text, 64)
	if math.Abs(got-want) > 2e-6 {
		t.Errorf("%s: %v, and %v in ffprobe", name, got, want)
	}
}
