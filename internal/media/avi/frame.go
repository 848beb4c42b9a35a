package avi

import (
	"fmt"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// Limits on the search for first frames.
const (
	maxFrames    = 256       // chunks that are looked at, of all streams together
	maxFrameTry  = 4         // frames of one stream that are asked
	maxFrameSize = 256 << 10 // bytes of a frame that its codec gets to see
)

// firstFrames reads the first frames of the streams that want it.
func (r *reader) firstFrames() error {
	wanting := 0
	for i := range r.streams {
		if r.streams[i].wants {
			wanting++
		}
	}
	end := min(r.movi.to, r.src.Size())
	r.chunks = 0
	for at := r.movi.from; wanting > 0 && r.chunks < maxFrames && at+chunkHeader <= end; {
		c, err := r.chunk(at)
		if err != nil {
			return fmt.Errorf("look for the first frames: %w", err)
		}
		if at = c.next(); string(c.name[:]) == "LIST" { // "rec ", a few frames that are read at once
			at = c.from + 4
			continue
		}
		c.to = min(c.to, end)
		done, err := r.frame(c)
		if err != nil {
			return fmt.Errorf("read a first frame: %w", err)
		}
		wanting -= done
	}
	return nil
}

// frame reads one chunk of movi, and returns how many streams want no further one: one or none.
func (r *reader) frame(c chunk) (done int, err error) {
	index, ok := streamOf(c.name)
	if !ok || index >= len(r.streams) || c.to <= c.from || !r.streams[index].wants {
		return 0, nil
	}
	b, err := r.bytes(c, maxFrameSize)
	if err != nil {
		return 0, err
	}
	t, s := &r.media.Tracks[index], &r.streams[index]
	s.tried++
	var problem error
	if read := codec.Frame(t.Codec); read != nil {
		problem = read(t, b)
	}
	if s.interleaved && problem == nil {
		r.camera(codec.DVSound(b))
		t = &r.media.Tracks[index]
	}
	if told := t.PixelFormat != "" || t.ChannelLayout != ""; !told && s.tried < maxFrameTry {
		return 0, nil
	}
	s.wants = false
	r.doubt(t, problem)
	return 1, nil
}

// camera adds the sound of a DV camera, which is hidden between its pictures.
func (r *reader) camera(sound []library.Track) {
	for _, t := range sound {
		t.Index = len(r.media.Tracks)
		r.media.Tracks = append(r.media.Tracks, t)
	}
}

// streamOf reads the number of the stream in the name of a chunk such as "01wb". Changes of a palette are no frames.
func streamOf(name [4]byte) (index int, ok bool) {
	tens, ones := name[0]-'0', name[1]-'0'
	if tens > 9 || ones > 9 || string(name[2:]) == "pc" {
		return 0, false
	}
	return int(tens)*10 + int(ones), true
}
