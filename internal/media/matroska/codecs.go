package matroska

import (
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// names maps the beginning of a CodecID to ffmpeg's name of the codec (Matroska Codec Specifications, 4). The first that
// fits counts, so that the longer of two stands in front.
var names = [...]struct{ id, name string }{
	{"V_MPEG4/ISO/AVC", "h264"}, {"V_MPEGH/ISO/HEVC", "hevc"}, {"V_AV1", "av1"}, {"V_VP9", "vp9"}, {"V_VP8", "vp8"},
	{"V_MPEG4/ISO/", "mpeg4"}, {"V_MPEG4/MS/V3", "msmpeg4v3"}, {"V_MPEG2", "mpeg2video"}, {"V_MPEG1", "mpeg1video"},
	{"V_MPEGI/ISO/VVC", "vvc"}, {"V_THEORA", "theora"}, {"V_PRORES", "prores"}, {"V_FFV1", "ffv1"}, {"V_MJPEG", "mjpeg"},
	{"V_UNCOMPRESSED", "rawvideo"}, {"V_DIRAC", "dirac"}, {"V_SNOW", "snow"}, {"V_AVS2", "avs2"}, {"V_AVS3", "avs3"},
	{"V_REAL/RV10", "rv10"}, {"V_REAL/RV20", "rv20"}, {"V_REAL/RV30", "rv30"}, {"V_REAL/RV40", "rv40"},

	{"A_AAC", "aac"}, {"A_AC3", "ac3"}, {"A_EAC3", "eac3"}, {"A_DTS", "dts"}, {"A_TRUEHD", "truehd"}, {"A_MLP", "mlp"},
	{"A_MPEG/L3", "mp3"}, {"A_MPEG/L2", "mp2"}, {"A_MPEG/L1", "mp1"}, {"A_OPUS", "opus"}, {"A_VORBIS", "vorbis"},
	{"A_FLAC", "flac"}, {"A_ALAC", "alac"}, {"A_PCM/INT/LIT", "pcm_s16le"}, {"A_PCM/INT/BIG", "pcm_s16be"},
	{"A_PCM/FLOAT/IEEE", "pcm_f32le"}, {"A_TTA1", "tta"}, {"A_WAVPACK4", "wavpack"}, {"A_QUICKTIME/QDM2", "qdm2"},
	{"A_QUICKTIME/QDMC", "qdmc"}, {"A_REAL/14_4", "ra_144"}, {"A_REAL/28_8", "ra_288"}, {"A_REAL/ATRC", "atrac3"},
	{"A_REAL/COOK", "cook"}, {"A_REAL/SIPR", "sipr"}, {"A_REAL/RALF", "ralf"},

	{"S_TEXT/UTF8", "subrip"}, {"S_TEXT/ASS", "ass"}, {"S_TEXT/SSA", "ass"}, {"S_ASS", "ass"}, {"S_SSA", "ass"},
	{"S_TEXT/ASCII", "text"}, {"S_TEXT/WEBVTT", "webvtt"}, {"D_WEBVTT/", "webvtt"}, {"S_VOBSUB", "dvd_subtitle"},
	{"S_HDMV/PGS", "hdmv_pgs_subtitle"}, {"S_HDMV/TEXTST", "hdmv_text_subtitle"}, {"S_DVBSUB", "dvb_subtitle"},
	{"S_ARIBSUB", "arib_caption"},
}

// codecName is ffmpeg's name of a codec; empty where the CodecID leaves it to CodecPrivate, or is unknown.
func codecName(id string) string {
	for i := range names {
		if strings.HasPrefix(id, names[i].id) {
			return names[i].name
		}
	}
	return ""
}

// describer reads what a piece of a stream, or its header, tells of the track.
type describer = codec.Describer

// decoders tell where a codec describes itself: in the header, which is CodecPrivate, or in the frames.
var decoders = [...]struct {
	codec  string
	header describer
	frame  describer // of the first frame; where there is a header too, without it only
}{
	{"h264", codec.AVCConfig, codec.AVC},
	{"hevc", codec.HEVCConfig, codec.HEVC},
	{"av1", codec.AV1Config, codec.AV1},
	{"vp8", nil, codec.VP8},
	{"vp9", nil, codec.VP9},
	{"mpeg1video", codec.MPEGVideo, codec.MPEGVideo},
	{"mpeg2video", codec.MPEGVideo, codec.MPEGVideo},
	{"mpeg4", codec.MPEG4Video, codec.MPEG4Video},
	{"vc1", codec.VC1, nil},
	{"wmv3", codec.VC1, nil},
	{"prores", nil, proRes},
	{"mjpeg", nil, codec.JPEG},
	{"png", nil, codec.PNG},
	{"theora", theora, nil},
	{"ffv1", codec.FFV1Config, codec.FFV1},
	{"dvvideo", nil, codec.DV},
	{"dnxhd", nil, codec.DNxHD},

	{"aac", codec.AACConfig, nil},
	{"ac3", nil, codec.AC3},
	{"eac3", nil, codec.AC3},
	{"dts", nil, codec.DTS},
	{"truehd", nil, codec.TrueHD},
	{"mlp", nil, codec.TrueHD},
	{"mp1", nil, codec.MPEGAudio},
	{"mp2", nil, codec.MPEGAudio},
	{"mp3", nil, codec.MPEGAudio},
	{"flac", codec.FLAC, nil},
	{"opus", codec.Opus, nil},
	{"vorbis", vorbis, nil},
	{"alac", codec.ALAC, nil},
}

// vorbis reads the first of the three packets in CodecPrivate.
func vorbis(t *library.Track, private []byte) error {
	first, err := firstLaced(private)
	if err != nil {
		return err
	}
	return codec.Vorbis(t, first)
}

// theora reads the first of the three packets in CodecPrivate.
func theora(t *library.Track, private []byte) error {
	first, err := firstLaced(private)
	if err != nil {
		return err
	}
	return codec.Theora(t, first)
}

// proRes reads a frame that has lost the eight bytes in front of it that MP4 keeps: its size and a signature.
func proRes(t *library.Track, frame []byte) error {
	const signature, enough = "icpf", 256
	if len(frame) < 8 || string(frame[4:8]) != signature {
		frame = append([]byte("\x00\x00\x00\x00"+signature), frame[:min(len(frame), enough)]...)
	}
	return codec.ProRes(t, frame)
}
