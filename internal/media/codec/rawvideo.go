package codec

// OnlyFormat is the pixel format of a codec that has one alone; "" for all others.
func OnlyFormat(name string) string {
	switch name {
	case "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "wmv3", "flv1", "h261", "h263", "h263i",
		"vp3", "vp5", "vp6", "vp6f", "mimic", "rv10", "rv20", "rv30", "rv40":
		return "yuv420p"
	case "indeo2", "indeo3", "indeo4", "indeo5", "svq1":
		return "yuv410p"
	case "svq3":
		return "yuvj420p"
	case "v210":
		return "yuv422p10le"
	case "v410":
		return "yuv444p10le"
	case "r210", "r10k":
		return "gbrp10le"
	case "rpza":
		return "rgb555le"
	}
	return ""
}

// RawFormat is the pixel format of pictures that are not compressed, by their four-character code; "" where it is a rare one.
func RawFormat(fourCC string) string {
	switch fourCC {
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
	return rawRGB(fourCC)
}

// rawRGB names those formats of QuickTime that are no YUV.
func rawRGB(fourCC string) string {
	switch fourCC {
	case "BGRA":
		return "bgra"
	case "RGBA":
		return "rgba"
	case "ABGR":
		return "abgr"
	case "24BG":
		return "bgr24"
	case "b16g":
		return "gray16be"
	case "b48r":
		return "rgb48be"
	case "b64a":
		return "rgba64be"
	}
	return ""
}
