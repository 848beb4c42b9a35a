package isobmff

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// meta reads a meta box (ISO/IEC 14496-12, 8.11.1; in QuickTime files it has no version): the names of its items, and the
// items, which iTunes names by four letters and mdta by numbers.
func (r *reader) meta(meta box) error {
	data, err := r.leaf(meta, longHeader)
	if err != nil {
		return err
	}
	boxes := r.inside(meta)
	switch {
	case len(data) >= 8 && string(data[4:8]) == "hdlr":
	case len(data) >= 12 && string(data[8:12]) == "hdlr":
		boxes.at += 4
	default:
		return nil
	}
	numbered := false
	for {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		switch string(b.kind[:]) {
		case "hdlr":
			if data, err = r.leaf(b, 12); err == nil {
				numbered = len(data) == 12 && string(data[8:]) == "mdta"
			}
		case "keys":
			if numbered && len(r.movie.keys) == 0 {
				err = r.keys(b)
			}
		case "ilst":
			err = r.items(b)
		}
		if err != nil {
			return err
		}
	}
}

// items reads ilst, the list of items.
func (r *reader) items(ilst box) error {
	for boxes := r.inside(ilst); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		if b.is("----") {
			err = r.customItem(b)
		} else {
			err = r.item(b)
		}
		if err != nil {
			return err
		}
	}
}

// item reads an item: boxes named "data", of which pictures may have several.
func (r *reader) item(item box) error {
	key, form := tagKey(string(item.kind[:]))
	if key == "" {
		key = r.keyed(binary.BigEndian.Uint32(item.kind[:]))
	}
	picture := item.is("covr") || key == "com.apple.quicktime.artwork"
	if key == "" && !picture {
		return nil
	}
	for boxes := r.inside(item); ; {
		b, ok, err := boxes.next()
		if err != nil || !ok {
			return err
		}
		if !b.is("data") || b.end-b.body < 8 {
			continue
		}
		switch {
		case picture:
			err = r.cover(b)
		case b.end-b.body <= maxText:
			err = r.value(key, form, b)
			ok = false // the others are translations
		}
		if err != nil || !ok {
			return err
		}
	}
}

// Types of a value (QuickTime File Format, "Well-known types").
const (
	unspecified  = 0
	utf8Text     = 1
	utf8Sort     = 4
	signed       = 21
	unsigned     = 22
	float32Value = 23
)

// value reads the value of an item, behind its type and language.
func (r *reader) value(key string, form form, b box) error {
	data, err := r.leaf(b, maxText)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	kind := c.u32()
	c.u32() // language
	switch {
	case form != freeText && form != rawText:
		if text := numeral(form, c); text != "" {
			r.tag(key, text)
		}
	case kind == signed || kind == unsigned || kind == float32Value:
		r.tag(key, measure(kind, c.data))
	case kind == unspecified:
		r.tag(key, macText(c.data))
	case kind == utf8Text || kind == utf8Sort:
		r.tag(key, plainText(c.data))
	}
	return nil
}

// numeral writes the number that some items are.
func numeral(form form, c cursor) string {
	switch form {
	case number:
		return decimal(int64(c.u8()))
	case paddedNumber:
		c.take(3)
		return decimal(int64(c.u8()))
	case genreNumber:
		c.u8()
		return genre(c.u8())
	case partOf:
		c.u16()
		part := int64(int16(c.u16()))
		total := int64(0)
		if len(c.data) >= 2 {
			total = int64(int16(c.u16()))
		}
		if total == 0 {
			return decimal(part)
		}
		return decimal(part) + "/" + decimal(total)
	}
	return ""
}

// measure writes a number with a type of its own. One of a size that is not expected is 0, as in ffprobe.
func measure(kind uint32, data []byte) string {
	c := cursor{data: data}
	if kind == float32Value {
		return strconv.FormatFloat(float64(math.Float32frombits(c.u32())), 'f', 6, 64)
	}
	var value uint32
	bits := 8 * len(data)
	switch len(data) {
	case 1:
		value = uint32(c.u8())
	case 2:
		value = uint32(c.u16())
	case 3:
		value = uint32(c.u24())
	case 4:
		value = c.u32()
	default:
		return "0"
	}
	if kind == signed {
		return decimal(int64(int32(value<<(32-bits)) >> (32 - bits)))
	}
	return decimal(int64(value))
}

// customItem reads an item that a program has named itself: a name space ("com.apple.iTunes"), a name and a value.
func (r *reader) customItem(item box) error {
	if item.end-item.body > maxText {
		return nil
	}
	data, err := r.leaf(item, maxText)
	if err != nil {
		return err
	}
	var name, value string
	given := 0
	c := cursor{data: data}
	for kind, body, ok := c.box(); ok; kind, body, ok = c.box() {
		part := cursor{data: body}
		part.take(4) // version, flags or type
		switch string(kind) {
		case "mean":
			given++
		case "name":
			given++
			name = plainText(part.data)
		case "data":
			given++
			part.take(4) // language
			value = plainText(part.data)
		}
	}
	if given == 3 && name != "" && !strings.EqualFold(name, "cdec") {
		r.tag(name, value)
	}
	return nil
}
