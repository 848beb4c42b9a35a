package media_test

import (
	"path/filepath"
	"slices"
	"strings"
)

// sample is one file of the matrix.
type sample struct {
	container string   // as the document names it
	name      string   // of the file, with its extension
	command   []string // makes the file; its words are those of a command line in the folder of all files
	stage     int      // a command needs files of earlier stages alone
	patch     func(data []byte) ([]byte, error)
}

// muxing is a way to make one kind of container.
type muxing struct {
	container string
	prefix    string // of the names of the files
	extension string
	flags     string
}

// with puts elementary streams ("h264 aac") into a container. The name of the file tells what is in it.
func (m muxing) with(streams, flags string) sample {
	names := strings.Fields(streams)
	command := []string{"ffmpeg"}
	for i, name := range names {
		command = append(command, "-i", elementary{name: name}.file())
		names[i], _, _ = strings.Cut(name, ".")
	}
	for i := range names {
		command = append(command, "-map", string(rune('0'+i)))
	}
	return m.finish(strings.Join(names, "-"), append(command, "-c", "copy"), flags)
}

// made makes a file by arguments of ffmpeg.
func (m muxing) made(name, arguments string) sample {
	return m.finish(name, append([]string{"ffmpeg"}, strings.Fields(arguments)...), "")
}

func (m muxing) finish(name string, command []string, flags string) sample {
	s := sample{container: m.container, name: m.prefix + "-" + name + m.extension}
	command = append(append(command, strings.Fields(m.flags)...), strings.Fields(flags)...)
	s.command = append(command, "-bitexact", s.name)
	return s
}

// called gives the file a name that says what is particular about it.
func (s sample) called(name string) sample {
	family, _, _ := strings.Cut(s.name, "-")
	s.name = family + "-" + name + filepath.Ext(s.name)
	s.command[len(s.command)-1] = s.name
	return s
}

// patched changes the bytes of the file afterwards.
func (s sample) patched(patch func([]byte) ([]byte, error)) sample {
	s.patch = patch
	return s
}

// after makes the sample one that needs files of a stage.
func (s sample) after(stage int) sample {
	s.stage = stage + 1
	return s
}

var (
	mkv        = muxing{"Matroska", "mkv", ".mkv", ""}
	webm       = muxing{"WebM", "webm", ".webm", ""}
	mp4        = muxing{"MP4", "mp4", ".mp4", "-strict -2"}
	faststart  = muxing{"MP4, headers first", "fast", ".mp4", "-strict -2 -movflags +faststart"}
	fragmented = muxing{"MP4, fragmented", "frag", ".mp4", "-strict -2 -movflags +frag_keyframe+delay_moov+default_base_moof"}
	quicktime  = muxing{"QuickTime", "mov", ".mov", ""}
	threegp    = muxing{"3GP", "3gp", ".3gp", ""}
	avi        = muxing{"AVI", "avi", ".avi", ""}
	ts         = muxing{"MPEG-TS", "ts", ".ts", ""}
	m2ts       = muxing{"MPEG-TS, Blu-ray", "m2ts", ".m2ts", "-mpegts_m2ts_mode 1"}
)

// matrix lists all files.
func matrix() []sample {
	return slices.Concat(crossed(), paced(), spoken(), titled(), arranged(), bright(), long(), merged(), foreign())
}

