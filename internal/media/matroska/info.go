package matroska

import (
	"math"
	"time"
)

const defaultScale = 1_000_000 // nanoseconds of a tick, where the segment does not tell

// infoTags are what ffprobe tells of the segment's information as tags of the container.
type infoTags struct {
	title, encoder, created          string
	hasTitle, hasEncoder, hasCreated bool
}

// epoch is the beginning of Matroska's time (RFC 8794, 7.6).
var epoch = time.Date(2001, time.January, 1, 0, 0, 0, 0, time.UTC)

// readInfo reads the information on the segment (RFC 9559, 5.1.2).
func (r *reader) readInfo(w walker) error {
	ticks := 0.0
	for w.next() {
		switch w.id {
		case idTimestampScale:
			if scale := w.uint(); scale > 0 && scale <= math.MaxInt32 {
				r.scale = scale
			}
		case idDuration:
			ticks = w.float()
		case idTitle:
			r.info.title, r.info.hasTitle = w.text(maxText), true
		case idMuxingApp:
			r.info.encoder, r.info.hasEncoder = w.text(maxText), true
		case idDateUTC:
			r.info.created, r.info.hasCreated = created(int64(w.uint())), true
		}
	}
	r.media.DurationSeconds = seconds(ticks * float64(r.scale))
	return w.err
}

// seconds makes seconds of nanoseconds, to the microsecond below as ffprobe does. What cannot be a duration is 0.
func seconds(nanoseconds float64) float64 {
	s := math.Trunc(nanoseconds/1000) / 1e6
	if !(s > 0 && s <= math.MaxInt32) {
		return 0
	}
	return s
}

// created writes a time, in nanoseconds since the epoch, as ffprobe does.
func created(nanoseconds int64) string {
	return epoch.Add(time.Duration(nanoseconds)).Format("2006-01-02T15:04:05.000000Z")
}
