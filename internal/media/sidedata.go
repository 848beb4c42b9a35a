package media

import "vpo/internal/library"

// sideData is one element of a stream's side_data_list: what a container tells of a picture beside its codec. The
// kinds share one list, and each has the fields of its own.
type sideData struct {
	Kind string `json:"side_data_type"`

	RedX   string `json:"red_x"`
	RedY   string `json:"red_y"`
	GreenX string `json:"green_x"`
	GreenY string `json:"green_y"`
	BlueX  string `json:"blue_x"`
	BlueY  string `json:"blue_y"`
	WhiteX string `json:"white_point_x"`
	WhiteY string `json:"white_point_y"`
	Max    string `json:"max_luminance"`
	Min    string `json:"min_luminance"`

	MaxContent int64 `json:"max_content"`
	MaxAverage int64 `json:"max_average"`

	Profile       int64 `json:"dv_profile"`
	Level         int64 `json:"dv_level"`
	Compatibility int64 `json:"dv_bl_signal_compatibility_id"`
	RPU           int64 `json:"rpu_present_flag"`
	Enhancement   int64 `json:"el_present_flag"`
	Base          int64 `json:"bl_present_flag"`
}

// apply fills in the part of a track that the element is about. The names are those of av_packet_side_data_name of
// FFmpeg's libavcodec.
func (d sideData) apply(t *library.Track) {
	switch d.Kind {
	case "Mastering display metadata":
		t.Mastering = &library.Mastering{
			Red:          library.Chromaticity{X: fraction(d.RedX), Y: fraction(d.RedY)},
			Green:        library.Chromaticity{X: fraction(d.GreenX), Y: fraction(d.GreenY)},
			Blue:         library.Chromaticity{X: fraction(d.BlueX), Y: fraction(d.BlueY)},
			White:        library.Chromaticity{X: fraction(d.WhiteX), Y: fraction(d.WhiteY)},
			MaxLuminance: fraction(d.Max), MinLuminance: fraction(d.Min),
		}
	case "Content light level metadata":
		t.ContentLight = &library.ContentLight{Max: count(d.MaxContent), Average: count(d.MaxAverage)}
	case "DOVI configuration record":
		t.DolbyVision = &library.DolbyVision{
			Profile: count(d.Profile), Level: count(d.Level), Compatibility: count(d.Compatibility),
			BaseLayer: d.Base == 1, Enhancement: d.Enhancement == 1, Metadata: d.RPU == 1,
		}
	}
}
