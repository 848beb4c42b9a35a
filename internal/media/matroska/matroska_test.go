package matroska_test

import (
	"strings"
	"testing"

	"vpo/internal/media/mediatest"
)

// made are files as people have them, each with the commands that make it; they are made in this order, so that one can
// be made of another.
var made = []struct{ name, file, commands string }{
	{"EverythingThatFFmpegWrites", "everything.mkv", "ffmpeg " + picture + " -frames:v 1 -s 32x32 cover.jpg\n" +
		"ffmpeg " + picture + " " + sound + " -i lines.srt -i styled.ass -i meta.txt -map 0 -map 1 -map 1 -map 2 -map 3" +
		" -map_metadata 4 -map_chapters 4" + avc + "-c:a:0 aac -c:a:1 ac3 -c:s:0 srt -c:s:1 ass" +
		" -metadata:s:a:0 language=ger -metadata:s:a:0 title=Ton -metadata:s:a:1 language=fra -metadata creation_time=2021-03-04T05:06:07Z" +
		" -disposition:a:0 default -disposition:a:1 comment -disposition:s:0 forced+hearing_impaired" +
		" -attach font.ttf -metadata:s:t:0 mimetype=application/x-truetype-font" +
		" -attach cover.jpg -metadata:s:t:1 mimetype=image/jpeg everything.mkv"},
	{"Plain", "plain.mkv", "ffmpeg " + picture + " " + sound + avc + "-c:a aac plain.mkv"},
	{"IndexInFront", "front.mkv", "ffmpeg -i plain.mkv -c copy -cues_to_front 1 -reserve_index_space 1000 front.mkv"},
	{"WebM", "vp9.webm", "ffmpeg " + picture + " " + sound + " -i lines.srt -map 0 -map 1 -map 2 -c:v libvpx-vp9 -speed 8" +
		" -pix_fmt yuv420p -c:a libopus -c:s webvtt -metadata:s:a language=jpn vp9.webm"},
	{"VP8AndVorbis", "vp8.webm", "ffmpeg " + picture + " " + sound + " -c:v libvpx -speed 8 -pix_fmt yuv420p -c:a libvorbis vp8.webm"},
	{"CodecsOfAVIAndWAVE", "windows.mkv", "ffmpeg " + picture + " " + sound + " -c:v msmpeg4v2 -c:a adpcm_ms windows.mkv"},
	{"CodecsOfOldFiles", "old.mkv", "ffmpeg " + picture + " " + sound + " -c:v mpeg4 -c:a libmp3lame old.mkv"},
	{"Broadcast", "broadcast.mkv", "ffmpeg " + picture + " " + sound + " -c:v mpeg2video -c:a mp2 broadcast.mkv"},
	{"UncompressedSound", "pcm.mkv", "ffmpeg " + picture + " " + sound + " -map 0 -map 1 -map 1 -map 1 -map 1" + avc +
		"-c:a:0 pcm_s24le -c:a:1 pcm_u8 -c:a:2 pcm_f32le -c:a:3 pcm_s16be pcm.mkv"},
	{"LosslessSound", "lossless.mkv", "ffmpeg " + picture + " " + sound + " -map 0 -map 1 -map 1 -map 1 -map 1" + avc +
		"-c:a:0 flac -c:a:1 alac -c:a:2 tta -c:a:3 truehd -strict -2 lossless.mkv"},
	{"SurroundSound", "surround.mkv", "ffmpeg " + picture + " " + sound + " -map 0 -map 1 -map 1 -map 1 -map 1" + avc +
		"-ac 6 -c:a:0 ac3 -c:a:1 eac3 -c:a:2 dca -c:a:3 aac -strict -2 surround.mkv"},
	{"TheaterSound", "theater.mkv", "ffmpeg " + picture + " " + sound + " -map 0 -map 1 -map 1 -c:v libsvtav1 -preset 12 -pix_fmt yuv420p" +
		" -ac 6 -c:a:0 dca -c:a:1 truehd -strict -2 theater.mkv"},
	{"EditingCodecs", "editing.mkv", "ffmpeg " + picture + " -map 0 -map 0 -map 0 -frames:v 5 -c:v:0 prores_ks -profile:v:0 3" +
		" -c:v:1 mjpeg -pix_fmt:v:1 yuvj420p -c:v:2 png editing.mkv"},
	{"Theora", "theora.mkv", "ffmpeg " + picture + " " + sound + " -c:v libtheora -pix_fmt yuv420p -c:a libvorbis -ac 6 theora.mkv"},
	{"HighDynamicRange", "hdr.mkv", "ffmpeg " + picture + " -frames:v 3 " + hdr + "hdr.mkv"},
	{"OddRate", "rate.mkv", "ffmpeg -f lavfi -i testsrc=size=160x90:rate=60000/1001:duration=1 " + avc + "rate.mkv"},
	{"RateBehindTheTimesOfFrames", "film.mkv", unrated("24000/1001", "film.mkv")},
	{"RateBehindTheTimesOfFramesOfBroadcasts", "tv.mkv", unrated("30000/1001", "tv.mkv")},
	{"RateBehindTheTimesOfFastFrames", "fast.mkv", unrated("50", "fast.mkv")},
	{"MergedWithEverything", "merged.mkv", "ffmpeg " + picture + " -frames:v 1 -s 48x32 cover.png\n" +
		"mkvmerge -q -o merged.mkv --title Lights --chapters chapters.xml --global-tags tags.xml --cropping 0:2,2,4,4" +
		" --language 0:de-AT --track-name 0:Bild --display-dimensions 0:320x90 --language 1:pt-BR --default-track-flag 1:no plain.mkv" +
		" --forced-display-flag 0:yes --language 0:zh-Hant lines.srt --hearing-impaired-flag 0:yes --commentary-flag 0:yes styled.ass" +
		" --attachment-mime-type font/ttf --attach-file font.ttf --attachment-mime-type application/x-truetype-font" +
		" --attachment-description 'A font' --attach-file font.ttf --attachment-mime-type image/png --attach-file cover.png"},
	{"MergedWithLegacyLanguages", "legacy.mkv", "mkvmerge -q -o legacy.mkv --disable-language-ietf --language 1:ger plain.mkv"},
	{"MergedWithHeadersRemoved", "removed.mkv", "mkvmerge -q -o removed.mkv --compression 0:mpeg4_p2 --compression 1:none old.mkv"},
	{"MergedAndCompressed", "compressed.mkv", "mkvmerge -q -o compressed.mkv --compression 0:zlib --compression 1:zlib broadcast.mkv"},
	{"MergedWithColours", "colours.mkv", "mkvmerge -q -o colours.mkv --color-range 0:1 --color-transfer-characteristics 0:16" +
		" --color-primaries 0:9 vp8.webm"},
	{"MergedWithBlockGroups", "groups.mkv", "mkvmerge -q -o groups.mkv --engage no_simpleblocks --no-cues broadcast.mkv"},
	{"MergedSideBySide", "stereo.mkv", "mkvmerge -q -o stereo.mkv --stereo-mode 0:side_by_side_left_first plain.mkv"},
	{"MergedToWebM", "merged.webm", "mkvmerge -q -o merged.webm --webm vp8.webm"},
	{"OddShape", "shape.mkv", "mkvmerge -q -o shape.mkv --display-dimensions 0:1919x1081 plain.mkv"},
	{"ShapeOfTheDisplay", "display.mkv", "mkvmerge -q -o display.mkv --aspect-ratio 0:4/3 plain.mkv"},
}

