package avi

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"

	"vpo/internal/library"
	"vpo/internal/media/language"
)

// stream is what the headers tell of a track beyond the track itself.
type stream struct {
	handler     [4]byte // the codec, as the program that wrote the file called it
	scale       uint32
	rate        uint32 // rate / scale is units a second
	length      uint32 // units
	sampleSize  uint32 // bytes of a unit; 0 where a unit is a frame
	bits        int    // biBitCount, wBitsPerSample
	format      bool   // strf has been read
	extra       bool   // there was extradata
	wants       bool   // its first frame, which tells more
	tried       int    // frames that were asked
	interleaved bool   // a DV camera's picture, and the sound in between
	aspect      string // of one pixel, from vprp
	pace        uint32 // units from one frame to the next
}

// counted tells whether the units of the stream are frames, and not bytes of a constant rate.
func (s *stream) counted() bool { return s.sampleSize == 0 }

// header reads one chunk of hdrl.
func (r *reader) header(c chunk) error {
	switch string(c.name[:]) {
	case "LIST":
		return r.headerList(c)
	case "avih":
		return r.avih(c)
	case "IDIT":
		return r.recorded(c)
	}
	return nil
}

// avih reads the main header: the duration of a frame, and the number of streams, for which room is made.
func (r *reader) avih(c chunk) error {
	const used, usual = 28, 8
	b, err := r.bytes(c, used)
	if err != nil || len(b) < used {
		return err
	}
	r.framePeriod = binary.LittleEndian.Uint32(b)
	streams := min(binary.LittleEndian.Uint32(b[24:]), usual)
	r.streams = slices.Grow(r.streams, int(streams))
	r.media.Tracks = slices.Grow(r.media.Tracks, int(streams))
	return nil
}

// headerList reads a list in hdrl. Of the lists there, strl alone tells something: the number of frames in odml is that of
// the streams.
func (r *reader) headerList(c chunk) error {
	kind, err := r.bytes(c, 4)
	if err != nil || string(kind) != "strl" {
		return err
	}
	return r.each(span{c.from + 4, c.to}, "the headers of a stream", r.streamHeader)
}

// streamHeader reads one chunk of strl. The chunks belong to the stream whose strh came last.
func (r *reader) streamHeader(c chunk) error {
	if string(c.name[:]) == "strh" {
		return r.strh(c)
	}
	if len(r.streams) == 0 {
		return nil
	}
	t, s := &r.media.Tracks[len(r.streams)-1], &r.streams[len(r.streams)-1]
	switch string(c.name[:]) {
	case "strf":
		return r.strf(t, s, c)
	case "strd":
		return r.strd(t, s, c)
	case "strn":
		title, err := r.text(c)
		t.Title = cut(title, maxTitle)
		return err
	case "vprp":
		return r.vprp(s, c)
	}
	return nil
}

// strh reads an AVISTREAMHEADER, of which older programs write the first 48 bytes.
func (r *reader) strh(c chunk) error {
	const used = 48
	b, err := r.bytes(c, used)
	switch {
	case err != nil:
		return fmt.Errorf("read the header of a stream: %w", err)
	case len(b) < used:
		return fmt.Errorf("%w: the header of a stream at %d has %d bytes", library.ErrMalformed, c.from, len(b))
	case len(r.streams) == maxTracks:
		return fmt.Errorf("%w: more than %d streams", library.ErrMalformed, maxTracks)
	case string(b[:4]) == "pads":
		return nil
	}
	s := stream{
		handler:    [4]byte(b[4:]),
		scale:      binary.LittleEndian.Uint32(b[20:]),
		rate:       binary.LittleEndian.Uint32(b[24:]),
		length:     binary.LittleEndian.Uint32(b[32:]),
		sampleSize: binary.LittleEndian.Uint32(b[44:]),
	}
	r.completeRate(&s)
	t := library.Track{Index: len(r.streams), Type: library.TrackOther, Language: language.Undetermined}
	switch string(b[:4]) {
	case "vids":
		t.Type, s.sampleSize = library.TrackVideo, 0
		t.FrameRate = fraction(s.rate, s.scale)
	case "iavs", "ivas":
		t.Type, t.Codec, t.FrameRate = library.TrackVideo, "dvvideo", fraction(s.rate, s.scale)
		s.sampleSize, s.format, s.interleaved, s.wants = 0, true, true, true
	case "auds":
		t.Type = library.TrackAudio
	case "txts":
		t.Type = library.TrackSubtitle
	}
	r.streams = append(r.streams, s)
	r.media.Tracks = append(r.media.Tracks, t)
	return nil
}

