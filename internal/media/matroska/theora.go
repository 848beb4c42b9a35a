package matroska

import (
	"bytes"
	"fmt"

	"vpo/internal/library"
)

// theora reads the identification header of Theora, the first of the three packets in CodecPrivate (Theora Specification,
// 6.2).
func theora(t *library.Track, private []byte) error {
	h, err := firstLaced(private)
	if err != nil {
		return err
	}
	if len(h) < 42 || !bytes.HasPrefix(h, []byte("\x80theora")) {
		return fmt.Errorf("%w: no Theora header", library.ErrMalformed)
	}
	t.Width, t.Height = int(h[14])<<16|int(h[15])<<8|int(h[16]), int(h[17])<<16|int(h[18])<<8|int(h[19])
	t.BitDepth = 8
	switch h[41] >> 3 & 3 {
	case 0:
		t.PixelFormat = "yuv420p"
	case 2:
		t.PixelFormat = "yuv422p"
	case 3:
		t.PixelFormat = "yuv444p"
	}
	return nil
}
