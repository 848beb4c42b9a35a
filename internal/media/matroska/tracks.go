package matroska

import (
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/codec"
	"vpo/internal/media/language"
)

// Types of tracks that have frames (RFC 9559, 5.1.4.1.3).
const (
	typeVideo    = 1
	typeAudio    = 2
	typeSubtitle = 17
	typeMetadata = 33
)

// entry is a TrackEntry as it stands in the file.
type entry struct {
	number, kind    uint64
	codecID         string
	name            string
	language, bcp47 string
	notDefault      bool
	forced, hearing bool
	commentary      bool
	defaultDuration uint64 // nanoseconds of a frame
	private         walker // stands on CodecPrivate; without a document where there is none
	dolbyVision     walker // the same of the configuration record
	video           video
	audio           audio
	encoding        encoding
}

// readTracks reads the descriptions of the tracks (RFC 9559, 5.1.4).
func (r *reader) readTracks(w walker) error {
	count := 0
	for counting := w; counting.next() && count < maxTracks; {
		if counting.id == idTrackEntry {
			count++
		}
	}
	r.media.Tracks = make([]library.Track, 0, count)
	r.tracks = make([]track, 0, count)
	for w.next() {
		if w.id != idTrackEntry {
			continue
		}
		var e entry
		if err := e.read(w.inside()); err != nil {
			return err
		}
		if len(r.tracks) >= maxTracks {
			r.warn("the container has more than %d tracks", maxTracks)
			break
		}
		if !e.playable() {
			r.warn("track %d (type %d, codec %q) is none that can be played, left out", e.number, e.kind, e.codecID)
			continue
		}
		if err := r.addTrack(&e); err != nil {
			return err
		}
	}
	return w.err
}

// read reads a TrackEntry (RFC 9559, 5.1.4.1).
func (e *entry) read(w walker) error {
	e.audio = audio{sampling: 8000, channels: 1}
	e.video = video{displayUnit: -1, colour: unspecified}
	for w.next() {
		switch w.id {
		case idTrackNumber:
			e.number = w.uint()
		case idTrackType:
			e.kind = w.uint()
		case idCodecID:
			e.codecID = w.text(maxKey)
		case idCodecPrivate:
			e.private = w
		case idName:
			e.name = w.text(maxText)
		case idLanguage:
			e.language = w.text(maxKey)
		case idLanguageBCP47:
			e.bcp47 = w.text(maxKey)
		case idDefaultDuration:
			e.defaultDuration = w.uint()
		default:
			e.readRest(&w)
		}
	}
	return w.err
}

// readRest reads the flags of a TrackEntry and the elements that have children.
func (e *entry) readRest(w *walker) {
	switch w.id {
	case idFlagDefault:
		e.notDefault = !w.flag()
	case idFlagForced:
		e.forced = w.flag()
	case idFlagHearing:
		e.hearing = w.flag()
	case idFlagCommentary:
		e.commentary = w.flag()
	case idVideo:
		w.err = e.video.read(w.inside())
	case idAudio:
		w.err = e.audio.read(w.inside())
	case idEncodings:
		w.err = e.encoding.read(w.inside())
	case idBlockAdditionMapping:
		w.err = e.readMapping(w.inside())
	}
}

// Types of block additions that carry a Dolby Vision configuration record in their mapping.
const (
	typeDVCC = 'd'<<24 | 'v'<<16 | 'c'<<8 | 'C' // profiles up to 7
	typeDVVC = 'd'<<24 | 'v'<<16 | 'v'<<8 | 'C' // profiles 8 to 10
)

// readMapping finds the Dolby Vision configuration (RFC 9559, 5.1.4.1.17).
func (e *entry) readMapping(w walker) error {
	kind, record := uint64(0), walker{}
	for w.next() {
		switch w.id {
		case idBlockAddIDType:
			kind = w.uint()
		case idBlockAddIDExtraData:
			record = w
		}
	}
	if kind == typeDVCC || kind == typeDVVC {
		e.dolbyVision = record
	}
	return w.err
}

// playable tells whether ffprobe would count the track: it has a type that has frames, and a codec of that type.
func (e *entry) playable() bool {
	if e.codecID == "" {
		return false
	}
	switch e.kind {
	case typeVideo:
		return e.codecID[0] == 'V'
	case typeAudio:
		return e.codecID[0] == 'A'
	case typeSubtitle, typeMetadata:
		return e.codecID[0] == 'S' || e.codecID[0] == 'D'
	default:
		return false
	}
}

// addTrack describes a track, as far as its entry can: first what the container tells, and then the codec, which leaves
// alone what the container knows better.
func (r *reader) addTrack(e *entry) error {
	r.media.Tracks = append(r.media.Tracks, library.Track{
		Index:           len(r.media.Tracks),
		Codec:           codecName(e.codecID),
		Title:           e.name,
		Default:         !e.notDefault,
		Forced:          e.forced,
		HearingImpaired: e.hearing,
		Commentary:      e.commentary,
	})
	r.tracks = append(r.tracks, track{number: e.number, encoding: e.encoding})
	t, own := &r.media.Tracks[len(r.media.Tracks)-1], &r.tracks[len(r.tracks)-1]
	e.speak(t)
	switch e.kind {
	case typeVideo:
		t.Type = library.TrackVideo
		e.video.describe(t)
		e.pace(t, own)
	case typeAudio:
		t.Type = library.TrackAudio
		e.audio.describe(t)
	case typeSubtitle:
		t.Type = library.TrackSubtitle
	default:
		t.Type = library.TrackOther
		if t.Codec == "webvtt" {
			t.Type = library.TrackSubtitle
		}
	}
	if err := r.readPrivate(e, t, own); err != nil {
		return err
	}
	if t.Type == library.TrackAudio {
		e.audio.correct(t)
	}
	return r.readDolbyVision(e, t)
}

// speak tells the language: that of BCP 47 where there is one (RFC 9559, 5.1.4.1.20), unless nobody knows it.
func (e *entry) speak(t *library.Track) {
	code := e.language
	if code == "" && e.bcp47 == "" {
		code = "eng" // what a file means that does not tell
	}
	t.Language = language.Bibliographic(code)
	if e.bcp47 == "" {
		t.LanguageTag = language.Tag(code)
		return
	}
	t.LanguageTag = language.Tag(e.bcp47)
	if code := language.Bibliographic(e.bcp47); code != language.Undetermined || strings.HasPrefix(e.bcp47, code) {
		t.Language = code
	}
}

// pace tells the frame rate, or that it is to be found behind the times of the frames.
func (e *entry) pace(t *library.Track, own *track) {
	if duration := e.frameDuration(); duration > 0 {
		t.FrameRate = rate(duration)
	}
	own.timed = t.FrameRate == ""
}

// frameDuration is how long a frame lasts, in nanoseconds; 0 where the entry does not tell.
func (e *entry) frameDuration() int64 {
	switch {
	case e.defaultDuration > 0 && e.defaultDuration < maxFrameDuration:
		return int64(e.defaultDuration)
	case e.video.frameRate > 1e-3 && e.video.frameRate < 1e6:
		return int64(1e9 / e.video.frameRate)
	default:
		return 0
	}
}

// readDolbyVision reads the Dolby Vision configuration.
func (r *reader) readDolbyVision(e *entry, t *library.Track) error {
	if e.dolbyVision.doc == nil {
		return nil
	}
	record := e.dolbyVision.data(64)
	if e.dolbyVision.err != nil {
		return e.dolbyVision.err
	}
	if err := codec.DolbyVision(t, record); err != nil {
		r.warn("track %d: Dolby Vision: %v", t.Index, err)
	}
	return nil
}
