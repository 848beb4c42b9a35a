package isobmff

// rawFormat gives the pixel format of codecs that have one only, or one for each depth.
func rawFormat(codec, entry string, depth int) string {
	switch codec {
	case "h263", "flv1", "dvvideo":
		if codec == "dvvideo" && entry != "dvc " && entry != "dvcp" {
			return ""
		}
		return "yuv420p"
	case "v210":
		return "yuv422p10le"
	case "v410":
		return "yuv444p10le"
	case "svq1":
		return "yuv410p"
	case "svq3":
		return "yuvj420p"
	case "cinepak":
		if depth == 24 || depth == 32 {
			return "rgb24"
		}
	case "rpza":
		return "rgb555le"
	case "qtrle":
		return depthFormat(depth)
	case "rawvideo":
		if entry == "raw " {
			return depthFormat(depth)
		}
		return packedFormat(entry)
	case "r210", "r10k":
		return "gbrp10le"
	}
	return ""
}

// depthFormat gives the pixel format of QuickTime's own pictures by their depth in bits.
func depthFormat(depth int) string {
	switch depth {
	case 16:
		return "rgb555be"
	case 24:
		return "rgb24"
	case 32:
		return "argb"
	}
	return ""
}

// packedFormat gives the pixel format of pictures that are not compressed.
func packedFormat(entry string) string {
	switch entry {
	case "2vuy":
		return "uyvy422"
	case "yuvs", "yuv2":
		return "yuyv422"
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
