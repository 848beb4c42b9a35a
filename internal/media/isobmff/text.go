package isobmff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"vpo/internal/library"
)

// Limits on what is kept of a file's own texts, as the catalogue has them.
const (
	maxTagKey   = 255  // characters; a longer one drops the tag
	maxTagValue = 4096 // characters; a longer one drops the tag
	maxTitle    = 4096 // characters; a longer one is cut
	maxText     = 4*maxTagValue + 32
)

// tag notes a tag of the file. A later one replaces an earlier one.
func (r *reader) tag(key, value string) {
	if utf8.RuneCountInString(key) > maxTagKey || utf8.RuneCountInString(value) > maxTagValue {
		return
	}
	if r.media.Tags == nil {
		r.media.Tags = make(map[string]string, 8)
	}
	if len(r.media.Tags) < maxTags {
		r.media.Tags[strings.ToLower(key)] = value
	}
}

// plainText gives text that should be UTF-8, up to its first zero.
func plainText(data []byte) string {
	return strings.ToValidUTF8(string(untilZero(data)), "\uFFFD")
}

func untilZero(data []byte) []byte {
	text, _, _ := bytes.Cut(data, []byte{0})
	return text
}

// macText gives text in the character set of the Macintosh (Mac OS Roman), up to its first zero.
func macText(data []byte) string {
	data = untilZero(data)
	if !bytes.ContainsFunc(data, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return string(data)
	}
	var text strings.Builder
	for _, c := range data {
		if c < utf8.RuneSelf {
			text.WriteByte(c)
			continue
		}
		text.WriteRune(macRoman[c-utf8.RuneSelf])
	}
	return text.String()
}

// macRoman are the upper 128 characters of Mac OS Roman.
var macRoman = [128]rune([]rune("ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø" +
	"¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ"))

// markedText gives text that may begin with the mark of UTF-16, and is UTF-8 else.
func markedText(data []byte) string {
	if len(data) < 2 {
		return plainText(data)
	}
	var order binary.ByteOrder = binary.BigEndian
	switch binary.BigEndian.Uint16(data) {
	case 0xfeff:
	case 0xfffe:
		order = binary.LittleEndian
	default:
		return plainText(data)
	}
	units := make([]uint16, 0, len(data)/2)
	for data = data[2:]; len(data) >= 2; data = data[2:] {
		unit := order.Uint16(data)
		if unit == 0 {
			break
		}
		units = append(units, unit)
	}
	return string(utf16.Decode(units))
}

// cut gives the first characters of a title.
func cut(text string) string {
	if len(text) <= maxTitle {
		return text
	}
	if runes := []rune(text); len(runes) > maxTitle {
		return string(runes[:maxTitle])
	}
	return text
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func contains(list, brand string) bool { return strings.Contains(list, brand) }

func allZero(data []byte) bool {
	return len(data) > 0 && !bytes.ContainsFunc(data, func(r rune) bool { return r != 0 })
}

func isMalformed(err error) bool { return errors.Is(err, library.ErrMalformed) }
