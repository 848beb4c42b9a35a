package mpegts

import (
	"vpo/internal/library"
)

// stream is one elementary stream, and what has been learned of it so far.
type stream struct {
	track    library.Track
	programs uint64 // one bit for each program that it belongs to
	core     bool   // the AC-3 that shares its packets with the TrueHD before it
	inCore   bool   // the PES packet at hand belongs to the core behind this stream

	wants   bool   // its codec has not told everything yet
	filling bool   // the PES packet at hand is being collected
	data    []byte // of it, the beginning

	started bool  // the first time stamp has been seen
	start   int64 // it
	lastDTS int64
	steps   [maxSteps]int32 // from one frame to the next, in ticks
	counted int             // of them

	ticks     int64 // that it lasts; 0 unknown
	lastTicks int64 // that it would have lasted to the time stamp before
}

const (
	maxUnit   = 8 << 10 // bytes of a PES packet that its codec gets to see: headers stand at the front
	maxSteps  = 16
	someSteps = 6 // that are enough where reading on would be for them alone
)

// coreAudio is the stream_id_extension of the AC-3 in TrueHD streams (Blu-ray).
const coreAudio = 0x76

// timed tells whether the stream lasts from the beginning of the file to its end. Subtitles come and go, and a core need not
// be there.
func (s *stream) timed() bool {
	return !s.core && (s.track.Type == library.TrackVideo || s.track.Type == library.TrackAudio)
}

// awaited tells whether more of the beginning of the file, of which so many bytes have been read, is to tell of the stream.
func (s *stream) awaited(read int64) bool {
	if read >= enough {
		return s.wants && !s.core && s.track.Codec != unnamed
	}
	rateUnknown := s.track.Type == library.TrackVideo && s.counted < someSteps
	return s.wants || s.timed() && (!s.started || rateUnknown)
}

// elementary takes a packet of a stream.
func (r *reader) elementary(index int, p packet) {
	s := &r.streams[index]
	if p.starts {
		s = r.opened(index, p)
	} else if s.inCore {
		s = &r.streams[index+1]
	}
	if s == nil || !s.filling {
		return
	}
	if !p.starts {
		s.data = append(s.data, p.payload[:min(len(p.payload), maxUnit-len(s.data))]...)
	}
	if len(s.data) == maxUnit {
		s.ask()
	}
}

// opened takes the first packet of a PES packet, and returns the stream that it belongs to, nil where it is damaged.
func (r *reader) opened(index int, p packet) *stream {
	s := &r.streams[index]
	h, ok := parsePES(p.payload)
	if s.inCore = ok && h.extension == coreAudio && index+1 < len(r.streams) && r.streams[index+1].core; s.inCore {
		s = &r.streams[index+1]
	}
	s.ask()
	if !ok {
		return nil
	}
	s.stamp(h)
	if s.filling = s.wants; s.filling {
		if s.data == nil {
			s.data = make([]byte, 0, maxUnit)
		}
		s.data = append(s.data[:0], h.data...)
	}
	return s
}

// stamp notes the time stamps of a PES packet.
func (s *stream) stamp(h pes) {
	if h.pts < 0 {
		return
	}
	if !s.started {
		s.started, s.start, s.lastDTS = true, h.pts, h.dts
		return
	}
	const longest = 90_000 // a second
	step := (h.dts - s.lastDTS) & (wrap - 1)
	if s.counted < maxSteps && step > 0 && step < longest {
		s.steps[s.counted] = int32(step)
		s.counted++
	}
	s.lastDTS = h.dts
}

// ask shows the codec what has been collected of a PES packet.
func (s *stream) ask() {
	if s.filling && s.wants && len(s.data) > 0 {
		s.wants = !s.tell(s.data)
	}
	s.filling = false
}
