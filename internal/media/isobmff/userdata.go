package isobmff

import (
	"fmt"
	"strings"

	"vpo/internal/library"
)

// userData reads udta of the movie: QuickTime's own list of texts, chapters as Nero wrote them, and the box that holds
// what iTunes writes.
func (r *reader) userData(udta box) error {
	for boxes := r.inside(udta); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		switch string(b.kind[:]) {
		case "meta":
			err = r.meta(b)
		case "chpl":
			err = r.neroChapters(b)
		case "loci":
			err = r.location(b)
		default:
			err = r.userText(b)
		}
		if err != nil {
			return err
		}
	}
}

// userText reads a text of udta: its size, its language, and the characters (QuickTime File Format, "User Data Atoms").
// Some writers leave size and language out.
func (r *reader) userText(b box) error {
	key, form := tagKey(string(b.kind[:]))
	if key == "" || b.end-b.body > maxText {
		return nil
	}
	data, err := r.leaf(b, maxText)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	size, code := c.u16(), c.u16()
	switch {
	case form == rawText || len(data) <= 4 || size > len(data):
		if form != number {
			r.tag(key, plainText(data))
		}
		return nil
	case form != freeText:
		return nil
	}
	text := c.take(min(size, len(c.data)))
	value := plainText(text)
	if code < 0x400 || code == 0x7fff {
		value = macText(text)
	}
	r.tag(key, value)
	if language := languageOf(code); language != "" && language != "und" {
		r.tag(key+"-"+language, value)
	}
	return nil
}

// location reads loci (3GPP TS 26.244, 8.10), and writes it as the text of ©xyz is written (ISO 6709).
func (r *reader) location(b box) error {
	data, err := r.leaf(b, maxText)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	c.take(4)
	code := languageOf(c.u16())
	place := untilZero(c.data)
	c.take(len(place) + 2) // and its zero, and the role
	fixed := func() float64 { return float64(int32(c.u32())) / (1 << 16) }
	longitude, latitude, altitude := fixed(), fixed(), fixed()
	if c.short {
		return nil
	}
	value := fmt.Sprintf("%+08.4f%+09.4f", latitude, longitude)
	if altitude != 0 {
		value += fmt.Sprintf("%+f", altitude)
	}
	value += "/" + strings.ToValidUTF8(string(place), "\uFFFD")
	if code != "" && code != "und" {
		r.tag("location-"+code, value)
	}
	r.tag("location", value)
	return nil
}

// trackUserData reads udta of a track: its title, and what it is for.
func (r *reader) trackUserData(s *stream, udta box) error {
	for boxes := r.inside(udta); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		switch string(b.kind[:]) {
		case "name", "kind", "tagc", "\xa9nam":
		default:
			continue
		}
		data, err := r.leaf(b, maxText)
		if err != nil {
			return err
		}
		s.userDatum(b, data)
	}
}

func (s *stream) userDatum(b box, data []byte) {
	switch string(b.kind[:]) {
	case "name":
		if title := cut(plainText(data)); title != "" {
			s.Title = title
		}
	case "\xa9nam":
		if c := (cursor{data: data}); s.Title == "" && len(data) > 4 {
			size := c.u16()
			c.u16() // language
			s.Title = cut(plainText(c.take(min(size, len(c.data)))))
		}
	case "kind":
		if len(data) > 4 {
			scheme := untilZero(data[4:])
			s.role(string(scheme), string(untilZero(data[min(len(data), 4+len(scheme)+1):])))
		}
	case "tagc":
		s.characteristic(string(untilZero(data)))
	}
}

// role reads a kind box (ISO/IEC 14496-12, 8.10.4) with a role of DASH (ISO/IEC 23009-1, 5.8.5.5).
func (s *stream) role(scheme, value string) {
	if scheme != "urn:mpeg:dash:role:2011" {
		return
	}
	switch value {
	case "caption":
		s.HearingImpaired = true
	case "commentary":
		s.Commentary = true
	case "forced-subtitle", "forced_subtitle":
		s.Forced = true
	}
}

// characteristic reads one of Apple's tags for media characteristics.
func (s *stream) characteristic(tag string) {
	switch tag {
	case "public.accessibility.transcribes-spoken-dialog", "public.accessibility.describes-music-and-sound":
		s.HearingImpaired = true
	case "public.subtitles.forced-only":
		s.Forced = true
	}
}

// keyed gives the name of an item of mdta meta data by its number, from 1.
func (r *reader) keyed(number uint32) string {
	if number == 0 || number > uint32(len(r.movie.keys)) {
		return ""
	}
	return r.movie.keys[number-1]
}

// maxKeys is how many names of items are kept.
const maxKeys = 1000

// keys reads the names of the items of mdta meta data (QuickTime File Format, "Metadata Item Keys Atom").
func (r *reader) keys(b box) error {
	data, err := r.leaf(b, maxEntry)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	c.take(4)
	count := c.u32()
	for range min(count, maxKeys) {
		size := c.u32()
		c.take(4) // the name space
		name := c.take(int(min(max(size, boxHeader), maxEntry)) - boxHeader)
		if c.short || size < boxHeader {
			return fmt.Errorf("%w: the names of the meta data at %d make no sense", library.ErrMalformed, b.start)
		}
		r.movie.keys = append(r.movie.keys, plainText(name))
	}
	return nil
}
