package mpegts

import (
	"bytes"
	"fmt"

	"vpo/internal/library"
)

const (
	packetSize = 188
	syncByte   = 0x47
	maxPID     = 1 << 13
	pidPAT     = 0
	pidNull    = maxPID - 1
)

// framing is how the packets lie in the file.
type framing struct {
	size   int // bytes from one packet to the next
	offset int // bytes before the first packet; of a Blu-ray stream, the time stamp counts as before it
}

// The distances of packets, the commonest first.
var packetDistances = [...]int{packetSize, 192, 204}

const (
	wantSyncs = 5    // sync bytes in a row that make a transport stream
	maxOffset = 4096 // bytes before the first packet: a recording may begin in the middle of one, or behind something else
)

// Is tells whether a file begins like a transport stream.
func Is(head []byte) bool {
	_, syncs := findPackets(head, packetDistances[len(packetDistances)-1])
	return syncs >= wantSyncs
}

// findPackets finds how packets lie in data, within the first limit bytes, and how many sync bytes in a row say so, at most
// wantSyncs.
func findPackets(data []byte, limit int) (best framing, most int) {
	for offset := range min(limit, len(data)) {
		if data[offset] != syncByte {
			continue
		}
		for _, size := range packetDistances {
			syncs := countSyncs(data, offset, size)
			if syncs > most {
				best, most = framing{size: size, offset: offset}, syncs
			}
		}
		if most == wantSyncs {
			break
		}
	}
	return best, most
}

func countSyncs(data []byte, at, size int) int {
	n := 0
	for ; n < wantSyncs && at < len(data) && data[at] == syncByte; n++ {
		at += size
	}
	return n
}

// detect finds out how the packets lie.
func (r *reader) detect() error {
	head, err := r.src.Available(0, maxOffset+wantSyncs*packetDistances[len(packetDistances)-1])
	if err != nil {
		return fmt.Errorf("look for packets: %w", err)
	}
	found, syncs := findPackets(head, maxOffset)
	switch {
	case syncs == wantSyncs:
		r.framing = found
		return nil
	case syncs > 0 && found.offset+syncs*found.size+found.size > len(head) || len(head) < packetSize:
		return fmt.Errorf("%w: it ends at %d, after %d packets", library.ErrIncomplete, r.src.Size(), syncs)
	}
	return fmt.Errorf("%w: it does not begin like a transport stream", library.ErrMalformed)
}

// packet is one packet of a transport stream (ISO/IEC 13818-1, 2.4.3.2).
type packet struct {
	pid     int
	starts  bool   // a PES packet or a section begins in it
	payload []byte // in the clear; valid as long as the bytes of the source are
}

// packets reads n bytes of the file and gives the packets that begin in them to take, in order. It returns the offset of the
// first packet that is not complete in them, where reading is to go on.
func (r *reader) packets(offset int64, n int, take func(packet)) (next int64, err error) {
	data, err := r.src.Available(offset, n)
	if err != nil {
		return 0, err
	}
	at := 0
	for at+packetSize <= len(data) {
		if data[at] != syncByte {
			skipped := r.resync(data[at:])
			r.lost += skipped
			at += skipped
			continue
		}
		if p, ok := parsePacket(data[at : at+packetSize : at+packetSize]); ok {
			take(p)
		}
		at += r.framing.size
	}
	return offset + int64(at), nil
}

// resync returns how many bytes lie before the next packet. It is at least one.
func (r *reader) resync(data []byte) int {
	for at := 1; at < len(data); at++ {
		found := bytes.IndexByte(data[at:], syncByte)
		if found < 0 {
			break
		}
		at += found
		if next := at + r.framing.size; next >= len(data) || data[next] == syncByte {
			return at
		}
	}
	return len(data)
}

// parsePacket reads the header of a packet. What is damaged, encrypted, empty or stuffing is not ok.
func parsePacket(b []byte) (p packet, ok bool) {
	const (
		transportError = 0x80
		unitStart      = 0x40
		scrambled      = 0xC0
		hasAdaptation  = 0x20
		hasPayload     = 0x10
	)
	p.pid = int(b[1])<<8&0x1F00 | int(b[2])
	if b[1]&transportError != 0 || b[3]&scrambled != 0 || b[3]&hasPayload == 0 || p.pid == pidNull {
		return p, false
	}
	at := 4
	if b[3]&hasAdaptation != 0 {
		at += 1 + int(b[4])
	}
	if at >= len(b) {
		return p, false
	}
	p.starts, p.payload = b[1]&unitStart != 0, b[at:]
	return p, true
}
