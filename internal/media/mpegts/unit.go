package mpegts

import (
	"encoding/binary"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// speaking tells whether the stream of a codec says more than the tables.
func speaking(name string) bool {
	switch name {
	case "h264", "hevc", "mpeg2video", "mpeg4", "vc1",
		"mp3", "aac", "aac_latm", "ac3", "eac3", "dts", "truehd", "pcm_bluray", "s302m", unnamed:
		return true
	}
	return false
}

// tell asks the codec about the beginning of a PES packet, and returns whether it has told everything. What cannot be read
// is taken for the middle of something, so the next packet is asked too.
func (s *stream) tell(b []byte) bool {
	t := &s.track
	if t.Codec == unnamed {
		s.recognise(b)
		return true
	}
	if t.Type == library.TrackVideo {
		at, ok := headerOf(t.Codec, b)
		return ok && picture(t, b[at:]) == nil
	}
	return sound(t, b) == nil && t.Channels > 0
}

// recognise looks whether a stream that nobody names is sound after all: ffmpeg writes AAC so for Blu-ray.
func (s *stream) recognise(b []byte) {
	if len(b) < 4 {
		return
	}
	t := s.track
	switch begin := binary.BigEndian.Uint32(b); {
	case begin>>16&0xFFF6 == 0xFFF0: // ADTS, ISO/IEC 13818-7, 6.2
		t.Codec = "aac"
	case begin>>16 == 0x0B77: // ATSC A/52, 5.3
		t.Codec = "ac3"
	case begin == 0x7FFE8001: // ETSI TS 102 114, 5.3
		t.Codec = "dts"
	}
	if t.Codec != unnamed && sound(&t, b) == nil && t.Channels > 0 {
		t.Type = library.TrackAudio
		s.track = t
	}
}

// headerOf finds where the header of a sequence begins that a codec starts anew with. ok is false where there is none.
func headerOf(name string, b []byte) (at int, ok bool) {
	for at := 0; at+4 < len(b); at++ {
		if b[at+2] > 1 { // no start code can begin in these three bytes
			at += 2
			continue
		}
		if b[at] == 0 && b[at+1] == 0 && b[at+2] == 1 && isHeader(name, b[at+3]) {
			return at, true
		}
	}
	return 0, false
}

// isHeader tells whether the byte behind a start code means a header of a sequence.
func isHeader(name string, code byte) bool {
	switch name {
	case "h264":
		return code&0x1F == 7 // sequence parameter set
	case "hevc":
		return code>>1&0x3F == 32 // video parameter set, which comes before the others
	case "mpeg1video", "mpeg2video":
		return code == 0xB3 // sequence header
	case "mpeg4":
		return code == 0xB0 || code&0xF0 == 0x20 // visual object sequence, video object layer
	case "vc1":
		return code == 0x0F // sequence header
	}
	return false
}

func picture(t *library.Track, b []byte) error {
	if t.Codec == "vc1" { // whose headers are in the stream here
		return codec.VC1(t, b)
	}
	return frame(t, b)
}

func sound(t *library.Track, b []byte) error {
	switch t.Codec {
	case "aac_latm":
		return latm(t, b)
	case "pcm_bluray":
		return blurayPCM(t, b)
	case "s302m":
		return aes3(t, b)
	}
	return frame(t, b)
}

// frame reads what all containers have alike.
func frame(t *library.Track, b []byte) error {
	if read := codec.Frame(t.Codec); read != nil {
		return read(t, b)
	}
	return nil
}

// blurayPCM reads the four bytes in front of the samples on Blu-ray discs.
func blurayPCM(t *library.Track, b []byte) error {
	if len(b) < 4 {
		return errUnit
	}
	layout := [...]string{
		1: "mono", 3: "stereo", 4: "3.0", 5: "3.0(back)", 6: "4.0", 7: "quad(side)", 8: "5.0(side)", 9: "5.1(side)", 10: "7.0",
		11: "7.1", 15: "",
	}[b[2]>>4]
	channels := [...]int{1: 1, 3: 2, 4: 3, 5: 3, 6: 4, 7: 4, 8: 5, 9: 6, 10: 7, 11: 8, 15: 0}[b[2]>>4]
	rate := [...]int{1: 48000, 4: 96000, 5: 192000, 15: 0}[b[2]&15]
	bits := [...]int{0, 16, 20, 24}[b[3]>>6]
	if channels == 0 || rate == 0 || bits == 0 {
		return errUnit
	}
	t.ChannelLayout, t.Channels, t.SampleRate, t.BitDepth = layout, channels, rate, bits
	return nil
}

// aes3 reads the four bytes in front of the samples of SMPTE 302M.
func aes3(t *library.Track, b []byte) error {
	if len(b) < 4 || int(binary.BigEndian.Uint16(b)) == 0 {
		return errUnit
	}
	t.Channels, t.SampleRate, t.BitDepth = int(b[2]>>6)*2+2, 48000, int(b[3]>>4&3)*4+16
	if t.BitDepth > 24 {
		return errUnit
	}
	t.ChannelLayout = codec.Layout(t.Channels)
	return nil
}
