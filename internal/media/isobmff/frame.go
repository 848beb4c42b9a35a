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
	read := codec.Frame(s.Codec)
	switch {
	case s.Codec == "h264" && s.lengths > 0:
		_ = codec.AVCSample(t, data, s.lengths)
	case s.Codec == "hevc" && s.lengths > 0:
		_ = codec.HEVCSample(t, data, s.lengths)
	case read != nil:
		_ = read(t, data)
	}
}
