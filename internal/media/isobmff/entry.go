package isobmff

import (
	"fmt"

	"vpo/internal/library"
)

// maxEntry is how much of a sample entry is read, in bytes. What is longer holds a colour profile, which is not asked for.
const maxEntry = 64 << 10

// descriptions reads stsd (ISO/IEC 14496-12, 8.5.2). Where a track has several descriptions, the first one counts.
func (r *reader) descriptions(s *stream, b box) error {
	data, err := r.leaf(b, maxEntry)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	version := c.u8()
	c.take(3)
	count := c.u32()
	size, kind := c.u32(), c.take(4)
	switch {
	case c.short && len(data) >= 8 && count == 0:
		return nil // a fragment's header may describe nothing
	case c.short || size < 16 || int64(size) > b.end-b.body-8:
		return fmt.Errorf("%w: the sample description at %d makes no sense", library.ErrMalformed, b.start)
	}
	s.entry = [4]byte(kind)
	body := c.data[:min(len(c.data), int(size)-8)]
	r.describe(s, version, cursor{data: body})
	return nil
}

// describe reads a sample entry. The kind of the track is its handler's, unless the name of the entry says otherwise.
func (r *reader) describe(s *stream, version int, c cursor) {
	c.take(8) // reserved, where the data are
	s.identify(string(s.entry[:]))
	switch s.Type {
	case library.TrackVideo:
		s.picture(c)
	case library.TrackAudio:
		quickTime := r.oldSound || r.quickTime
		s.sound(c, version, quickTime)
	case library.TrackSubtitle:
		s.subtitle(c)
	}
}

// identify tells kind and codec by the name of a sample entry, as ffprobe does: the handler decides between picture and
// sound, the name between all others.
func (s *stream) identify(name string) {
	handler := string(s.handler[:])
	sound := soundCodec(name)
	switch {
	case handler != "vide" && sound != "":
		s.Type, s.Codec = library.TrackAudio, sound
		return
	case handler == "soun":
		s.Type = library.TrackAudio
		return
	case name == "mp4s":
		s.Type = library.TrackOther
		if handler == "subp" {
			s.Type, s.Codec = library.TrackSubtitle, "dvd_subtitle"
		}
		return
	}
	if picture := pictureCodec(name); picture != "" {
		s.Type, s.Codec = library.TrackVideo, picture
		return
	}
	text := textCodec(name)
	switch {
	case handler == "vide":
		s.Type = library.TrackVideo
	case text != "" || handler == "subp" || handler == "clcp":
		s.Type, s.Codec = library.TrackSubtitle, text
	default:
		s.Type, s.Codec = library.TrackOther, dataCodec(name)
	}
}

// subtitle reads what stands in the entry of a subtitle track.
func (s *stream) subtitle(c cursor) {
	switch string(s.entry[:]) {
	case "tx3g":
		// 3GPP TS 26.245, 5.16. The two highest bits are Apple's: some, or all of the texts are forced.
		const allForced = 1 << 31
		s.Forced = c.u32()&allForced != 0
	case "mp4s":
		for kind, body, ok := c.box(); ok; kind, body, ok = c.box() {
			if string(kind) == "esds" {
				s.elementary(body)
			}
		}
	}
}
