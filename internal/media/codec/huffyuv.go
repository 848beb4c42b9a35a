package codec

import "vpo/internal/library"

// HuffYUV reads the extradata of HuffYUV and of ffmpeg's variant of it, whose second byte is the bits of a pixel. In the
// third version, of ffmpeg alone, the first bytes describe the planes instead. bits is biBitCount of the container, the
// lowest bits of which tell that there is no extradata to go by.
func HuffYUV(t *library.Track, extra []byte, bits int) error {
	switch {
	case bits&7 != 0 && bits != 12 || len(extra) < 4:
		bits &^= 7
	case extra[3] != 0:
		setText(&t.PixelFormat, huffyuvPlanes(extra))
		return nil
	case extra[1] != 0:
		bits = int(extra[1])
	}
	setText(&t.PixelFormat, huffyuvFormat(bits))
	return nil
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
	return subsampled(1<<across, 1<<down)
}
