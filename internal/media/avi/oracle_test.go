package avi_test

import (
	"path/filepath"
	"strings"
	"testing"

	"vpo/internal/media/mediatest"
)

// TestReadAgreesWithFFprobe compares files that ffmpeg writes, field by field. Each line is a command line for ffmpeg.
func TestReadAgreesWithFFprobe(t *testing.T) {
	for name, arguments := range map[string]string{
		"MPEG4AndMP3":           "-map 0 -map 1 -c:v mpeg4 -c:a libmp3lame",
		"SeveralSounds":         "-map 0 -map 1 -map 1 -map 1 -c:v mpeg4 -c:a:0 libmp3lame -c:a:1 ac3 -ac:a:1 6 -c:a:2 mp2",
		"NamesAndTexts":         "-map 0 -map 1 -c:v mpeg4 -c:a ac3 -metadata title=Film -metadata artist=Me -metadata genre=Noir -metadata date=2020 -metadata track=3 -metadata album=A -metadata:s:v title=Picture -metadata:s:a title=Sound",
		"XvidWithBFrames":       "-map 0 -map 1 -c:v mpeg4 -vtag XVID -bf 2 -c:a libmp3lame -q:a 3",
		"DivXAndDTS":            "-map 0 -map 1 -c:v mpeg4 -vtag DX50 -c:a dca -strict -2",
		"AnotherShapeOfPixels":  "-map 0 -map 1 -c:v mpeg4 -aspect 4:3 -c:a eac3 -ac 2",
		"H264AndAAC":            "-map 0 -map 1 -pix_fmt yuv420p -c:v libx264 -c:a aac -ac 2",
		"H264OfTenBits":         "-map 0 -map 1 -pix_fmt yuv420p10le -c:v libx264 -preset ultrafast -c:a aac",
		"MPEG2AndMP2":           "-map 0 -map 1 -c:v mpeg2video -r 25 -c:a mp2",
		"MPEG1":                 "-map 0 -c:v mpeg1video -r 25",
		"VP8AndVorbis":          "-map 0 -map 1 -c:v vp8 -c:a libvorbis",
		"FLAC":                  "-map 0 -map 1 -c:v mpeg4 -c:a flac",
		"MotionJPEG420AndPCM":   "-map 0 -map 1 -c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le",
		"MotionJPEG422AndPCM8":  "-map 0 -map 1 -c:v mjpeg -pix_fmt yuvj422p -c:a pcm_u8",
		"MotionJPEG444AndPCM24": "-map 0 -map 1 -c:v mjpeg -pix_fmt yuvj444p -c:a pcm_s24le",
		"RawRGB24":              "-map 0 -map 1 -c:v rawvideo -pix_fmt bgr24 -c:a pcm_s16le -ac 2 -t 0.1",
		"RawRGB32AndSurround":   "-map 0 -map 1 -c:v rawvideo -pix_fmt bgra -c:a pcm_s16le -ac 6 -t 0.1",
		"RawRGB15AndMuLaw":      "-map 0 -map 1 -c:v rawvideo -pix_fmt rgb555le -c:a pcm_mulaw -t 0.1",
		"RawPaletteAndADPCM":    "-map 0 -map 1 -c:v rawvideo -pix_fmt pal8 -c:a adpcm_ima_wav -t 0.1",
		"RawI420AndFloats":      "-map 0 -map 1 -c:v rawvideo -pix_fmt yuv420p -c:a pcm_f32le -t 0.1",
		"RawYUY2AndALaw":        "-map 0 -map 1 -c:v rawvideo -pix_fmt yuyv422 -c:a pcm_alaw -t 0.1",
		"RawUYVYAndPCM32":       "-map 0 -map 1 -c:v rawvideo -pix_fmt uyvy422 -c:a pcm_s32le -t 0.1",
		"RawNV12AndADPCM":       "-map 0 -map 1 -c:v rawvideo -pix_fmt nv12 -c:a adpcm_ms -t 0.1",
		"RawGrayAndWMA":         "-map 0 -map 1 -c:v rawvideo -pix_fmt gray -c:a wmav2 -t 0.1",
		"HuffYUV":               "-map 0 -c:v huffyuv -pix_fmt yuv422p -t 0.1",
		"HuffYUVOfRGB":          "-map 0 -c:v huffyuv -pix_fmt rgb24 -t 0.1",
		"FFVHuff":               "-map 0 -c:v ffvhuff -pix_fmt yuv420p -t 0.1",
		"FFV1":                  "-map 0 -map 1 -c:v ffv1 -level 3 -pix_fmt yuv420p -c:a flac -t 0.1",
		"FFV1OfTenBits":         "-map 0 -c:v ffv1 -level 3 -pix_fmt yuv422p10le -t 0.1",
		"FFV1Coder2":            "-map 0 -c:v ffv1 -level 3 -coder 2 -pix_fmt yuv444p12le -t 0.1",
		"FFV1OfRGB":             "-map 0 -c:v ffv1 -level 3 -pix_fmt bgr0 -t 0.1",
		"FFV1OfAlpha":           "-map 0 -c:v ffv1 -level 3 -pix_fmt yuva420p -t 0.1",
		"FFV1OfGrays":           "-map 0 -c:v ffv1 -level 3 -pix_fmt gray16le -t 0.1",
		"FFV1OfRGB10":           "-map 0 -c:v ffv1 -level 3 -pix_fmt gbrp10le -t 0.1",
		"FFV1VersionOne":        "-map 0 -c:v ffv1 -level 1 -pix_fmt yuv420p10le -t 0.1",
		"FFV1VersionZero":       "-map 0 -c:v ffv1 -level 0 -coder 0 -pix_fmt yuv411p -t 0.1",
		"UtVideo":               "-map 0 -c:v utvideo -pix_fmt yuv420p -colorspace bt470bg -t 0.1",
		"V210":                  "-map 0 -c:v v210 -t 0.1",
		"MSMPEG4v2":             "-map 0 -map 1 -c:v msmpeg4v2 -c:a libmp3lame -ar 44100",
		"MSMPEG4v3":             "-map 0 -map 1 -c:v msmpeg4 -c:a libmp3lame -ar 22050",
		"WMV1":                  "-map 0 -map 1 -c:v wmv1 -c:a wmav1",
		"WMV2":                  "-map 0 -map 1 -c:v wmv2 -c:a wmav2",
		"FlashVideo":            "-map 0 -c:v flv -t 0.1",
		"MSVideo1":              "-map 0 -c:v msvideo1 -s 160x88 -t 0.1",
		"DVTypeTwo":             "-map 0 -map 1 -c:v dvvideo -s 720x576 -r 25 -pix_fmt yuv420p -t 0.1 -c:a pcm_s16le",
		"DVOf525Lines":          "-map 0 -map 1 -c:v dvvideo -s 720x480 -r 30000/1001 -pix_fmt yuv411p -aspect 4:3 -t 0.1 -c:a pcm_s16le -ac 2",
		"NTSC":                  "-map 0 -map 1 -c:v mpeg4 -r 29.97 -c:a libmp3lame -ar 44100 -ac 2",
		"FifteenFrames":         "-map 0 -map 1 -c:v mpeg4 -r 15 -c:a libmp3lame -ar 22050",
		"SoundAlone":            "-map 1 -c:a libmp3lame",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, mediatest.Encode(t, "film.avi", strings.Fields(arguments)...))
		})
	}
	t.Run("TheLibraryOfThisRepository", func(t *testing.T) {
		compare(t, filepath.Join("..", "..", "..", "testdata", "library", "Home Videos", "1994", "HARBOUR.AVI"))
	})
}

