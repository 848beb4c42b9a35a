package codec

import "vpo/internal/library"

// primaries, transfers and matrices are ffmpeg's names of the code points of ITU-T H.273, tables 2 to 4. What is empty is
// unspecified or reserved.
var (
	primaries = [...]string{
		1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020",
		10: "smpte428", 11: "smpte431", 12: "smpte432", 22: "ebu3213",
	}
	transfers = [...]string{
		1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100",
		10: "log316", 11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12",
		16: "smpte2084", 17: "smpte428", 18: "arib-std-b67",
	}
	matrices = [...]string{
		0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc",
		10: "bt2020c", 11: "smpte2085", 12: "chroma-derived-nc", 13: "chroma-derived-c", 14: "ictcp",
	}
)

// Primaries names a code point of ColourPrimaries (ITU-T H.273, 8.1) as ffmpeg does. Unspecified and reserved ones have
// the name "".
func Primaries(code int) string { return named(primaries[:], code) }

// Transfer names a code point of TransferCharacteristics (ITU-T H.273, 8.2) as ffmpeg does.
func Transfer(code int) string { return named(transfers[:], code) }

// Matrix names a code point of MatrixCoefficients (ITU-T H.273, 8.3) as ffmpeg does.
func Matrix(code int) string { return named(matrices[:], code) }

// Range names the range of sample values as ffmpeg does: "pc" where all of them are used, else "tv".
func Range(full bool) string {
	if full {
		return "pc"
	}
	return "tv"
}

func named(names []string, code int) string {
	if code < 0 || code >= len(names) {
		return ""
	}
	return names[code]
}

// colours is what a stream states of its colours. Unspecified code points are 2.
type colours struct {
	primaries, transfer, matrix int
	ranged                      bool // the range is stated
	full                        bool
}

// unspecifiedColours is what holds where a stream states nothing.
var unspecifiedColours = colours{primaries: 2, transfer: 2, matrix: 2}

// describe reads the three code points that follow one another in most headers.
func (c *colours) describe(b *bitReader) {
	c.primaries, c.transfer, c.matrix = b.number(8), b.number(8), b.number(8)
}

// fill sets the colours of a track as far as they are specified.
func (c *colours) fill(t *library.Track) {
	setText(&t.ColorPrimaries, Primaries(c.primaries))
	setText(&t.ColorTransfer, Transfer(c.transfer))
	setText(&t.ColorSpace, Matrix(c.matrix))
	if c.ranged {
		t.ColorRange = Range(c.full)
	}
}

// Chroma formats, numbered as chroma_format_idc (ITU-T H.264, table 6-1).
const (
	chromaNone = iota
	chroma420
	chroma422
	chroma444
)

// planar is ffmpeg's name of a planar pixel format with so many bits a component; "" where ffmpeg has none.
func planar(chroma, depth int) string {
	if chroma < 0 || chroma >= len(planarFormats) {
		return ""
	}
	return named(planarFormats[chroma][:], depth)
}

// planarRGB is the same for pictures of red, green and blue.
func planarRGB(depth int) string { return named(rgbFormats[:], depth) }

var planarFormats = [...][17]string{
	chromaNone: {8: "gray", 9: "gray9le", 10: "gray10le", 12: "gray12le", 14: "gray14le", 16: "gray16le"},
	chroma420: {
		8: "yuv420p", 9: "yuv420p9le", 10: "yuv420p10le", 12: "yuv420p12le", 14: "yuv420p14le", 16: "yuv420p16le",
	},
	chroma422: {
		8: "yuv422p", 9: "yuv422p9le", 10: "yuv422p10le", 12: "yuv422p12le", 14: "yuv422p14le", 16: "yuv422p16le",
	},
	chroma444: {
		8: "yuv444p", 9: "yuv444p9le", 10: "yuv444p10le", 12: "yuv444p12le", 14: "yuv444p14le", 16: "yuv444p16le",
	},
}

var rgbFormats = [...]string{
	8: "gbrp", 9: "gbrp9le", 10: "gbrp10le", 12: "gbrp12le", 14: "gbrp14le", 16: "gbrp16le",
}

// fullRangeFormats are ffmpeg's pixel formats of their own for full range, which it keeps for some codecs.
var fullRangeFormats = [...]string{chroma420: "yuvj420p", chroma422: "yuvj422p", chroma444: "yuvj444p"}
