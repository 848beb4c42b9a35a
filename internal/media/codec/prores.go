package codec

import "vpo/internal/library"

// ProResProfile names the profile of a ProRes track by its four-character code, "apch"; "" where it is no ProRes.
func ProResProfile(fourCC string) string {
	switch fourCC {
	case "apco":
		return "Proxy"
	case "apcs":
		return "LT"
	case "apcn":
		return "Standard"
	case "apch":
		return "HQ"
	case "ap4h":
		return "4444"
	case "ap4x":
		return "XQ"
	}
	return ""
}

// ProRes reads a frame header of ProRes (SMPTE RDD 36, 5.1.1). It tells no profile: readers set that from the
// four-character code before (ProResProfile), since ffmpeg decodes 4444 and XQ to 12 bits whatever was coded.
func ProRes(t *library.Track, frame []byte) error {
	const header, signature, frameHeader = "ProRes frame header", "icpf", 8
	if len(frame) >= frameHeader && string(frame[4:frameHeader]) != signature {
		return malformed("the %s has no signature", header)
	}
	b := streamBits(frame[min(frameHeader, len(frame)):])
	b.skip(64)
	p := picture{colours: unspecifiedColours, depth: 10}
	p.width, p.height = b.number(16), b.number(16)
	p.chroma = b.number(2)
	b.skip(6 + 8)
	p.describe(&b)
	b.skip(4)
	alpha := b.number(4) != 0
	if err := b.err(header); err != nil {
		return err
	}
	if err := p.check(header); err != nil {
		return err
	}
	p.ranged = true
	if t.Profile == "4444" || t.Profile == "XQ" || (t.Profile == "" && p.chroma == chroma444) {
		p.depth = 12
	}
	p.format = proresFormat(p.chroma, p.depth, alpha)
	p.fill(t)
	return nil
}

func proresFormat(chroma, depth int, alpha bool) string {
	switch {
	case !alpha:
		return planar(chroma, depth)
	case chroma == chroma422 && depth == 10:
		return "yuva422p10le"
	case chroma == chroma422:
		return "yuva422p12le"
	case depth == 10:
		return "yuva444p10le"
	}
	return "yuva444p12le"
}
