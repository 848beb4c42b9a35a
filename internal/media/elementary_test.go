package media_test

import "strings"

// elementary is one stream of one codec, encoded once and put into many containers. It waits in a NUT file, which keeps
// time stamps exactly; what NUT does not take is in a file with an extension of its own.
type elementary struct {
	name    string // of the file; NUT if it has no extension
	source  string // lavfi
	encoder string // arguments, separated by spaces
}

// picture makes a test picture of half a second.
func picture(name, rate, size, encoder string) elementary {
	return elementary{name, "testsrc2=size=" + size + ":rate=" + rate + ":duration=0.5", "-c:v " + encoder}
}

// sound makes a tone of half a second.
func sound(name, rate, layout, encoder string) elementary {
	source := "sine=440:sample_rate=" + rate + ":duration=0.5,aformat=channel_layouts=" + layout
	return elementary{name, source, "-c:a " + encoder}
}

const (
	small   = "160x90"
	pal     = "720x576"
	film    = "24000/1001"
	bt709   = " -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv"
	quick   = " -preset ultrafast -threads 1"
	x265    = "libx265 -preset ultrafast -x265-params log-level=none:pools=1:frame-threads=1"
	aom     = "libaom-av1 -cpu-used 8 -usage realtime -threads 1 -lag-in-frames 0"
	vpx     = " -deadline realtime -cpu-used 8 -threads 1"
	anomaly = " -strict -2" // encoders that ffmpeg calls experimental
)

// hdr10 is a display as films are graded on, in the words of x265.
const hdr10 = ":colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:range=limited:hdr10=1:" +
	"master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400"

func pictures() []elementary {
	return []elementary{
		picture("h264", film, small, "libx264 -preset veryfast -threads 1"+bt709),
		picture("h264main", "25", small, "libx264 -profile:v main"+quick),
		picture("h264base", "30000/1001", small, "libx264 -profile:v baseline"+quick),
		picture("h264hi10", "60000/1001", small, "libx264 -pix_fmt yuv420p10le"+quick),
		picture("h264hi422", "50", small, "libx264 -pix_fmt yuv422p"+quick),
		picture("h264pal", "25", pal, "libx264 -flags +ildct+ilme -aspect 16:9 -x264-params tff=1"+quick),
		picture("h264full", "24", "162x92", "libx264 -pix_fmt yuvj420p"+quick),
		picture("hevc", "24", small, x265+" -pix_fmt yuv420p"),
		// Long enough for a rate to show in milliseconds.
		{"hevchdr", "testsrc2=size=" + small + ":rate=" + film + ":duration=2", "-c:v " + x265 + hdr10 + " -pix_fmt yuv420p10le"},
		picture("hevchlg", "50", small, x265+":colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc -pix_fmt yuv420p10le"),
		picture("hevc422", "25", "162x92", x265+" -pix_fmt yuv422p10le"),
		picture("av1", film, small, aom+" -pix_fmt yuv420p"+bt709),
		picture("av1hdr", "24", small, aom+" -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc"),
		picture("vp8", "30", small, "libvpx"+vpx),
		picture("vp9", "25", small, "libvpx-vp9"+vpx+bt709),
		picture("vp9deep", film, small, "libvpx-vp9 -pix_fmt yuv420p10le"+vpx),
		picture("vp9444", "24", small, "libvpx-vp9 -pix_fmt yuv444p"+vpx),
		picture("mpeg1", "25", small, "mpeg1video"),
		picture("mpeg2", film, small, "mpeg2video"),
		picture("mpeg2pal", "25", pal, "mpeg2video -flags +ildct+ilme -aspect 16:9 -b:v 1M"+bt709),
		picture("mpeg4", "25", small, "mpeg4"),
		picture("mpeg4sar", "30000/1001", "176x144", "mpeg4 -aspect 4:3 -bf 1"),
		picture("msmpeg4v3", "25", small, "msmpeg4"),
		picture("msmpeg4v2", "24", small, "msmpeg4v2"),
		picture("wmv2", "25", small, "wmv2"),
		picture("h263", "25", "176x144", "h263"),
		picture("flv1", "25", small, "flv1"),
		picture("mjpeg", "25", small, "mjpeg -pix_fmt yuvj420p"),
		picture("proreshq", "24", small, "prores_ks -profile:v 3 -pix_fmt yuv422p10le"+bt709),
		picture("prores4444", "25", small, "prores_ks -profile:v 4 -pix_fmt yuva444p10le"),
		picture("dnxhr", "25", "256x144", "dnxhd -profile:v dnxhr_sq -pix_fmt yuv422p"),
		picture("dnxhqx", "24", "256x144", "dnxhd -profile:v dnxhr_hqx -pix_fmt yuv422p10le"),
		picture("dnx444", "25", "256x144", "dnxhd -profile:v dnxhr_444 -pix_fmt yuv444p10le"),
		picture("dnxrgb", "25", "256x144", "dnxhd -profile:v dnxhr_444 -pix_fmt gbrp10le"),
		picture("ffvhuff", "25", small, "ffvhuff -pix_fmt yuv420p"),
		picture("ffv1", "25", small, "ffv1 -level 3 -pix_fmt yuv420p"),
		picture("ffv1deep", "24", small, "ffv1 -level 3 -pix_fmt yuv422p10le"),
		picture("huffyuv", "25", small, "huffyuv -pix_fmt yuv422p"),
		picture("utvideo", "25", small, "utvideo -pix_fmt yuv420p"),
		picture("theora", "25", small, "libtheora"),
		picture("rawvideo", "5", small, "rawvideo -pix_fmt yuv420p"),
		picture("raw422", "5", small, "rawvideo -pix_fmt uyvy422"),
		picture("dv", "25", pal, "dvvideo -pix_fmt yuv420p"),
	}
}

