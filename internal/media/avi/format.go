package avi

import (
	"encoding/binary"
	"fmt"
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// maxFormat is how much of a stream format is read, extradata included.
const maxFormat = 64 << 10

// strf reads the format of a stream: a BITMAPINFOHEADER of a picture, a WAVEFORMATEX of sound. What follows it is the
// extradata of the codec.
func (r *reader) strf(t *library.Track, s *stream, c chunk) error {
	b, err := r.bytes(c, maxFormat)
	if err != nil {
		return fmt.Errorf("read the format of stream %d: %w", t.Index, err)
	}
	if s.format || len(b) == 0 {
		return nil
	}
	s.format = true
	switch t.Type {
	case library.TrackVideo:
		err = r.picture(t, s, b)
	case library.TrackAudio:
		err = r.sound(t, s, b)
	}
	if err != nil {
		return fmt.Errorf("%w (at %d)", err, c.from)
	}
	return nil
}

// picture reads a BITMAPINFOHEADER.
func (r *reader) picture(t *library.Track, s *stream, b []byte) error {
	const header = 40
	if len(b) < header {
		return fmt.Errorf("%w: the format of a picture has %d bytes", library.ErrMalformed, len(b))
	}
	width, height := int32(binary.LittleEndian.Uint32(b[4:])), int32(binary.LittleEndian.Uint32(b[8:]))
	t.Width, t.Height = positive(width), positive(max(height, -height)) // a negative height is a picture the right way up
	s.bits = int(binary.LittleEndian.Uint16(b[14:]))
	tag := b[16:20]
	if string(tag) == "DXSB" || string(tag) == "DXSA" {
		t.Type, t.Codec, t.FrameRate = library.TrackSubtitle, "xsub", ""
		return nil
	}
	t.Codec = videoCodec(tag)
	t.PixelFormat = pixelFormat(t.Codec, tag, s.bits)
	switch t.Codec {
	case "utvideo":
		codec.UtVideo(t, string(tag))
	case "huffyuv", "ffvhuff":
		r.doubt(t, codec.HuffYUV(t, nil, s.bits))
	case "v210":
		t.BitDepth = 10
	}
	if extra := b[header:]; len(extra) > 0 {
		s.extra = true
		r.doubt(t, videoExtra(t, s, extra))
	}
	s.wants = t.PixelFormat == "" && codec.Frame(t.Codec) != nil
	return nil
}

// positive makes a dimension that cannot be one unknown.
func positive(n int32) int { return int(max(n, 0)) }

// videoCodec names the codec of biCompression, which is a FourCC or one of the small numbers of BITMAPINFOHEADER.
func videoCodec(tag []byte) string {
	switch binary.LittleEndian.Uint32(tag) {
	case 0, 3: // BI_RGB, BI_BITFIELDS
		return "rawvideo"
	case 1, 2: // BI_RLE8, BI_RLE4
		return "msrle"
	}
	return codec.VideoTag(string(tag))
}

// videoExtra reads the extradata of a picture.
func videoExtra(t *library.Track, s *stream, extra []byte) error {
	switch t.Codec {
	case "h264":
		if extra[0] == 1 { // configurationVersion of avcC; Annex B begins with zeros
			return codec.AVCConfig(t, extra)
		}
		return codec.AVC(t, extra)
	case "hevc":
		if extra[0] == 1 {
			return codec.HEVCConfig(t, extra)
		}
		return codec.HEVC(t, extra)
	case "mpeg4":
		return codec.MPEG4Video(t, extra)
	case "vc1", "wmv3":
		return codec.VC1(t, extra)
	case "ffv1":
		return codec.FFV1Config(t, extra)
	case "huffyuv", "ffvhuff":
		return codec.HuffYUV(t, extra, s.bits)
	}
	return nil
}

// sound reads a WAVEFORMAT, which ends before the bits of a sample, a WAVEFORMATEX or a WAVEFORMATEXTENSIBLE (mmreg.h).
func (r *reader) sound(t *library.Track, s *stream, b []byte) error {
	const (
		waveFormat   = 14
		pcmFormat    = 16
		waveFormatEx = 18
	)
	if len(b) < waveFormat {
		return fmt.Errorf("%w: the format of sound has %d bytes", library.ErrMalformed, len(b))
	}
	tag := binary.LittleEndian.Uint16(b)
	t.Channels = int(binary.LittleEndian.Uint16(b[2:]))
	t.SampleRate = positive(int32(binary.LittleEndian.Uint32(b[4:])))
	s.bits = 8
	if len(b) >= pcmFormat {
		s.bits = int(binary.LittleEndian.Uint16(b[14:]))
	}
	var extra []byte
	if len(b) >= waveFormatEx {
		extra = b[waveFormatEx:]
		extra = extra[:min(len(extra), int(binary.LittleEndian.Uint16(b[16:])))]
	}
	if t.Codec = codec.AudioTag(tag, s.bits); tag == waveExtensible && len(extra) >= extension {
		t.Codec = extensible(t, s, extra)
		extra = extra[extension:]
	}
	codec.PCM(t)
	if len(extra) > 0 {
		r.doubt(t, audioExtra(t, extra))
	}
	s.wants = codec.Frame(t.Codec) != nil && (t.Codec != "aac" || len(extra) == 0)
	return nil
}

const (
	waveExtensible = 0xFFFE
	extension      = 22 // bytes that WAVEFORMATEXTENSIBLE adds
)

// extensible reads what WAVEFORMATEXTENSIBLE adds: the bits that count, the loudspeakers, and the GUID of the format. It
// returns the name of the codec.
func extensible(t *library.Track, s *stream, extra []byte) string {
	if valid := binary.LittleEndian.Uint16(extra); valid != 0 {
		s.bits = int(valid)
	}
	if mask := binary.LittleEndian.Uint32(extra[2:]); mask != 0 {
		t.ChannelLayout = codec.LayoutMask(mask)
	}
	switch string(extra[8:extension]) { // behind the first two bytes of the GUID, which are the old tag as a rule
	case "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71":
		return codec.AudioTag(binary.LittleEndian.Uint16(extra[6:]), s.bits)
	case "\x6d\xe0\x46\xdb\xcf\x11\xb4\xd1\x00\x80\x5f\x6c\xbb\xea":
		return map[byte]string{0x2B: "mp2", 0x2C: "ac3"}[extra[6]]
	case "\xfb\xa7\x02\x2d\xfb\x42\xa4\xd4\x05\xcd\x93\x84\x3b\xdd":
		return "eac3"
	}
	return ""
}

// audioExtra reads the extradata of sound.
func audioExtra(t *library.Track, extra []byte) error {
	switch t.Codec {
	case "aac":
		return codec.AACConfig(t, extra)
	case "flac":
		return codec.FLAC(t, extra)
	case "opus":
		return codec.Opus(t, extra)
	case "vorbis":
		return vorbis(t, extra)
	}
	return nil
}

// vorbis reads the identification header at the front of the three headers of Vorbis. They are laced as Matroska does it,
// or each follows its size in two bytes.
func vorbis(t *library.Track, extra []byte) error {
	const size = 30
	for at := range min(len(extra)-size+1, 8) {
		if string(extra[at:at+7]) == "\x01vorbis" {
			return codec.Vorbis(t, extra[at:at+size])
		}
	}
	return nil
}

// strd reads extradata that came apart from its format.
func (r *reader) strd(t *library.Track, s *stream, c chunk) error {
	b, err := r.bytes(c, maxFormat)
	if err != nil {
		return fmt.Errorf("read the data of stream %d: %w", t.Index, err)
	}
	if s.extra || len(b) == 0 {
		return nil
	}
	s.extra = true
	switch t.Type {
	case library.TrackVideo:
		r.doubt(t, videoExtra(t, s, b))
	case library.TrackAudio:
		r.doubt(t, audioExtra(t, b))
	}
	return nil
}

// doubt warns of a codec whose own header cannot be read. The container still tells the most of the track.
func (r *reader) doubt(t *library.Track, err error) {
	if err == nil {
		return
	}
	why := strings.TrimPrefix(err.Error(), library.ErrMalformed.Error()+": ")
	r.warn("what the codec %s says of stream %d cannot be read: %s", t.Codec, t.Index, why)
}
