package isobmff

import (
	"vpo/internal/media/codec"
)

// maxFrame is how much of a first frame is read, in bytes: its headers come first.
// In a JPEG picture a preview may come first.
const (
	maxFrame   = 64 << 10
	maxPicture = 256 << 10
)

// frames looks at the first frame of those tracks whose headers do not tell everything. What a frame does not tell either
// stays unknown: the container could be read all the same.
func (r *reader) frames() error {
	for i := range r.streams {
		s := &r.streams[i]
		if !s.needFrame {
			continue
		}
		if err := r.tolerate("first frame of a track", r.firstFrame(s)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) firstFrame(s *stream) error {
	first, err := r.firstSample(s)
	if err != nil || first.at <= 0 {
		return err
	}
	limit := uint32(maxFrame)
	if s.Codec == "mjpeg" {
		limit = maxPicture
	}
	data, err := r.src.Available(first.at, int(min(first.size, limit)))
	if err != nil || len(data) == 0 {
		return err
	}
	s.frame(data)
	return nil
}

// frame hands a first frame to its codec. Damage in it leaves fields empty.
func (s *stream) frame(data []byte) {
	t := &s.Track
	switch s.Codec {
	case "mp1", "mp2", "mp3":
		_ = codec.MPEGAudio(t, data)
	case "dts":
		_ = codec.DTS(t, data)
	case "truehd", "mlp":
		_ = codec.TrueHD(t, data)
	case "ac3", "eac3":
		_ = codec.AC3(t, data)
	case "h264":
		if s.lengths > 0 {
			_ = codec.AVCSample(t, data, s.lengths)
			return
		}
		_ = codec.AVC(t, data)
	case "hevc":
		if s.lengths > 0 {
			_ = codec.HEVCSample(t, data, s.lengths)
			return
		}
		_ = codec.HEVC(t, data)
	case "prores":
		profile := s.Profile
		_ = codec.ProRes(t, data)
		s.Profile = profile
	case "mpeg1video", "mpeg2video":
		_ = codec.MPEGVideo(t, data)
	case "mpeg4":
		_ = codec.MPEG4Video(t, data)
	case "vp8":
		_ = codec.VP8(t, data)
	case "vp9":
		_ = codec.VP9(t, data)
	case "av1":
		_ = codec.AV1(t, data)
	case "mjpeg":
		_ = codec.JPEG(t, data)
	case "png":
		_ = codec.PNG(t, data)
	case "dvvideo":
		_ = codec.DV(t, data)
	case "dnxhd":
		_ = codec.DNxHD(t, data)
	case "ffv1":
		_ = codec.FFV1(t, data)
	}
}
