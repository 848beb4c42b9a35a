package mpegts

import (
	"encoding/binary"

	"vpo/internal/library"
	"vpo/internal/media/language"
)

// Limits on what is believed of one file.
const (
	maxPrograms = 64 // one bit each in stream.programs
	maxStreams  = 256
)

// program is one entry of the program association table.
type program struct {
	section section
	version byte // of its map
	mapped  bool // its map has been read
}

// association reads a program association table (ISO/IEC 13818-1, 2.4.4.3).
func (r *reader) association(table []byte) {
	const header, entry, tableID = 8, 4, 0
	if table[0] != tableID {
		return
	}
	for b := table[header:]; len(b) >= entry && len(r.programs) < maxPrograms; b = b[entry:] {
		number, pid := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])&(maxPID-1)
		if number == 0 || pid == pidPAT || r.pids[pid] != forNobody { // 0 is the network information table
			continue
		}
		r.pids[pid] = forProgram | uint16(len(r.programs))
		r.programs = append(r.programs, program{})
	}
}

// programMap reads the map of a program (2.4.4.8). A later version of it may bring further streams.
func (r *reader) programMap(index int, table []byte) {
	const header, tableID = 12, 2
	p := &r.programs[index]
	if len(table) < header || table[0] != tableID || p.mapped && p.version == table[5] {
		return
	}
	if !p.mapped {
		r.maps++
	}
	p.mapped, p.version = true, table[5]
	info, b := cutLength(table[10:])
	registration := programRegistration(info)
	const entry = 5
	for len(b) >= entry {
		kind, pid := b[0], binary.BigEndian.Uint16(b[1:])&(maxPID-1)
		var descriptors []byte
		descriptors, b = cutLength(b[3:])
		r.addStream(uint64(1)<<index, elementaryKind{kind, registration}, pid, descriptors)
	}
}

// cutLength cuts off what follows a length of twelve bits, as far as it is there.
func cutLength(b []byte) (content, rest []byte) {
	length := int(binary.BigEndian.Uint16(b)) & 0x0FFF
	b = b[2:]
	length = min(length, len(b))
	return b[:length], b[length:]
}

// addStream adds a stream of a program, or the program to a stream that is there already.
func (r *reader) addStream(program uint64, kind elementaryKind, pid uint16, descriptors []byte) {
	if what := r.pids[pid]; what != forNobody || pid == pidPAT || pid == pidNull || len(r.streams) >= maxStreams {
		if what&^indexMask == forStream {
			r.streams[what&indexMask].programs |= program
		}
		return
	}
	s := stream{programs: program, track: library.Track{Index: len(r.streams), Language: language.Undetermined}}
	s.name(kind)
	s.describe(kind, descriptors)
	s.wants = speaking(s.track.Codec)
	r.pids[pid] = forStream | uint16(len(r.streams))
	r.streams = append(r.streams, s)
	if kind.blurayTrueHD() { // the same stream carries AC-3 for players that know no TrueHD
		core := stream{programs: program, core: true, wants: true}
		core.track = library.Track{Index: len(r.streams), Language: language.Undetermined}
		core.setCodec("ac3")
		r.streams = append(r.streams, core)
	}
}
