package mpegts_test

import (
	"slices"
	"strings"
	"testing"

	"vpo/internal/media/mediatest"
)

// TestReadAgreesWithFFprobe compares files that ffmpeg writes, field by field. Each line is a command line for ffmpeg.
func TestReadAgreesWithFFprobe(t *testing.T) {
	const both = "-map 0 -map 1 -pix_fmt yuv420p "
	const h264 = both + "-c:v libx264 -preset ultrafast "
	for name, arguments := range map[string]string{
		"H264AndAAC":       h264 + "-c:a aac",
		"BFramesAndSounds": both + "-c:v libx264 -map 1 -c:a:0 aac -c:a:1 ac3 -ac:a:1 6 -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng",
		"HEVCAndEAC3":      both + "-c:v libx265 -preset ultrafast -x265-params log-level=error -c:a eac3",
		"HEVCInHDR": "-map 0 -map 1 -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -c:v libx265" +
			" -preset ultrafast -x265-params log-level=error -c:a eac3 -ac 6",
		"MPEG2AndMP2":     both + "-c:v mpeg2video -r 25 -c:a mp2",
		"MPEG2NTSC":       both + "-c:v mpeg2video -r 30000/1001 -aspect 16:9 -c:a mp2 -ac 2",
		"MPEG2Interlaced": both + "-c:v mpeg2video -r 25 -flags +ilme+ildct -top 1 -c:a mp2",
		"MPEG1":           both + "-c:v mpeg1video -r 25 -c:a aac",
		"MPEG4":           both + "-c:v mpeg4 -c:a aac -ac 6",
		"MP3":             h264 + "-c:a libmp3lame -ar 44100",
		"DTS":             h264 + "-c:a dca -strict -2 -ac 2",
		"Opus":            h264 + "-c:a libopus",
		"LATM":            h264 + "-c:a aac -mpegts_flags latm",
		"S302M":           h264 + "-c:a s302m -strict -2 -ac 2",
		"H264Interlaced":  both + "-vf scale=160:96 -r 25 -c:v libx264 -x264-params interlaced=1 -c:a aac",
		"SixtyFrames":     both + "-vf fps=60000/1001 -c:v libx264 -c:a aac",
		"FortyEightHertz": both + "-vf fps=50 -c:v libx264 -bf 0 -c:a aac -ar 32000",
		"TwoPrograms":     h264 + "-map 0 -map 1 -c:a aac -program title=One:st=0:st=1 -program title=Two:st=2:st=3",
		"SoundAlone":      "-map 1 -c:a aac",
		"PictureAlone":    "-map 0 -pix_fmt yuv420p -c:v libx264",
		"HardOfHearing":   h264 + "-c:a aac -metadata:s:a:0 language=fre -disposition:a:0 hearing_impaired",
		"WrapAround":      h264 + "-c:a aac -output_ts_offset 95442",
		"PrivateData":     h264 + "-c:a libvorbis",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, mediatest.Encode(t, "film.ts", strings.Fields(arguments)...))
		})
	}
	for name, arguments := range map[string]string{
		"BlurayAC3":    "-c:a ac3 -metadata:s:a:0 language=fre",
		"BlurayEAC3":   "-c:a eac3",
		"BlurayDTS":    "-c:a dca -strict -2 -ac 2",
		"BlurayTrueHD": "-c:a truehd -strict -2",
		"BlurayPCM":    "-c:a pcm_bluray -ac 6",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, mediatest.Encode(t, "film.m2ts", strings.Fields(h264+"-mpegts_m2ts_mode 1 "+arguments)...))
		})
	}
}

func compare(t *testing.T, path string, ignored ...string) {
	t.Helper()
	media := mustRead(t, readFile(t, path))
	for _, difference := range mediatest.Differences(media, mediatest.Oracle(t, path), ignored...) {
		t.Error(difference)
	}
	if len(media.Warnings) != 0 {
		t.Errorf("warnings: %q", media.Warnings)
	}
}

// TestOddFilesAgreeWithFFprobe compares files that ffmpeg does not write.
func TestOddFilesAgreeWithFFprobe(t *testing.T) {
	language := func(code string, kind byte) []byte { return descriptor(0x0A, code+string([]byte{kind})) }
	file := func(info []byte, streams ...[]byte) []byte {
		streams = slices.Insert(streams, 0, elementary(3, 0x100))
		return slices.Concat(association(1), programMap(0, info, streams...), tones(0x100, 90_000, 20))
	}
	bluray := descriptor(0x05, "HDMV")
	for name, data := range map[string][]byte{
		"Plain":               file(nil),
		"Languages":           file(nil, elementary(3, 0x101, language("deu", 0)), elementary(3, 0x102, language("ENG", 2))),
		"SubtitlesOfDVB":      file(nil, elementary(6, 0x101, descriptor(0x59, "ger\x10\x00\x01\x00\x01")), elementary(6, 0x102, descriptor(0x59, "fre\x20\x00\x01\x00\x01"))),
		"Teletext":            file(nil, elementary(6, 0x101, descriptor(0x56, "ger\x10\x00"))),
		"RegisteredFormats":   file(nil, elementary(6, 0x101, descriptor(5, "KLVA")), elementary(0x15, 0x102, descriptor(0x26, "\xff\xffID3 \xffID3 \x00"))),
		"Captions":            file(nil, elementary(6, 0x101, descriptor(0x52, "\x30"), descriptor(0xFD, "\x00\x08\x3d"))),
		"SubtitlesOfBluray":   file(bluray, elementary(0x90, 0x101), elementary(0x92, 0x102)),
		"SpliceInformation":   file(descriptor(5, "CUEI"), elementary(0x86, 0x101)),
		"UnknownTypes":        file(nil, elementary(0x99, 0x101), elementary(0x05, 0x102), elementary(0x13, 0x103)),
		"AMapOfSeveralPieces": file(descriptor(0xC0, strings.Repeat("x", 250)), elementary(3, 0x101, descriptor(0xC0, strings.Repeat("y", 250)), language("fra", 0))),
		"AStreamOfPrograms": slices.Concat(association(2), programMap(0, nil, elementary(3, 0x100)), programMap(1, nil, elementary(3, 0x100),
			elementary(3, 0x101)), tones(0x100, 90_000, 20), tones(0x101, 90_000, 20)),
		"SubtitlesThatEndLater": slices.Concat(file(nil, elementary(6, 0x101, descriptor(0x59, "ger\x10\x00\x01\x00\x01"))),
			unit(0x101, 0xBD, 100_000, []byte("\x20\x00\x0f\x10\x00")), unit(0x101, 0xBD, 140_000, []byte("\x20\x00\x0f\x10\x00"))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ignored []string
			if name == "Teletext" { // an ffprobe with a decoder of teletext tells how large its pages are
				ignored = []string{"Width", "Height"}
			}
			compare(t, writeFile(t, data), ignored...)
		})
	}
}