// completeRate makes up for a stream that does not tell its rate: then avih may, and else ffmpeg takes 25.
func (r *reader) completeRate(s *stream) {
	if s.scale != 0 && s.rate != 0 {
		return
	}
	s.rate, s.scale = 25, 1
	if r.framePeriod != 0 {
		s.rate, s.scale = 1_000_000, r.framePeriod
	}
}

// vprp reads the video properties header (OpenDML 1.02, 5.0): the shape of the picture against the number of its pixels is
// the shape of one pixel.
func (r *reader) vprp(s *stream, c chunk) error {
	const used = 36
	b, err := r.bytes(c, used)
	if err != nil || len(b) < used || c.to-c.from <= used {
		return err
	}
	vertical, horizontal := uint64(binary.LittleEndian.Uint16(b[20:])), uint64(binary.LittleEndian.Uint16(b[22:]))
	width, height := uint64(binary.LittleEndian.Uint32(b[24:])), uint64(binary.LittleEndian.Uint32(b[28:]))
	if vertical != 0 && horizontal != 0 && width != 0 && height != 0 && width < 1<<24 && height < 1<<24 {
		across, down := reduce(horizontal*height, vertical*width)
		s.aspect = strconv.FormatUint(across, 10) + ":" + strconv.FormatUint(down, 10)
	}
	return nil
}

// complete sets what depends on the codec as well as on the container: the shape of a pixel, where the container stands
// above the codec, and the frame rate, which may be meant as a usual one.
func (s *stream) complete(t *library.Track) {
	if s.aspect != "" {
		t.SampleAspect = s.aspect
	}
	scale := s.scale
	if high, product := bits.Mul32(s.scale, s.pace); high == 0 && s.pace > 1 {
		scale = product
		t.FrameRate = fraction(s.rate, scale)
	}
	switch t.Codec {
	case "mpeg4", "h264", "hevc", "mpeg2video": // whose own clocks are so fine that ffmpeg looks for a usual rate
		t.FrameRate = usualRate(s.rate, scale)
	}
}

// usualRate writes a frame rate, as the usual one that it is within rounding: 23.976, 1000000/41708 and 24000/1001 are one.
func usualRate(rate, scale uint32) string {
	const rounding = 5e-5
	given := float64(rate) / float64(scale)
	for _, usual := range [...][2]uint32{{24000, 1001}, {30000, 1001}, {48000, 1001}, {60000, 1001}, {24, 1}, {25, 1}, {30, 1}, {50, 1}, {60, 1}} {
		if r := float64(usual[0]) / float64(usual[1]); math.Abs(given/r-1) < rounding {
			return fraction(usual[0], usual[1])
		}
	}
	return fraction(rate, scale)
}

// fraction writes a / b in its lowest terms, and nothing where b is 0.
func fraction(a, b uint32) string {
	if b == 0 {
		return ""
	}
	x, y := reduce(uint64(a), uint64(b))
	return strconv.FormatUint(x, 10) + "/" + strconv.FormatUint(y, 10)
}

// reduce brings a / b to its lowest terms. Not both may be 0.
func reduce(a, b uint64) (x, y uint64) {
	x, y = a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x, b / x
}
