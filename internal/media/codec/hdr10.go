package codec

import "vpo/internal/library"

// hdr10 is the static metadata of an HDR10 stream.
type hdr10 struct {
	mastering    library.Mastering
	contentLight library.ContentLight
	mastered     bool // mastering is told
	lit          bool // contentLight is told
}

// Units of the chromaticities and luminances of SMPTE ST 2086 in H.265 (ITU-T H.265, D.3.28).
const (
	chromaticitySteps = 50000 // to 1
	luminanceSteps    = 10000 // to 1 cd/m²
)

// readMastering follows mastering_display_colour_volume (ITU-T H.265, D.2.28): green, blue, red.
func (h *hdr10) readMastering(b *bitReader) {
	m := &h.mastering
	for _, colour := range [...]*library.Chromaticity{&m.Green, &m.Blue, &m.Red, &m.White} {
		colour.X = float64(b.read(16)) / chromaticitySteps
		colour.Y = float64(b.read(16)) / chromaticitySteps
	}
	m.MaxLuminance = float64(b.read(32)) / luminanceSteps
	m.MinLuminance = float64(b.read(32)) / luminanceSteps
	h.mastered = b.ok()
}

// readContentLight follows content_light_level_info (ITU-T H.265, D.2.35).
func (h *hdr10) readContentLight(b *bitReader) {
	h.contentLight = library.ContentLight{Max: b.number(16), Average: b.number(16)}
	h.lit = b.ok()
}

// fill sets what the stream tells. A display without luminance, or light of 0, is how encoders say that they do not know.
func (h *hdr10) fill(t *library.Track) {
	if h.mastered && h.mastering.MaxLuminance > 0 {
		mastering := h.mastering
		t.Mastering = &mastering
	}
	if h.lit && h.contentLight != (library.ContentLight{}) {
		light := h.contentLight
		t.ContentLight = &light
	}
}

// readAV1Mastering follows metadata_hdr_mdcv (AV1 specification, 5.8.4 and 6.7.4): red, green, blue, in binary fractions.
func (h *hdr10) readAV1Mastering(b *bitReader) {
	m := &h.mastering
	for _, colour := range [...]*library.Chromaticity{&m.Red, &m.Green, &m.Blue, &m.White} {
		colour.X = float64(b.read(16)) / (1 << 16)
		colour.Y = float64(b.read(16)) / (1 << 16)
	}
	m.MaxLuminance = float64(b.read(32)) / (1 << 8)
	m.MinLuminance = float64(b.read(32)) / (1 << 14)
	h.mastered = b.ok()
}
