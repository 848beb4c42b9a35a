package mpegts

import (
	"iter"

	"vpo/internal/library"
	"vpo/internal/media/codec"
	"vpo/internal/media/language"
)

// Tags of descriptors: of ISO/IEC 13818-1 (2.6), of DVB (ETSI EN 300 468, 6.1 and annex D), and of Dolby Vision.
const (
	tagRegistration = 0x05
	tagLanguage     = 0x0A
	tagMetadata     = 0x26
	tagComponent    = 0x52
	tagTeletext     = 0x56
	tagSubtitling   = 0x59
	tagAC3          = 0x6A
	tagEnhancedAC3  = 0x7A
	tagDTS          = 0x7B
	tagAAC          = 0x7C
	tagExtension    = 0x7F
	tagDolbyVision  = 0xB0
	tagDataCoding   = 0xFD // ARIB STD-B10
)

// descriptors walks over a list of descriptors, as far as they are complete.
func descriptors(b []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for len(b) >= 2 && 2+int(b[1]) <= len(b) {
			end := 2 + int(b[1])
			if !yield(b[0], b[2:end]) {
				return
			}
			b = b[end:]
		}
	}
}

// programRegistration finds whose private stream types a program uses.
func programRegistration(info []byte) string {
	for tag, d := range descriptors(info) {
		if tag == tagRegistration && len(d) >= 4 {
			switch string(d[:4]) {
			case "HDMV":
				return "HDMV"
			case "HDPR":
				return "HDPR"
			case "CUEI":
				return "CUEI"
			}
		}
	}
	return ""
}

// describe learns from the descriptors of a stream.
func (s *stream) describe(kind elementaryKind, list []byte) {
	var component []byte
	open := s.track.Codec == "" || kind.streamType == privateData // whether descriptors may name the codec
	for tag, d := range descriptors(list) {
		if open {
			open = !s.nameByDescriptor(kind, tag, d)
		}
		switch tag {
		case tagComponent:
			component = d
		case tagDataCoding:
			s.captions(kind, component, d)
		case tagLanguage:
			s.iso639(d)
		case tagTeletext:
			s.teletext(d)
		case tagSubtitling:
			s.subtitling(d)
		case tagExtension:
			s.extension(d)
		case tagDolbyVision:
			s.dolbyVision(d)
		}
	}
}

// nameByDescriptor sets the codec of a private stream where a descriptor tells it.
func (s *stream) nameByDescriptor(kind elementaryKind, tag byte, d []byte) bool {
	name := ""
	switch {
	case tag == tagRegistration && len(d) >= 4:
		name = registeredCodec(string(d[:4]))
	case tag == tagMetadata:
		name = metadataCodec(d)
	case kind.streamType == privateData:
		name = dvbCodec(tag)
	}
	if name != "" {
		s.setCodec(name)
	}
	return name != ""
}

// registeredCodec names the codec of a format identifier (SMPTE Registration Authority).
func registeredCodec(identifier string) string {
	switch identifier {
	case "drac":
		return "dirac"
	case "AC-3":
		return "ac3"
	case "BSSD":
		return "s302m"
	case "DTS1", "DTS2", "DTS3":
		return "dts"
	case "EAC3":
		return "eac3"
	case "HEVC":
		return "hevc"
	case "KLVA":
		return "klv"
	case "ID3 ":
		return "timed_id3"
	case "VC-1":
		return "vc1"
	case "Opus":
		return "opus"
	}
	return ""
}

// metadataCodec names the codec of a metadata descriptor (2.6.60), whose format may be identified like others.
func metadataCodec(d []byte) string {
	const identified = 0xFF
	at := 2
	if len(d) >= 2 && d[0] == identified && d[1] == identified { // so is its application
		at += 4
	}
	if len(d) < at+5 || d[at] != identified {
		return ""
	}
	return registeredCodec(string(d[at+1 : at+5]))
}

