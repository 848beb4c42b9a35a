package mpegts

import "encoding/binary"

// pes is the header of a packet of an elementary stream (ISO/IEC 13818-1, 2.4.3.6), and what follows it in the first packet
// of the transport stream.
type pes struct {
	pts, dts  int64 // in ticks of 90 kHz, of 33 bits; -1 where there is none
	extension byte  // stream_id_extension, 0 where there is none
	data      []byte
}

// wrap is where time stamps start again from 0.
const wrap = 1 << 33

// parsePES reads the header of a PES packet that begins with b.
func parsePES(b []byte) (h pes, ok bool) {
	const fixed = 9
	h = pes{pts: -1, dts: -1}
	if len(b) < 6 || b[0] != 0 || b[1] != 0 || b[2] != 1 {
		return h, false
	}
	if !hasOptionalHeader(b[3]) {
		h.data = b[6:]
		return h, true
	}
	if len(b) < fixed || b[6]>>6 != 2 {
		return h, false
	}
	end := fixed + int(b[8])
	if end > len(b) { // longer than a packet: there are no such in practice
		return h, false
	}
	h.data = b[end:]
	h.optional(b[7], b[fixed:end])
	return h, true
}

// hasOptionalHeader tells whether a stream_id is one of those whose packets have time stamps.
func hasOptionalHeader(id byte) bool {
	switch id {
	case 0xBC, 0xBE, 0xBF, 0xF0, 0xF1, 0xF2, 0xF8, 0xFF:
		return false
	}
	return true
}

// optional reads the time stamps and the extension of the stream_id.
func (h *pes) optional(flags byte, b []byte) {
	const (
		hasPTS       = 0x80
		hasDTS       = 0x40
		hasExtension = 0x01
	)
	if flags&hasPTS != 0 && len(b) >= 5 {
		h.pts = timestamp(b)
		h.dts = h.pts
		if flags&hasDTS != 0 && len(b) >= 10 {
			h.dts = timestamp(b[5:])
		}
	}
	if flags&hasExtension == 0 {
		return
	}
	at := present(flags, [8]int{5, 5, 6, 3, 1, 1, 2, 0})
	if at < len(b) {
		h.extension = streamIDExtension(b[at], b[at+1:])
	}
}

// present adds up the sizes of the fields whose flags are set, the highest bit first.
func present(flags byte, sizes [8]int) (total int) {
	for _, size := range sizes {
		if flags&0x80 != 0 {
			total += size
		}
		flags <<= 1
	}
	return total
}

// streamIDExtension reads the second part of the extension of a PES header, which Blu-ray tells streams of one PID apart by.
func streamIDExtension(flags byte, b []byte) byte {
	const hasPackHeader, hasSecondPart = 0x40, 0x01
	if flags&hasPackHeader != 0 || flags&hasSecondPart == 0 { // pack headers are of MPEG-1 program streams
		return 0
	}
	at := present(flags, [8]int{16, 0, 2, 2, 0, 0, 0, 0})
	if at+1 >= len(b) || b[at+1]&0x80 != 0 {
		return 0
	}
	return b[at+1]
}

// timestamp reads 33 bits that are spread over five bytes.
func timestamp(b []byte) int64 {
	return int64(b[0]>>1&7)<<30 | int64(binary.BigEndian.Uint16(b[1:])>>1)<<15 | int64(binary.BigEndian.Uint16(b[3:])>>1)
}
