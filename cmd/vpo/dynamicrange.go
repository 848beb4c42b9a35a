package main

import (
	"fmt"
	"math"
	"strings"

	"vpo/internal/library"
)

// rangeWords explains the dynamic range of a picture: "Dolby Vision profile 8.1; HDR10, mastered on Display P3 at
// 1000 cd/m², MaxCLL 1000, MaxFALL 400". It is empty for the ordinary range.
func rangeWords(t library.Track) string {
	var words []string
	if t.DolbyVision != nil {
		words = append(words, dolbyWords(*t.DolbyVision))
	}
	t.DolbyVision = nil
	name := t.DynamicRange() // of what a player without Dolby Vision shows
	switch {
	case name != "SDR":
	case t.Mastering != nil || t.ContentLight != nil:
		name = "HDR10"
	default:
		return strings.Join(words, "; ")
	}
	if t.Mastering != nil {
		name += ", " + masteringWords(*t.Mastering)
	}
	if l := t.ContentLight; l != nil {
		name += lightWords(*l)
	}
	return strings.Join(append(words, name), "; ")
}

// dolbyWords names the profile as Dolby does, with the compatibility after the dot where there is one.
func dolbyWords(d library.DolbyVision) string {
	profile := fmt.Sprint(d.Profile)
	if d.Compatibility > 0 {
		profile += fmt.Sprintf(".%d", d.Compatibility)
	}
	words := "Dolby Vision profile " + profile
	if d.Enhancement {
		words += " with enhancement layer"
	}
	return words
}

func masteringWords(m library.Mastering) string {
	words := "mastered"
	if name := gamutName(m); name != "" {
		words += " on " + name
	}
	if m.MaxLuminance > 0 {
		words += fmt.Sprintf(" at %s cd/m²", luminance(m.MaxLuminance))
	}
	if words == "mastered" {
		return "with mastering data"
	}
	return words
}

func lightWords(l library.ContentLight) string {
	words := ""
	if l.Max > 0 {
		words += fmt.Sprintf(", MaxCLL %d", l.Max)
	}
	if l.Average > 0 {
		words += fmt.Sprintf(", MaxFALL %d", l.Average)
	}
	return words
}

func luminance(n float64) string { return fmt.Sprintf("%.4g", math.Round(n*10000)/10000) }

// gamutName names the colours of a display by its primaries (SMPTE EG 432-1, ITU-R BT.2020, BT.709); empty for others.
func gamutName(m library.Mastering) string {
	for _, gamut := range []struct {
		name             string
		red, green, blue library.Chromaticity
	}{
		{"Display P3", library.Chromaticity{X: 0.68, Y: 0.32}, library.Chromaticity{X: 0.265, Y: 0.69}, library.Chromaticity{X: 0.15, Y: 0.06}},
		{"BT.2020", library.Chromaticity{X: 0.708, Y: 0.292}, library.Chromaticity{X: 0.17, Y: 0.797}, library.Chromaticity{X: 0.131, Y: 0.046}},
		{"BT.709", library.Chromaticity{X: 0.64, Y: 0.33}, library.Chromaticity{X: 0.3, Y: 0.6}, library.Chromaticity{X: 0.15, Y: 0.06}},
	} {
		if near(m.Red, gamut.red) && near(m.Green, gamut.green) && near(m.Blue, gamut.blue) {
			return gamut.name
		}
	}
	return ""
}

func near(a, b library.Chromaticity) bool {
	return math.Abs(a.X-b.X) < 0.003 && math.Abs(a.Y-b.Y) < 0.003
}
