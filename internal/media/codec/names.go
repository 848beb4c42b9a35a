package codec

// AudioTag is ffmpeg's name of the codec that a wFormatTag of WAVEFORMATEX stands for, of so many bits a sample; "" where
// none is known. The tag of WAVEFORMATEXTENSIBLE, 0xfffe, is none: its sub-format begins with the tag that counts.
func AudioTag(waveFormat uint16, bits int) string {
	const pcm, float = 0x0001, 0x0003
	switch waveFormat {
	case pcm:
		return wavePCM(bits)
	case float:
		if bits == 64 {
			return "pcm_f64le"
		}
		return "pcm_f32le"
	}
	return waveTags[waveFormat]
}

func wavePCM(bits int) string {
	switch {
	case bits == 64:
		return "pcm_s64le"
	case bits == 32:
		return "pcm_s32le"
	case bits == 24:
		return "pcm_s24le"
	case bits > 0 && bits <= 8:
		return "pcm_u8"
	}
	return "pcm_s16le"
}

// waveTags are the registered wFormatTags, and some that encoders have made up.
var waveTags = map[uint16]string{
	0x0002: "adpcm_ms", 0x0006: "pcm_alaw", 0x0007: "pcm_mulaw", 0x000a: "wmavoice",
	0x0011: "adpcm_ima_wav", 0x0017: "adpcm_ima_oki", 0x0020: "adpcm_yamaha", 0x0022: "truespeech",
	0x0031: "gsm_ms", 0x0032: "gsm_ms", 0x0038: "amr_nb", 0x0042: "g723_1", 0x0045: "adpcm_g726",
	0x0050: "mp2", 0x0055: "mp3", 0x0057: "amr_nb", 0x0058: "amr_wb",
	0x0061: "adpcm_ima_dk4", 0x0062: "adpcm_ima_dk3", 0x0064: "adpcm_g726", 0x0069: "adpcm_ima_wav",
	0x0075: "metasound", 0x0083: "g729", 0x00ff: "aac", 0x0111: "g723_1", 0x0130: "sipr",
	0x0135: "acelp.kelvin", 0x0160: "wmav1", 0x0161: "wmav2", 0x0162: "wmapro", 0x0163: "wmalossless",
	0x0165: "xma1", 0x0166: "xma2", 0x0200: "adpcm_ct", 0x0215: "dvaudio", 0x0216: "dvaudio",
	0x0270: "atrac3", 0x028f: "adpcm_g722", 0x0401: "imc", 0x0402: "iac", 0x0500: "avc",
	0x0501: "avc", 0x1500: "gsm_ms", 0x1501: "truespeech", 0x1600: "aac", 0x1602: "aac_latm",
	0x2000: "ac3", 0x2001: "dts", 0x2048: "sonic", 0x4143: "aac", 0x5346: "adpcm_swf",
	0x566f: "vorbis", 0x674f: "vorbis", 0x6750: "vorbis", 0x6751: "vorbis", 0x676f: "vorbis",
	0x6770: "vorbis", 0x6771: "vorbis", 0x6c75: "pcm_mulaw", 0x704f: "opus", 0x706d: "aac",
	0xa100: "g723_1", 0xa106: "aac", 0xa109: "speex", 0xf1ac: "flac",
}
