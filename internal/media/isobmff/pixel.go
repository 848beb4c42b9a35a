package isobmff

import "vpo/internal/media/codec"

// rawFormat gives the pixel format of codecs that have one only, or one for each depth.
func rawFormat(name, entry string, depth int) string {
	switch name {
	case "cinepak":
		if depth == 24 || depth == 32 {
			return "rgb24"
		}
	case "qtrle":
		return depthFormat(depth)
	case "rawvideo":
		if entry == "raw " {
			return depthFormat(depth)
		}
		return codec.RawFormat(entry)
	}
	return codec.OnlyFormat(name)
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