// hdr are the arguments for a picture of high dynamic range, whose display is described in the frames.
const hdr = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc" +
	" -color_range tv -x265-params log-level=none:hdr10=1:max-cll=1000,400:" +
	"master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50) "

// unrated makes a file of frames that are stored in another order than they are shown in, and do not tell their rate.
func unrated(rate, file string) string {
	return "ffmpeg -f lavfi -i testsrc=size=160x90:rate=" + rate + ":duration=3 " + avc + "-preset veryfast -bf 3 " + file + "\n" +
		"mkvpropedit -q " + file + " --edit track:v1 --delete default-duration"
}

func TestReadAgreesWithFFprobe(t *testing.T) {
	w := newWorkshop(t, "ffmpeg", "ffprobe", "mkvmerge", "mkvpropedit")
	for _, file := range made {
		t.Run(file.name, func(t *testing.T) {
			w := &workshop{t, w.folder}
			mediatest.KeepFile(t, file.commands, w.path(file.file), func() {
				for line := range strings.SplitSeq(file.commands, "\n") {
					w.run(line)
				}
			})
			got, err := open(t, w.bytes(file.file))
			if err != nil {
				t.Fatal(err)
			}
			for _, difference := range differences(got, ask(t, w.path(file.file))) {
				t.Error(difference)
			}
			for _, warning := range got.Warnings {
				t.Errorf("it warns: %s", warning)
			}
		})
	}
}
