package codec

import (
	"bytes"
	"encoding/binary"

	"vpo/internal/library"
)

// GIF reads the logical screen descriptor of a GIF picture (GIF89a, 18).
func GIF(t *library.Track, data []byte) error {
	if len(data) < 10 || !bytes.HasPrefix(data, []byte("GIF8")) {
		return malformed("no GIF picture")
	}
	t.Width, t.Height = int(binary.LittleEndian.Uint16(data[6:])), int(binary.LittleEndian.Uint16(data[8:]))
	t.PixelFormat, t.BitDepth = "bgra", 8
	return nil
}
