package isobmff

import (
	"fmt"
	"math"

	"vpo/internal/library"
	"vpo/internal/media/codec"
	"vpo/internal/media/language"
)

// cover notes a picture, which ffprobe lists as a video track.
func (r *reader) cover(b box) error {
	data, err := r.leaf(b, 16)
	if err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	c := cursor{data: data}
	kind := c.u32()
	c.u32() // language
	name := coverCodec(kind, c.data)
	if name == "" || len(r.streams) >= maxStreams {
		return nil
	}
	s := stream{}
	s.Type, s.Codec, s.Language = library.TrackVideo, name, language.Undetermined
	s.FrameRate = "90000/1" // ffprobe takes the clock of a picture for its rate
	s.needFrame = true
	s.first = sample{at: b.body + 8, size: uint32(min(b.end-b.body-8, math.MaxUint32))}
	r.streams = append(r.streams, s)
	return nil
}

// coverCodec tells the codec of a picture by its first bytes, and believes the type of the item only where it is BMP.
func coverCodec(kind uint32, start []byte) string {
	const jpeg, png, bmp = 13, 14, 27
	switch {
	case kind == bmp:
		return "bmp"
	case kind != jpeg && kind != png:
		return ""
	case string(start) == codec.PNGSignature:
		return "png"
	}
	return "mjpeg"
}
