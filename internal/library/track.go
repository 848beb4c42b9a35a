package library

// TrackType is the kind of a track, as the column tracks.track_type keeps it.
type TrackType string

// The five values of tracks.track_type.
const (
	TrackVideo      TrackType = "video"
	TrackAudio      TrackType = "audio"
	TrackSubtitle   TrackType = "subtitle"
	TrackAttachment TrackType = "attachment"
	TrackOther      TrackType = "other"
)

// Track is one stream of a file. A zero field is unknown. Names of codecs, profiles, layouts, pixel formats and colours
// are those that ffmpeg gives them.
type Track struct {
	Index           int // position in the container, from 0
	Type            TrackType
	Codec           string // "hevc"
	Profile         string // "Main 10", "DTS-HD MA"
	Language        string // ISO 639-2/B, "und" where the container says none
	LanguageTag     string // BCP 47, "pt-BR"; "" where the container says none
	Title           string
	DurationSeconds float64

	Default         bool
	Forced          bool
	HearingImpaired bool
	Commentary      bool

	Width        int    // pixels
	Height       int    // pixels
	SampleAspect string // of one pixel, "1:1"
	FrameRate    string // a fraction, "24000/1001": the commonest distance of two frames, where the container tells it
	PixelFormat  string // "yuv420p10le"

	ColorTransfer  string
	ColorPrimaries string
	ColorSpace     string
	ColorRange     string // "tv" or "pc"

	Mastering    *Mastering    // HDR10: the display that the film was graded on
	ContentLight *ContentLight // HDR10: how bright the film gets
	DolbyVision  *DolbyVision

	Channels      int
	ChannelLayout string // "5.1(side)"
	SampleRate    int    // Hz
	BitDepth      int    // bits a sample, of a picture's component or of lossless sound

	FileName string // of an attachment
	MimeType string // of an attachment
}

// Mastering is the colour volume of the display that a film was graded on (SMPTE ST 2086).
type Mastering struct {
	Red          Chromaticity `json:"red"`
	Green        Chromaticity `json:"green"`
	Blue         Chromaticity `json:"blue"`
	White        Chromaticity `json:"white"`
	MaxLuminance float64      `json:"max_luminance"` // cd/m²
	MinLuminance float64      `json:"min_luminance"` // cd/m²
}

// Chromaticity is a colour without its brightness (CIE 1931).
type Chromaticity struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// ContentLight is how bright a film gets (CTA-861.3).
type ContentLight struct {
	Max     int `json:"max"`     // MaxCLL, cd/m²
	Average int `json:"average"` // MaxFALL, cd/m²
}

// DolbyVision is what the Dolby Vision configuration record tells (Dolby Vision Streams Within the ISO Base Media File
// Format, 3.2).
type DolbyVision struct {
	Profile       int  `json:"profile"`
	Level         int  `json:"level"`
	Compatibility int  `json:"compatibility"` // dv_bl_signal_compatibility_id: 1 HDR10, 2 SDR, 4 HLG
	BaseLayer     bool `json:"base_layer"`
	Enhancement   bool `json:"enhancement_layer"`
	Metadata      bool `json:"metadata"` // RPU
}