func compare(t *testing.T, path string, ignored ...string) {
	t.Helper()
	media := mustRead(t, readFile(t, path))
	for _, difference := range mediatest.Differences(media, mediatest.Oracle(t, path), ignored...) {
		t.Error(difference)
	}
}

// TestOddFilesAgreeWithFFprobe compares files that ffmpeg does not write.
func TestOddFilesAgreeWithFFprobe(t *testing.T) {
	header := chunk("avih", numbers(40000, 0, 0, 0, 8, 0, 1, 0, 160, 90, 0, 0, 0, 0))
	pcm := list("strl", strh("auds", "\x00\x00\x00\x00", 1, 8000, 8000, 2), wave(1, 1, 16))
	other := func(kind, tag string, format ...[]byte) []byte {
		return list("strl", strh(kind, tag, 1, 1000, 100, 0), chunk("strf", format...))
	}
	frame := make([]byte, 160*90*3)
	movi := list("movi", chunk("00db", frame), chunk("01wb", make([]byte, 2000)), chunk("00db", frame))
	file := func(parts ...[]byte) []byte { return riff(list("hdrl", append([][]byte{header}, parts...)...), movi) }
	camera := readFile(t, mediatest.Encode(t, "camera.dv", strings.Fields("-map 0 -map 1 -s 720x576 -r 25 -pix_fmt yuv420p -ac 2 -t 0.1")...))
	whole := file(rawPicture(8), pcm)
	for name, data := range map[string][]byte{
		"PCMWithoutASizeOfItsExtradata": file(rawPicture(8), list("strl", strh("auds", "\x00\x00\x00\x00", 1, 8000, 8000, 2),
			chunk("strf", wave(1, 1, 16)[8:8+16]))),
		"CutShort":              whole[:len(whole)-20000],
		"FramesInGroups":        riff(list("hdrl", header, rawPicture(8), pcm), list("movi", list("rec ", movi[12:]))),
		"NoRateButThatOfFrames": file(list("strl", strh("vids", "\x00\x00\x00\x00", 0, 0, 8, 0), bitmap("\x00\x00\x00\x00", 24))),
		"TimeOfRecording":       file(rawPicture(8), chunk("IDIT", []byte("Mon Mar 10 15:04:43 2003\n\x00"))),
		"TimeWithSlashes":       file(rawPicture(8), chunk("IDIT", []byte("2003/03/10/ 15:04\x00"))),
		"FramesOfAllChunks":     file(rawPicture(8), list("odml", chunk("dmlh", numbers(1000)))),
		"XSub":                  file(rawPicture(8), other("vids", "DXSB", bitmap("DXSB", 8)[8:])),
		"AStreamOfNotes":        file(rawPicture(8), other("mids", "\x00\x00\x00\x00")),
		"TextsThatAreNoUTF8": riff(list("hdrl", rawPicture(8)), list("INFO", chunk("INAM", []byte("Caf\xe9 ol\xe9 \xff\xfe\x00")),
			chunk("IART"), chunk("ICMT", []byte("a")), chunk("ISBJ", []byte("x\x00y")), chunk("IXYZ", []byte("z"))), movi),
		"ANameInUTF8": file(list("strl", rawPicture(8)[12:], chunk("strn", []byte("Caf\xc3\xa9\x00\x00")))),
		"DVTypeOne": riff(list("hdrl", list("strl", strh("iavs", "dvsd", 1, 25, 2, 0), chunk("strf", make([]byte, 32)))),
			list("movi", chunk("00__", camera[:144000]), chunk("00__", camera[144000:288000]))),
	} {
		t.Run(name, func(t *testing.T) { compare(t, writeFile(t, data)) })
	}
}
