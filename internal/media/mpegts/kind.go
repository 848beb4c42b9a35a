package mpegts

import "vpo/internal/library"

// Values of stream_type (ISO/IEC 13818-1, table 2-34) that are looked at one by one.
const (
	privateData = 0x06
	dsmccObject = 0x13
	spliceOrDTS = 0x86 // SCTE 35, or DTS-HD MA on Blu-ray
	hdmvTrueHD  = 0x83
)

// unnamed is the codec of private data of which no descriptor says what it is.
const unnamed = "bin_data"

// elementaryKind is what the map of a program says of a stream before its descriptors.
type elementaryKind struct {
	streamType   byte
	registration string // of the program: "HDMV" on Blu-ray
}

func (k elementaryKind) bluray() bool { return k.registration == "HDMV" || k.registration == "HDPR" }

func (k elementaryKind) blurayTrueHD() bool { return k.bluray() && k.streamType == hdmvTrueHD }

// name sets type and codec of a stream as far as its stream_type tells them.
func (s *stream) name(k elementaryKind) {
	t := &s.track
	t.Type, t.Codec = library.TrackOther, ""
	if k.streamType == spliceOrDTS && k.registration == "CUEI" {
		t.Codec = "scte_35"
		return
	}
	known := standardType(k.streamType)
	if known == "" && k.bluray() {
		known = blurayType(k.streamType)
	}
	if known == "" {
		known = atscType(k.streamType)
	}
	if known == "" && k.streamType == privateData {
		known = unnamed // until a descriptor says better
	}
	s.setCodec(known)
}

// setCodec sets the codec, and the type that goes with it.
func (s *stream) setCodec(name string) {
	s.track.Codec, s.track.Type = name, library.TrackOther
	switch name {
	case "mpeg1video", "mpeg2video", "mpeg4", "h264", "hevc", "vvc", "jpeg2000", "cavs", "dirac", "avs2", "avs3", "vc1":
		s.track.Type = library.TrackVideo
	case "mp3", "aac", "aac_latm", "pcm_bluray", "ac3", "dts", "truehd", "eac3", "s302m", "opus":
		s.track.Type = library.TrackAudio
	case "hdmv_pgs_subtitle", "hdmv_text_subtitle", "dvb_subtitle", "dvb_teletext", "arib_caption":
		s.track.Type = library.TrackSubtitle
	}
}

// standardType names the codec of a stream_type of ISO/IEC 13818-1 and of others that nobody else uses.
func standardType(streamType byte) string {
	switch streamType {
	case 0x01, 0x02:
		return "mpeg2video" // or MPEG-1, as the stream tells
	case 0x03, 0x04:
		return "mp3" // or another layer, as the stream tells
	case 0x0F, 0x1C:
		return "aac"
	case 0x10:
		return "mpeg4"
	case 0x11:
		return "aac_latm"
	case 0x1B, 0x20:
		return "h264"
	case 0x21:
		return "jpeg2000"
	case 0x24:
		return "hevc"
	case 0x33:
		return "vvc"
	case 0x42:
		return "cavs"
	case 0xD1:
		return "dirac"
	case 0xD2:
		return "avs2"
	case 0xD4:
		return "avs3"
	case 0xEA:
		return "vc1"
	}
	return ""
}

// blurayType names the codec of a stream_type that is private to Blu-ray discs.
func blurayType(streamType byte) string {
	switch streamType {
	case 0x80:
		return "pcm_bluray"
	case 0x81:
		return "ac3"
	case 0x82, 0x85, 0x86, 0xA2:
		return "dts"
	case hdmvTrueHD:
		return "truehd"
	case 0x84, 0xA1:
		return "eac3"
	case 0x90:
		return "hdmv_pgs_subtitle"
	case 0x92:
		return "hdmv_text_subtitle"
	}
	return ""
}

// atscType names the codec of a stream_type that ATSC (A/53, A/52) uses, or programs that follow neither it nor Blu-ray.
func atscType(streamType byte) string {
	switch streamType {
	case 0x81:
		return "ac3"
	case 0x87:
		return "eac3"
	case 0x82, 0x8A:
		return "dts"
	}
	return ""
}