// dvbCodec names the codec that the presence of a descriptor of DVB tells.
func dvbCodec(tag byte) string {
	switch tag {
	case tagAC3:
		return "ac3"
	case tagEnhancedAC3:
		return "eac3"
	case tagDTS:
		return "dts"
	case tagAAC:
		return "aac"
	case tagTeletext:
		return "dvb_teletext"
	case tagSubtitling:
		return "dvb_subtitle"
	}
	return ""
}

// iso639 reads an ISO 639 language descriptor: languages, each with what kind of sound it is.
func (s *stream) iso639(d []byte) {
	const hearingImpaired = 2
	for ; len(d) >= 4; d = d[4:] {
		s.speaks(d[:3])
		s.track.HearingImpaired = s.track.HearingImpaired || d[3] == hearingImpaired
	}
}

// speaks sets the language of a stream that has none yet.
func (s *stream) speaks(code []byte) {
	if s.track.Language == language.Undetermined {
		s.track.Language, s.track.LanguageTag = language.Bibliographic(string(code)), language.Tag(string(code))
	}
}

// teletext reads a teletext descriptor: languages, each with a type and the number of a page.
func (s *stream) teletext(d []byte) {
	const hearingImpaired = 5
	for ; len(d) >= 5; d = d[5:] {
		s.speaks(d[:3])
		s.track.HearingImpaired = s.track.HearingImpaired || d[3]>>3 == hearingImpaired
	}
}

// subtitling reads a subtitling descriptor: languages, each with the type of the subtitles and two pages.
func (s *stream) subtitling(d []byte) {
	const hearingImpaired, last = 0x20, 0x25
	for ; len(d) >= 8; d = d[8:] {
		s.speaks(d[:3])
		s.track.HearingImpaired = s.track.HearingImpaired || d[3] >= hearingImpaired && d[3] <= last
	}
}

// extension reads those extension descriptors that tell of sound: of a supplementary sound track, and of Opus.
func (s *stream) extension(d []byte) {
	const (
		supplementaryAudio = 0x06
		opus               = 0x80 // provisional
		forHearingImpaired = 0x02
		hasLanguage        = 0x01
	)
	if len(d) < 2 {
		return
	}
	switch {
	case d[0] == supplementaryAudio:
		s.track.HearingImpaired = s.track.HearingImpaired || d[1]>>2&0x1F == forHearingImpaired
		if d[1]&hasLanguage != 0 && len(d) >= 5 {
			s.speaks(d[2:5])
		}
	case d[0] == opus && s.track.Codec == "opus" && d[1] >= 1 && d[1] <= 8:
		s.track.Channels, s.track.ChannelLayout = int(d[1]), codec.Layout(int(d[1]))
		s.track.SampleRate = 48000 // always, as far as time stamps are concerned
	}
}

// captions reads a data coding descriptor, which names captions together with the tag of the component: of full television
// or of mobile television (ARIB STD-B24, TR-B14).
func (s *stream) captions(kind elementaryKind, component, d []byte) {
	const full, mobile = 0x0008, 0x0012
	if kind.streamType != privateData || len(component) < 1 || len(d) < 2 {
		return
	}
	switch id, tag := int(d[0])<<8|int(d[1]), component[0]; {
	case id == full && tag >= 0x30 && tag <= 0x37:
		s.setCodec("arib_caption")
		s.track.Profile = "Profile A"
	case id == mobile && tag == 0x87:
		s.setCodec("arib_caption")
		s.track.Profile = "Profile C"
	}
}

// dolbyVision reads a Dolby Vision video stream descriptor (Dolby Vision Streams Within the MPEG-2 Transport Stream
// Format, 3.3).
func (s *stream) dolbyVision(d []byte) {
	if len(d) < 4 {
		return
	}
	v := &library.DolbyVision{
		Profile: int(d[2] >> 1), Level: int(d[2]&1<<5 | d[3]>>3),
		Metadata: d[3]&4 != 0, Enhancement: d[3]&2 != 0, BaseLayer: d[3]&1 != 0,
	}
	at := 4
	if !v.BaseLayer { // then comes where it is
		at += 2
	}
	if at < len(d) {
		v.Compatibility = int(d[at] >> 4)
	}
	s.track.DolbyVision = v
}
