package codec

import (
	"bytes"
	"encoding/binary"

	"vpo/internal/library"
)

// Vorbis reads the identification header (Vorbis I, 4.2.2), alone or, as in Matroska's CodecPrivate, as the first of
// three laced packets.
func Vorbis(t *library.Track, header []byte) error {
	const what, laced, size = "Vorbis identification header", 2, 30
	if len(header) > 0 && header[0] == laced {
		header = unlaced(header)
	}
	if len(header) < size || !bytes.HasPrefix(header, []byte("\x01vorbis")) {
		return malformed("no %s", what)
	}
	rate := binary.LittleEndian.Uint32(header[12:])
	s := sound{codec: "vorbis", channels: int(header[11]), rate: int(min(rate, 1<<30))}
	s.layout = named(vorbisLayouts[:], s.channels)
	if err := s.check(what); err != nil {
		return err
	}
	s.fill(t)
	return nil
}

// unlaced takes the first packet behind a count of packets and the sizes of all but the last, each a sum of bytes that
// ends with one below 255.
func unlaced(data []byte) []byte {
	at, first := 1, -1
	for sizes := int(data[0]); sizes > 0; sizes-- {
		size := 0
		for {
			if at >= len(data) {
				return nil
			}
			part := int(data[at])
			at++
			if size += part; part != 255 {
				break
			}
		}
		if first < 0 {
			first = size
		}
	}
	if first < 0 || first > len(data)-at {
		return nil
	}
	return data[at : at+first]
}

// vorbisLayouts are the layouts of Vorbis and Opus by number of channels (Vorbis I, 4.3.9; RFC 7845, 5.1.1.2).
var vorbisLayouts = [...]string{1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