func sounds() []elementary {
	return []elementary{
		sound("aacmono", "44100", "mono", "aac"),
		sound("aac", "48000", "stereo", "aac"),
		sound("aac51", "48000", "5.1", "aac"),
		sound("aac71", "48000", "7.1", "aac"),
		sound("aaclow", "22050", "stereo", "aac"),
		sound("ac3", "48000", "stereo", "ac3"),
		sound("ac351", "48000", "5.1(side)", "ac3"),
		sound("ac3mono", "44100", "mono", "ac3"),
		sound("eac3.mka", "48000", "5.1(side)", "eac3"),
		sound("eac3stereo.mka", "48000", "stereo", "eac3"),
		sound("dts", "48000", "5.1(side)", "dca"+anomaly),
		sound("dtsstereo", "44100", "stereo", "dca"+anomaly),
		sound("truehd.mka", "48000", "5.1(side)", "truehd"+anomaly),
		sound("truehdstereo.mka", "96000", "stereo", "truehd -sample_fmt s32"+anomaly),
		sound("mlp.mka", "48000", "stereo", "mlp"+anomaly),
		sound("mp2", "48000", "stereo", "mp2"),
		sound("mp3", "44100", "stereo", "libmp3lame"),
		sound("mp3low", "22050", "mono", "libmp3lame"),
		sound("flac", "44100", "stereo", "flac -sample_fmt s16"),
		sound("flacdeep", "96000", "5.1", "flac -sample_fmt s32 -bits_per_raw_sample 24"),
		sound("opus", "48000", "stereo", "libopus"),
		sound("opus51", "48000", "5.1", "libopus -mapping_family 1"),
		sound("vorbis", "44100", "stereo", "libvorbis"),
		sound("vorbis51", "48000", "5.1", "libvorbis"),
		sound("alac.mka", "44100", "stereo", "alac -sample_fmt s16p"),
		sound("alacdeep.mka", "48000", "5.1", "alac -sample_fmt s32p"),
		sound("pcms16", "48000", "stereo", "pcm_s16le"),
		sound("pcms24", "96000", "stereo", "pcm_s24le"),
		sound("pcmf32", "48000", "mono", "pcm_f32le"),
		sound("pcmu8", "11025", "mono", "pcm_u8"),
		sound("pcmbe", "48000", "stereo", "pcm_s16be"),
		sound("pcm51", "48000", "5.1", "pcm_s16le"),
		sound("alaw", "8000", "mono", "pcm_alaw"),
		sound("mulaw", "8000", "mono", "pcm_mulaw"),
		sound("wmav2.wma", "44100", "stereo", "wmav2"),
		sound("adpcmms.wav", "44100", "stereo", "adpcm_ms"),
		sound("adpcmima.wav", "44100", "stereo", "adpcm_ima_wav"),
		sound("adpcmqt.mov", "44100", "stereo", "adpcm_ima_qt"),
		sound("tta.mka", "44100", "stereo", "tta"),
		sound("wavpack", "44100", "stereo", "wavpack"),
		sound("pcmbluray.m2ts", "48000", "5.1", "pcm_bluray"),
		sound("s302m.ts", "48000", "stereo", "s302m"+anomaly),
	}
}

// paces are pictures at every rate that films, television and cameras have, and some that nobody should use.
func paces() []elementary {
	var list []elementary
	for rate := range strings.FieldsSeq("1 10 25/2 15 17 23976/1000 30000/1001 30 48000/1001 48 50 60 100 120000/1001 120") {
		source := "testsrc2=size=64x36:rate=" + rate + ",trim=end_frame=30"
		name := "rate" + strings.ReplaceAll(rate, "/", "by")
		list = append(list, elementary{name, source, "-c:v libx264" + quick})
	}
	return list
}

// idle are two seconds of a picture and of a sound that cost next to nothing, to make hours of.
func idle() []elementary {
	return []elementary{
		{"still", "color=gray:size=64x36:rate=25:duration=2", "-c:v libx264 -x264-params keyint=50" + quick},
		{"silence", "anullsrc=sample_rate=8000:channel_layout=mono,atrim=duration=2", "-c:a aac -b:a 8k"},
	}
}

// command encodes the stream into a file of its name.
func (e elementary) command() []string {
	args := []string{"ffmpeg", "-f", "lavfi", "-i", e.source}
	args = append(args, strings.Fields(e.encoder)...)
	return append(args, "-bitexact", e.file())
}

func (e elementary) file() string {
	if strings.Contains(e.name, ".") {
		return e.name
	}
	return e.name + ".nut"
}
