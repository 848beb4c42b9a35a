package media_test

import "strings"

// merge makes a file by mkvmerge. Its inputs are files that ffmpeg has made.
func merge(name, arguments string) sample {
	file := "merged-" + name + ".mkv"
	command := append([]string{"mkvmerge", "--quiet", "--deterministic", "7", "-o", file}, strings.Fields(arguments)...)
	return sample{container: "Matroska, by mkvmerge", name: file, command: command, stage: 1}
}

// merged are what mkvmerge makes of the files above: it writes other elements than ffmpeg, and more of them.
func merged() []sample {
	samples := []sample{
		merge("plain", "mkv-h264-aac.mkv"),
		merge("languages", "--language 0:und --language 1:de fast-h264-aac.mp4 --language 0:pt-BR ts-h264main-ac3.ts"+
			" --language 0:zh-Hans-CN lines.srt --language 0:sr-Latn styled.ass"),
		merge("legacy-languages", "--disable-language-ietf --language 1:ger fast-h264-aac.mp4 --language 0:fre lines.srt"),
		merge("flags", "--default-track-flag 1:no --commentary-flag 1:yes fast-h264-aac.mp4 --hearing-impaired-flag 0:yes"+
			" --forced-display-flag 0:yes lines.srt --visual-impaired-flag 0:yes --original-flag 0:yes --track-enabled-flag 0:no styled.ass"),
		merge("titles", "--title Ebbe --track-name 0:Möwen --track-name 1:海 fast-h264-aac.mp4 --track-name 0:Text lines.srt"),
		merge("chapters", "--chapters chapters.xml mkv-h264-aac.mkv"),
		merge("simple-chapters", "--chapter-language ger --chapters chapters.ogm mkv-h264-aac.mkv"),
		merge("tags", "--global-tags tags.xml --tags 0:tags.xml mkv-h264-aac.mkv"),
		merge("attachments", "--attachment-mime-type font/ttf --attach-file sea.ttf --attachment-mime-type image/jpeg"+
			" --attachment-name cover.jpg --attach-file cover.jpg --attachment-mime-type text/plain --attach-file notes.txt mkv-h264-aac.mkv"),
		merge("subtitles", "fast-h264-aac.mp4 lines.srt styled.ass lines.vtt pictures.sup"),
		merge("no-cues", "--no-cues --clusters-in-meta-seek mkv-h264-aac.mkv"),
		merge("laced", "--cluster-length 100ms --disable-lacing mkv-vp8-vorbis51.mkv"),
		merge("compressed", "--compression 0:zlib --compression 1:none mkv-h264-aac.mkv"),
		merge("headers-removed", "--compression 0:mpeg4_p2 mkv-mpeg4-mp3low.mkv"),
		merge("default-duration", "--default-duration 0:25p mkv-h264main-ac3.mkv"),
		merge("pixels", "--display-dimensions 0:320x180 --cropping 0:2,2,4,4 mkv-h264-aac.mkv"),
		merge("aspect", "--aspect-ratio 0:4/3 mkv-mpeg2-ac351.mkv"),
		merge("stereo", "--stereo-mode 0:side_by_side_left_first mkv-h264-aac.mkv"),
		merge("webm", "--webm webm-vp9-opus.webm"),
		merge("old-elements", "--engage no_simpleblocks --engage no_cue_duration mkv-h264-aac.mkv"),
		merge("hdr", hdr+" mkv-hevchdr-eac3.mkv"),
		merge("hdr-vp9", hdr+" webm-vp9deep-opus51.webm"),
		merge("two-hours", "mkv-two-hours.mkv"),
	}
	for name := range strings.FieldsSeq("hevc-aac51 hevchlg-dts av1-opus51 av1hdr-aac71 vp9-aacmono vp9deep-flacdeep mpeg1-ac3mono " +
		"mpeg2pal-eac3stereo mpeg4-mp3low h264hi10-flac h264hi422-opus h264pal-mp2 h264full-vorbis hevc422-truehd proreshq-pcms24 " +
		"ffv1-tta ffv1deep-wavpack theora-alacdeep dv-mlp huffyuv-pcms16 msmpeg4v3-wmav2 h264-truehdstereo mjpeg-pcmu8 vp9444-alac") {
		samples = append(samples, merge(name, "mkv-"+name+".mkv"))
	}
	for name := range strings.FieldsSeq("avi-mpeg4-mp3.avi avi-msmpeg4v3-mp3low.avi mov-proreshq-pcm51.mov m2ts-hevchdr-truehd.m2ts " +
		"ts-h264pal-mp2.ts ts-hevc-aac51.ts mp4-hevc-aac51.mp4 mp4-rate120000by1001.mp4 mp4-rate48000by1001.mp4 mp4-rate25by2.mp4") {
		samples = append(samples, merge("of-"+strings.ReplaceAll(name, ".", "-"), name))
	}
	return samples
}

// hdr are the arguments for what hdr10 says of a film.
const hdr = "--color-matrix-coefficients 0:9 --color-range 0:1 --color-transfer-characteristics 0:16 --color-primaries 0:9" +
	" --max-content-light 0:1000 --max-frame-light 0:400 --max-luminance 0:1000 --min-luminance 0:0.005" +
	" --chromaticity-coordinates 0:0.68,0.32,0.265,0.69,0.15,0.06 --white-color-coordinates 0:0.3127,0.329"