// crossed puts every stream into every container that takes it.
func crossed() []sample {
	var samples []sample
	for _, row := range []struct {
		muxing  muxing
		streams string // separated by commas
	}{
		{mkv, "h264 aac,h264main ac3,h264base mp3,h264hi10 flac,h264hi422 opus,h264pal mp2,h264full vorbis,hevc aac51,hevchdr eac3.mka," +
			"hevchlg dts,hevc422 truehd.mka,av1 opus51,av1hdr aac71,vp8 vorbis51,vp9 aacmono,vp9deep flacdeep,vp9444 alac.mka,mpeg1 ac3mono," +
			"mpeg2 ac351,mpeg2pal eac3stereo.mka,mpeg4 mp3low,mpeg4sar dtsstereo,msmpeg4v3 wmav2.wma,msmpeg4v2 adpcmms.wav,wmv2 adpcmima.wav,h263 alaw," +
			"flv1 mulaw,mjpeg pcmu8,proreshq pcms24,prores4444 pcmf32,dnxhr pcmbe,ffv1 tta.mka,ffv1deep wavpack,huffyuv pcms16,utvideo pcm51," +
			"theora alacdeep.mka,rawvideo aaclow,dv mlp.mka,ffvhuff aac,dnxhqx aac,h264 truehdstereo.mka"},
		{webm, "vp8 vorbis,vp9 opus,vp9deep opus51,vp9444 vorbis51,av1 opus,av1hdr opus51"},
		{mp4, "h264 aac,h264main ac3,h264base mp3,h264hi10 flac,h264hi422 opus,h264pal mp2,h264full aacmono,hevc aac51,hevchdr eac3.mka," +
			"hevchlg dts,hevc422 truehd.mka,av1 opus51,av1hdr aac71,vp9 vorbis,vp9deep flacdeep,vp9444 alac.mka,mpeg1 ac3mono,mpeg2 ac351," +
			"mpeg2pal eac3stereo.mka,mpeg4 mp3low,mpeg4sar dtsstereo,mjpeg alacdeep.mka,h264 truehdstereo.mka"},
		{faststart, "h264 aac,hevc ac3,av1 opus,vp9 flac,mpeg4 mp3,h264pal eac3.mka,hevchdr aac51,h264base alac.mka,mpeg2 dts"},
		{fragmented, "h264 aac,hevc ac3,av1 opus,vp9 flac,mpeg4 mp3,h264pal eac3.mka,hevchdr aac51,h264base alac.mka,mpeg2 dts"},
		{quicktime, "h264 aac,h264hi10 pcms16,h264full pcms24,hevc pcmf32,hevchdr ac3,mpeg4 pcmu8,mjpeg pcmbe,proreshq pcm51," +
			"prores4444 alac.mka,dnxhr alacdeep.mka,h264pal alaw,mpeg2 mulaw,dv aacmono,hevc422 eac3.mka,h264main adpcmqt.mov,raw422 aac51," +
			"h263 mp3,mpeg1 mp2,dnxhqx aac,dnx444 aac,dnxrgb aac"},
		{threegp, "h263 aac,h264base aacmono,mpeg4 aaclow"},
		{avi, "mpeg4 mp3,mpeg4sar ac3,msmpeg4v3 mp3low,msmpeg4v2 mp2,wmv2 wmav2.wma,h264 aac,mjpeg pcms16,huffyuv pcms24,ffv1 pcmf32," +
			"utvideo pcmu8,mpeg2 ac351,mpeg1 adpcmms.wav,flv1 adpcmima.wav,dv alaw,rawvideo mulaw,h264pal dts,ffv1deep pcm51,h263 mp3,vp8 eac3.mka,hevc flac"},
		{ts, "h264 aac,h264main ac3,h264base mp3,h264hi10 eac3.mka,h264pal mp2,hevc aac51,hevchdr dts,hevc422 opus,mpeg1 ac3mono,mpeg2 ac351," +
			"mpeg2pal eac3stereo.mka,h264 opus51,mpeg2 mp3low,hevc truehd.mka,h264 aac71,mpeg2 s302m.ts"},
		{m2ts, "h264 ac351,hevchdr truehd.mka,mpeg2 pcmbluray.m2ts,h264pal dts,h264main eac3.mka,hevc aac"},
	} {
		for streams := range strings.SplitSeq(row.streams, ",") {
			samples = append(samples, row.muxing.with(streams, ""))
		}
	}
	return samples
}
