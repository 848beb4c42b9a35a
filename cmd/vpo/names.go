package main

import (
	"cmp"
	"strings"
)

// containerNames are what people call the formats that ffprobe names by all that share a demuxer.
var containerNames = map[string]string{
	"asf": "Windows Media", "avi": "AVI", "flv": "Flash Video", "matroska,webm": "Matroska", "mov,mp4,m4a,3gp,3g2,mj2": "MP4",
	"mpeg": "MPEG", "mpegts": "MPEG-TS", "mpegvideo": "MPEG video", "ogg": "Ogg",
}

// codecNames are what people call the codecs whose name in ffmpeg is not what the packaging says.
var codecNames = map[string]string{
	"aac": "AAC", "ac3": "AC-3", "alac": "ALAC", "ass": "ASS", "av1": "AV1", "cinepak": "Cinepak", "dts": "DTS",
	"dvb_subtitle": "DVB", "dvb_teletext": "Teletext", "dvd_subtitle": "VobSub", "dvvideo": "DV", "eac3": "E-AC-3",
	"eia_608": "CEA-608", "ffv1": "FFV1", "flac": "FLAC", "flv1": "Sorenson Spark", "h263": "H.263", "h264": "H.264", "hdmv_pgs_subtitle": "PGS",
	"hevc": "HEVC", "mjpeg": "Motion JPEG", "mov_text": "Timed text", "mp2": "MP2", "mp3": "MP3", "mpeg1video": "MPEG-1",
	"mpeg2video": "MPEG-2", "mpeg4": "MPEG-4", "msmpeg4v2": "MS MPEG-4 v2", "msmpeg4v3": "DivX 3", "opus": "Opus", "otf": "OpenType font",
	"pcm_s16le": "PCM 16 bit", "pcm_s24le": "PCM 24 bit", "png": "PNG", "prores": "ProRes", "rv40": "RealVideo 4",
	"ssa": "SSA", "subrip": "SubRip", "theora": "Theora", "truehd": "TrueHD", "ttf": "TrueType font", "vc1": "VC-1",
	"vorbis": "Vorbis", "vp6f": "VP6", "vp8": "VP8", "vp9": "VP9", "vvc": "VVC", "webvtt": "WebVTT", "wmav2": "WMA 2",
	"wmv1": "WMV 7", "wmv2": "WMV 8", "wmv3": "WMV 9",
}

func containerName(format string) string { return cmp.Or(containerNames[format], format) }

func codecName(codec string) string { return cmp.Or(codecNames[codec], codec) }

// colourNames are what the standards call ffmpeg's names of colours.
var colourNames = map[string]string{
	"arib-std-b67": "HLG", "bt2020": "BT.2020", "bt2020c": "BT.2020 constant", "bt2020nc": "BT.2020", "bt470bg": "BT.601 625",
	"bt470m": "BT.470 M", "bt709": "BT.709", "gbr": "RGB", "iec61966-2-1": "sRGB", "smpte170m": "BT.601 525",
	"smpte2084": "PQ", "smpte240m": "SMPTE 240M", "smpte431": "DCI-P3", "smpte432": "Display P3",
}

func colourName(name string) string { return cmp.Or(colourNames[name], name) }

// colourWords tells of a picture's colours each thing once: "BT.2020, PQ, limited range".
func colourWords(primaries, transfer, space, colourRange string) string {
	var words []string
	for _, name := range []string{primaries, transfer, space} {
		name = colourName(name)
		if name != "" && name != "unknown" && !strings.Contains(strings.Join(words, ",")+",", name+",") {
			words = append(words, name)
		}
	}
	switch colourRange {
	case "tv":
		words = append(words, "limited range")
	case "pc":
		words = append(words, "full range")
	}
	return strings.Join(words, ", ")
}
