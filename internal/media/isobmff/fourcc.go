package isobmff

import (
	"strings"

	"vpo/internal/media/codec"
)

// pictureCodec gives ffmpeg's name of the codec of a sample entry with pictures; "" where it is none.
func pictureCodec(name string) string {
	switch name {
	case "avc1", "avc2", "avc3", "avc4", "dvav", "dva1":
		return "h264"
	case "hvc1", "hev1", "dvhe":
		return "hevc"
	case "av01", "dav1":
		return "av1"
	case "vp08":
		return "vp8"
	case "vp09":
		return "vp9"
	case "dvh1":
		return "dvvideo" // or Dolby Vision's HEVC: the boxes of the entry tell
	case "mp4v":
		return "mpeg4"
	case "vvc1", "vvi1":
		return "vvc"
	case "s263", "h263", "H263":
		return "h263"
	case "apch", "apcn", "apcs", "apco", "ap4h", "ap4x":
		return "prores"
	case "jpeg", "mjpa", "mjpg":
		return "mjpeg"
	case "png ":
		return "png"
	case "tiff":
		return "tiff"
	case "text", "tx3g", "tmcd", "c608", "encv", "enca":
		return ""
	}
	return codec.VideoTag(name)
}

// soundCodec gives ffmpeg's name of the codec of a sample entry with sound; "" where it is none. Uncompressed sound is
// named as if it had 16 bits in the order of the file, until the entry says more.
func soundCodec(name string) string {
	if strings.HasPrefix(name, "ms") || strings.HasPrefix(name, "TS") {
		// The number of a WAVE format in the last two bytes (QuickTime File Format, "Sound Sample Descriptions").
		return codec.AudioTag(uint16(name[2])<<8|uint16(name[3]), 16)
	}
	switch name {
	case "mp4a":
		return "aac"
	case "ac-3", "sac3":
		return "ac3"
	case "ec-3":
		return "eac3"
	case "ac-4":
		return "ac4"
	case "dtsc", "dtsh", "dtsl", "dtse", "DTS ", "dtsx":
		return "dts"
	case "mlpa":
		return "truehd"
	case "Opus":
		return "opus"
	case "fLaC":
		return "flac"
	case "alac":
		return "alac"
	case ".mp3":
		return "mp3"
	case ".mp2":
		return "mp2"
	case ".mp1":
		return "mp1"
	case "samr":
		return "amr_nb"
	case "sawb":
		return "amr_wb"
	case "mha1", "mhm1":
		return "mpegh_3d_audio"
	}
	if plain := plainSound(name); plain != "" {
		return plain
	}
	return oldSound(name)
}

// plainSound names sound that is not compressed, or by a table of two columns.
func plainSound(name string) string {
	switch name {
	case "twos", "ipcm":
		return "pcm_s16be"
	case "sowt", "lpcm":
		return "pcm_s16le"
	case "in24":
		return "pcm_s24be"
	case "in32":
		return "pcm_s32be"
	case "fl32", "fpcm":
		return "pcm_f32be"
	case "fl64":
		return "pcm_f64be"
	case "raw ", "NONE":
		return "pcm_u8"
	case "ulaw":
		return "pcm_mulaw"
	case "alaw":
		return "pcm_alaw"
	}
	return ""
}

// oldSound names what QuickTime and early telephones used.
func oldSound(name string) string {
	switch name {
	case "ima4":
		return "adpcm_ima_qt"
	case "MAC3":
		return "mace3"
	case "MAC6":
		return "mace6"
	case "QDM2":
		return "qdm2"
	case "QDMC":
		return "qdmc"
	case "Qclp", "Qlcm", "sqcp":
		return "qcelp"
	case "agsm":
		return "gsm"
	case "ilbc":
		return "ilbc"
	case "sevc", "sevs", "secb":
		return "evrc"
	case "ssmv":
		return "smv"
	case "spex", "SPXN":
		return "speex"
	case "nmos", "NELL":
		return "nellymoser"
	case "WMA2":
		return "wmav2"
	case "dvca", "vdva":
		return "pcm_s16le"
	}
	return ""
}

// textCodec names the codec of subtitles. ffprobe 5.1 calls WebVTT and TTML unknown data; later ones do not.
func textCodec(name string) string {
	switch name {
	case "tx3g", "text":
		return "mov_text"
	case "c608", "c708":
		return "eia_608"
	case "wvtt":
		return "webvtt"
	case "stpp", "dfxp":
		return "ttml"
	}
	return ""
}

// dataCodec names data that ffmpeg knows.
func dataCodec(name string) string {
	if name == "gpmd" || name == "fdsc" {
		return "bin_data"
	}
	return ""
}

// objectCodec names the codec of an MPEG-4 object type (ISO/IEC 14496-1, 7.2.6.6; the rest is registered at mp4ra.org or
// in general use).
func objectCodec(object int) string {
	switch {
	case object >= 0x60 && object <= 0x65:
		return "mpeg2video"
	case object == 0x40 || object >= 0x66 && object <= 0x68:
		return "aac"
	}
	return objectCodecs[object]
}

var objectCodecs = map[int]string{
	0x08: "mov_text", 0x20: "mpeg4", 0x21: "h264", 0x23: "hevc", 0x69: "mp3", 0x6a: "mpeg1video", 0x6b: "mp3",
	0x6c: "mjpeg", 0x6d: "png", 0x6e: "jpeg2000", 0xa3: "vc1", 0xa4: "dirac", 0xa5: "ac3", 0xa6: "eac3", 0xa9: "dts",
	0xaa: "dts", 0xab: "dts", 0xac: "dts", 0xad: "opus", 0xb1: "vp9", 0xc1: "flac", 0xd0: "tscc2", 0xd1: "evrc",
	0xdd: "vorbis", 0xe0: "dvd_subtitle", 0xe1: "qcelp",
}
