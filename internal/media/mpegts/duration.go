package mpegts

import (
	"vpo/internal/library"
)

// How the end of a file is read: as much as ffprobe reads, so that both see the same time stamps.
const (
	ending      = 250_000 // bytes
	endingTries = 3       // of which each begins twice as far before the end
)

// end reads the end of the file for the last time stamps, and what is before it where a picture or a sound has none there.
func (r *reader) end() error {
	size := r.src.Size()
	stop := size
	for try := range endingTries {
		from := max(size-ending<<try, 0)
		if err := r.timestamps(from, min(stop, from+ending)); err != nil {
			return err
		}
		if stop = from; from == 0 || r.timed() {
			break
		}
	}
	return nil
}

// timed tells whether all pictures and sounds have a duration that may have one.
func (r *reader) timed() bool {
	for i := range r.streams {
		if s := &r.streams[i]; s.timed() && s.started && s.ticks == 0 {
			return false
		}
	}
	return true
}

// timestamps reads the time stamps between two offsets.
func (r *reader) timestamps(from, to int64) error {
	for from < to {
		next, err := r.packets(from, int(min(to-from, piece)), r.last)
		if err != nil {
			return err
		}
		if next <= from {
			break
		}
		from = next
	}
	return nil
}

// last takes one packet of the end.
func (r *reader) last(p packet) {
	what := r.pids[p.pid]
	if !p.starts || what&^indexMask != forStream {
		return
	}
	h, ok := parsePES(p.payload)
	if !ok || h.pts < 0 {
		return
	}
	s := &r.streams[what&indexMask]
	if index := int(what&indexMask) + 1; h.extension == coreAudio && index < len(r.streams) && r.streams[index].core {
		s = &r.streams[index]
	}
	s.ends(h.pts)
}

// ends notes that a frame of the stream begins at a time stamp. Of time stamps that are far from the one before, as where
// recordings were joined, the first counts.
func (s *stream) ends(pts int64) {
	if !s.started {
		return
	}
	const near = 60 * clock
	ticks := (pts-s.start)&(wrap-1) + s.frame()
	if ticks > wrap/2 { // before the start
		return
	}
	if s.ticks == 0 || s.lastTicks <= 0 || s.ticks < ticks && abs(ticks-s.lastTicks) < near {
		s.ticks = ticks
	}
	s.lastTicks = ticks
}

func abs(n int64) int64 { return max(n, -n) }

// frame is how long one frame of the stream lasts, in ticks, 0 where that is unknown.
func (s *stream) frame() int64 {
	t := &s.track
	if t.Type == library.TrackVideo {
		if n, d := split(t.FrameRate); n > 0 {
			return clock * d / n
		}
		return 0
	}
	if t.SampleRate == 0 {
		return 0
	}
	return int64(samples(t)) * clock / int64(t.SampleRate)
}

// samples is how many samples a frame of sound has, 0 where that varies: then the last frame does not count, as with ffprobe.
func samples(t *library.Track) int {
	switch t.Codec {
	case "aac", "aac_latm":
		if t.Profile == "HE-AAC" || t.Profile == "HE-AACv2" {
			return 2048
		}
		return 1024
	case "ac3":
		return 1536
	case "mp1":
		return 384
	case "mp2":
		return 1152
	case "mp3":
		if t.SampleRate <= 24000 {
			return 576
		}
		return 1152
	case "truehd":
		return t.SampleRate / 1200
	case "pcm_bluray":
		return t.SampleRate / 200
	}
	return 0
}

// durations sets how long the streams and the file last. The file lasts from the first time stamp to the last; of several
// programs, the longest counts.
func (r *reader) durations() {
	longest := int64(0)
	for index := range max(len(r.programs), 1) {
		mask := uint64(1) << index
		if len(r.programs) == 1 {
			mask = ^uint64(0)
		}
		longest = max(longest, r.span(mask))
	}
	r.media.DurationSeconds = float64(longest) / clock
	for i := range r.streams {
		s := &r.streams[i]
		s.track.DurationSeconds = float64(s.ticks) / clock
		if s.ticks == 0 {
			s.track.DurationSeconds = r.media.DurationSeconds
		}
	}
}

// span is how long the programs in mask last, in ticks: from the first to the last time stamp of their pictures and sounds.
// Subtitles and data that reach beyond these by less than a second count too.
func (r *reader) span(mask uint64) int64 {
	var media, text extent
	longest, reference, known := int64(0), int64(0), false
	for i := range r.streams {
		s := &r.streams[i]
		if s.programs&mask == 0 || !s.started {
			continue
		}
		if !known {
			known, reference = true, s.start
		}
		longest = max(longest, s.ticks)
		if start := signed(s.start - reference); s.timed() {
			media.add(start, s.ticks)
		} else {
			text.add(start, s.ticks)
		}
	}
	if before := media.first - text.first; text.used && (!media.used || before > 0 && before < clock) {
		media.first = text.first
	}
	if behind := text.last - media.last; text.used && (!media.used || behind > 0 && behind < clock) {
		media.last = text.last
	}
	return max(longest, media.last-media.first)
}

// extent is from when to when several streams last, in ticks.
type extent struct {
	used        bool
	first, last int64
}

func (e *extent) add(start, ticks int64) {
	if !e.used {
		e.used, e.first, e.last = true, start, start+ticks
	}
	e.first, e.last = min(e.first, start), max(e.last, start+ticks)
}

// signed is a difference of time stamps, which may wrap around in between.
func signed(difference int64) int64 {
	difference &= wrap - 1
	if difference > wrap/2 {
		difference -= wrap
	}
	return difference
}
