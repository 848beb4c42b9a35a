package codec

import "vpo/internal/library"

// Describer reads what a piece of a stream tells of its track.
type Describer func(t *library.Track, data []byte) error

// Frame gives what reads the first frame of a codec; nil where frames tell nothing that is asked for. Frames that have
// lengths in front of their NAL units, and not start codes, are for AVCSample and HEVCSample.
func Frame(name string) Describer {
	switch name {
	case "h264":
		return AVC
	case "hevc":
		return HEVC
	case "mpeg4":
		return MPEG4Video
	case "mpeg1video", "mpeg2video":
		return MPEGVideo
	case "vp8":
		return VP8
	case "vp9":
		return VP9
	case "av1":
		return AV1
	case "prores":
		return ProRes
	}
	if read := picturesFrame(name); read != nil {
		return read
	}
	return soundFrame(name)
}

// picturesFrame is the same for codecs each of whose frames is a picture of its own.
func picturesFrame(name string) Describer {
	switch name {
	case "mjpeg":
		return JPEG
	case "png":
		return PNG
	case "gif":
		return GIF
	case "ffv1":
		return FFV1
	case "dvvideo":
		return DV
	case "dnxhd":
		return DNxHD
	}
	return nil
}

func soundFrame(name string) Describer {
	switch name {
	case "mp1", "mp2", "mp3":
		return MPEGAudio
	case "ac3", "eac3":
		return AC3
	case "dts":
		return DTS
	case "truehd", "mlp":
		return TrueHD
	case "aac":
		return ADTS
	}
	return nil
}
