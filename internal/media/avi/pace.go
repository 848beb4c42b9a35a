package avi

import (
	"fmt"

	"vpo/internal/library"
)

// Limits on the look at the first frames for their pace.
const (
	pacedChunks = 256     // chunks of all streams together that are not empty
	pacedEmpty  = 1 << 15 // empty ones, of which some programs write thousands between two frames
	pacedBytes  = 4 << 20 // bytes of the file
	pacedFrames = 3       // distances of frames that have to be the same
	maxPaced    = 4       // streams; pictures come first
)

// pace counts the units that a stream lets pass from one frame to the next.
type pace struct {
	begun    bool   // there was a frame
	units    uint32 // since then
	distance uint32 // of the first two frames
	same     int    // distances that were this one
	uneven   bool   // one was another
}

// paces finds the streams that have fewer frames than units. Programs that copy a stream which counts fields, as H.264 and
// MPEG-4 do, write an empty chunk beside every frame; the rate of a film is that of its frames.
func (r *reader) paces() error {
	var paces [maxPaced]pace
	end := min(r.movi.to, r.src.Size(), r.movi.from+pacedBytes)
	streams := min(len(r.streams), len(paces))
	open := 0 // streams of pictures whose pace is to be found
	for i := range streams {
		if r.media.Tracks[i].Type == library.TrackVideo {
			open++
		}
	}
	looked, empty := 0, 0
	for at := r.movi.from; open > 0 && looked < pacedChunks && empty < pacedEmpty && at+chunkHeader <= end; {
		r.chunks = 0 // they are counted here
		c, err := r.chunk(at)
		if err != nil {
			return fmt.Errorf("look for the pace of the frames: %w", err)
		}
		index, ok := streamOf(c.name)
		if ok && c.to <= c.from {
			empty++
		} else {
			looked++
		}
		if at = c.next(); string(c.name[:]) == "LIST" {
			at = c.from + 4
		} else if ok && index < streams && paces[index].step(c.to > c.from) &&
			r.media.Tracks[index].Type == library.TrackVideo {
			open--
		}
	}
	for i := range streams {
		r.streams[i].pace = paces[i].steady()
	}
	return nil
}

// step counts one chunk of a stream, and returns true once it settles the pace: most often the second frame, which follows
// the first at once.
func (p *pace) step(frame bool) bool {
	if p.settled() {
		return false
	}
	if p.units++; !frame {
		return false
	}
	switch {
	case !p.begun:
		p.begun = true
	case p.distance == 0:
		p.distance, p.same = p.units, 1
	case p.distance == p.units:
		p.same++
	default:
		p.uneven = true
	}
	p.units = 0
	return p.settled()
}

func (p *pace) settled() bool { return p.uneven || p.distance == 1 || p.same >= pacedFrames }

// steady is the distance of all frames, and 1 where they have no common one.
func (p *pace) steady() uint32 {
	if p.uneven || !p.settled() {
		return 1
	}
	return p.distance
}
