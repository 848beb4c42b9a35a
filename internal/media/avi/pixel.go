package avi

import "encoding/binary"

// pixelFormat names the pixel format of those codecs that have one alone, or whose tag or depth tells it.
func pixelFormat(name string, tag []byte, bits int) string {
	switch name {
	case "rawvideo":
		if binary.LittleEndian.Uint32(tag) < 4 {
			return rgbFormat(bits)
		}
		return rawFormat(string(tag))
	case "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "wmv3", "flv1", "h261", "h263", "h263i",
		"vp3", "vp5", "vp6", "vp6f", "mimic", "rv10", "rv20", "rv30", "rv40":
		return "yuv420p"
	case "indeo2", "indeo3", "indeo4", "indeo5":
		return "yuv410p"
	case "v210":
		return "yuv422p10le"
	case "huffyuv":
		return huffyuvFormat(bits &^ 7)
	case "cinepak", "msvideo1", "msrle", "tscc":
		return paletteFormat(name, bits)
	case "utvideo":
		return utFormat(string(tag))
	}
	return ""
}

// rgbFormat is the pixel format of pictures without a codec, by the bits of a pixel.
func rgbFormat(bits int) string {
	switch bits {
	case 1, 2, 4, 8:
		return "pal8"
	case 12:
		return "rgb444le"
	case 15, 16:
		return "rgb555le"
	case 24:
		return "bgr24"
	case 32:
		return "bgra"
	case 48:
		return "rgb48le"
	}
	return ""
}

// rawFormat is the pixel format of pictures without a codec, by their tag.
func rawFormat(tag string) string {
	switch tag {
	case "I420", "IYUV", "YV12", "yv12":
		return "yuv420p"
	case "YUY2", "YUYV", "YUNV", "V422", "yuv2", "yuvs":
		return "yuyv422"
	case "UYVY", "HDYC", "UYNV", "UYNY", "uyv1", "2Vu1", "2vuy", "Y422":
		return "uyvy422"
	case "YVYU":
		return "yvyu422"
	case "Y42B", "YV16", "422P":
		return "yuv422p"
	case "Y41B", "411P":
		return "yuv411p"
	case "YVU9", "YUV9":
		return "yuv410p"
	case "444P", "YV24":
		return "yuv444p"
	case "NV12":
		return "nv12"
	case "NV21":
		return "nv21"
	case "Y800", "Y8  ", "GREY":
		return "gray"
	}
	return ""
}

// paletteFormat is the pixel format of codecs from the time when screens had palettes.
func paletteFormat(name string, bits int) string {
	switch {
	case bits <= 8:
		return "pal8"
	case name == "cinepak":
		return "rgb24"
	case name == "msvideo1":
		return "rgb555le"
	case bits == 32:
		return "bgr0"
	}
	return rgbFormat(bits)
}

// utFormat is the pixel format of Ut Video, which the last letters of its tag tell.
func utFormat(tag string) string {
	switch tag[2:] {
	case "RG":
		return "gbrp"
	case "RA":
		return "gbrap"
	case "Y0", "H0":
		return "yuv420p"
	case "Y2", "H2":
		return "yuv422p"
	case "Y4", "H4":
		return "yuv444p"
	}
	return ""
}

// utColors tells which matrix the colours of Ut Video went through.
func utColors(tag string) string {
	switch tag[2] {
	case 'Y':
		return "bt470bg"
	case 'H':
		return "bt709"
	}
	return ""
}

// huffyuv names the pixel format of HuffYUV by the second byte of its extradata, which is the bits of a pixel. In the
// third version, of ffmpeg alone, the first bytes describe the planes instead.
func huffyuv(extra []byte, bits int) string {
	if bits&7 != 0 && bits != 12 || len(extra) < 4 {
		return huffyuvFormat(bits &^ 7)
	}
	if extra[3] != 0 {
		return huffyuvPlanes(extra)
	}
	if extra[1] != 0 {
		bits = int(extra[1])
	}
	return huffyuvFormat(bits)
}

func huffyuvFormat(bits int) string {
	switch bits {
	case 12:
		return "yuv420p"
	case 16:
		return "yuv422p"
	case 24:
		return "bgr0"
	case 32:
		return "bgra"
	}
	return ""
}

// huffyuvPlanes is the format of the third version where it is 8 bits of luma and chroma.
func huffyuvPlanes(extra []byte) string {
	depth, across, down := extra[1]>>4+1, extra[1]&3, extra[1]>>2&3
	const luma, chroma, alpha = 1, 2, 4
	if depth != 8 || extra[2]&(luma|alpha) != luma || extra[2]&(luma|chroma) == 0 {
		return ""
	}
	switch [2]byte{across, down} {
	case [2]byte{0, 0}:
		return "yuv444p"
	case [2]byte{1, 0}:
		return "yuv422p"
	case [2]byte{1, 1}:
		return "yuv420p"
	case [2]byte{2, 0}:
		return "yuv411p"
	case [2]byte{2, 2}:
		return "yuv410p"
	}
	return ""
}
