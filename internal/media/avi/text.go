package avi

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits on what is kept of a file's own texts; they are those of all containers.
const (
	maxTagValue = 4096 // characters; a longer one drops the tag
	maxTitle    = 4096 // characters; a longer one is cut
)

// info reads one text of the list INFO.
func (r *reader) info(c chunk) error {
	key := tagKey(string(c.name[:]))
	if key == "" {
		return nil
	}
	value, err := r.text(c)
	if err == nil && len([]rune(value)) <= maxTagValue {
		r.tag(key, value)
	}
	return err
}

// tagKey gives the key that ffmpeg keeps a text of INFO under, or nothing where the name of its chunk is not one.
func tagKey(name string) string {
	switch name {
	case "IART":
		return "artist"
	case "ICMT":
		return "comment"
	case "ICOP":
		return "copyright"
	case "ICRD":
		return "date"
	case "IGNR":
		return "genre"
	case "ILNG":
		return "language"
	case "INAM":
		return "title"
	case "IPRD":
		return "product"
	case "IPRT", "ITRK":
		return "track"
	case "ISBJ":
		return "subject"
	case "ISFT":
		return "software"
	case "ISMP":
		return "timecode"
	case "ITCH":
		return "encoded_by"
	}
	if strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c > '~' }) || name == "JUNK" {
		return ""
	}
	return strings.ToLower(name)
}

func (r *reader) tag(key, value string) {
	if r.media.Tags == nil {
		r.media.Tags = make(map[string]string)
	}
	r.media.Tags[key] = value
}

// text reads a text, which ends with its chunk or with a zero. One that is too long to be a text is empty.
func (r *reader) text(c chunk) (string, error) {
	if c.to-c.from > maxText {
		return "", nil
	}
	b, err := r.bytes(c, maxText)
	if err != nil {
		return "", fmt.Errorf("read a text: %w", err)
	}
	b, _, _ = bytes.Cut(b, []byte{0})
	if !utf8.Valid(b) {
		b = []byte(string([]rune(string(b)))) // what is no UTF-8 becomes U+FFFD, byte by byte
	}
	return string(b), nil
}

// recorded reads IDIT, the time of the recording, which cameras write in the form of C or with slashes.
func (r *reader) recorded(c chunk) error {
	text, err := r.text(c)
	if err != nil {
		return err
	}
	if date, err := time.Parse(time.ANSIC, strings.Join(strings.Fields(text), " ")); err == nil {
		r.tag("creation_time", date.Format(time.DateTime))
	} else if len(text) > 7 && len(text) < 64 && text[4] == '/' && text[7] == '/' {
		r.tag("creation_time", text[:4]+"-"+text[5:7]+"-"+text[8:])
	}
	return nil
}

// cut returns the first limit characters of text.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit])
	}
	return text
}
