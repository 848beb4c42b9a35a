package library

// resolutions are the names that people have for pictures, with the width and height in pixels from which on a picture
// has it. Films are wider than a screen or narrower, so either will do: 1920×800 is 1080p, as 1440×1080 is.
var resolutions = []struct {
	name          string
	width, height int
}{
	{"8K", 7600, 4300}, {"4K", 3800, 2100}, {"1440p", 2500, 1400}, {"1080p", 1800, 1000}, {"720p", 1200, 700},
	{"576p", 1000, 560}, {"480p", 0, 460}, {"SD", 1, 1},
}

// Resolution names the size of a picture, "1080p" or "4K"; "unknown" where there is none.
func Resolution(width, height int) string {
	for _, r := range resolutions {
		if r.width > 0 && width >= r.width || height >= r.height {
			return r.name
		}
	}
	return "unknown"
}

// DynamicRange names the dynamic range of a video track: "Dolby Vision", "HDR10", "HLG" or "SDR".
func (t *Track) DynamicRange() string {
	switch {
	case t.DolbyVision != nil:
		return "Dolby Vision"
	case t.ColorTransfer == "smpte2084":
		return "HDR10"
	case t.ColorTransfer == "arib-std-b67":
		return "HLG"
	}
	return "SDR"
}
