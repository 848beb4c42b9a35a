package logging

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// jsonEncoder renders one JSON object a line. The journal takes the priority before it away again, and keeps the object
// alone.
type jsonEncoder struct {
	journal bool
}

func (e jsonEncoder) begin(line []byte, r slog.Record, logger string) []byte {
	if e.journal {
		line = append(line, priority(r.Level)...)
	}
	line = append(line, '{')
	if !r.Time.IsZero() {
		line = append(line, `"timestamp":"`...)
		line = r.Time.UTC().AppendFormat(line, timeLayout)
		line = append(line, `",`...)
	}
	line = append(line, `"level":"`...)
	line = append(line, levelName(r.Level)...)
	line = append(line, `","logger":`...)
	line = appendJSONString(line, logger)
	line = append(line, `,"message":`...)
	return appendJSONString(line, r.Message)
}

func (jsonEncoder) field(line []byte, groups []string, key string, value slog.Value) []byte {
	return appendJSON(appendKey(line, groups, key), value)
}

func (jsonEncoder) openGroup(line []byte, groups []string, name string) []byte {
	return append(appendKey(line, groups, name), '{')
}

func (jsonEncoder) closeGroups(line []byte, n int) []byte {
	for range n {
		line = append(line, '}')
	}
	return line
}

func (jsonEncoder) end(line []byte) []byte { return append(line, "}\n"...) }

// appendKey appends a member's name, behind a comma unless it is the first of its object.
func appendKey(line []byte, groups []string, key string) []byte {
	if len(line) == 0 || line[len(line)-1] != '{' {
		line = append(line, ',')
	}
	if len(groups) == 0 && reserved(key) {
		key += "_"
	}
	return append(appendJSONString(line, key), ':')
}

// reserved tells whether a key is one that every line starts with.
func reserved(key string) bool {
	switch key {
	case "timestamp", "level", "logger", "message":
		return true
	}
	return false
}

func appendJSON(line []byte, v slog.Value) []byte {
	switch v.Kind() {
	case slog.KindString:
		return appendJSONString(line, v.String())
	case slog.KindInt64:
		return strconv.AppendInt(line, v.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(line, v.Uint64(), 10)
	case slog.KindFloat64:
		return appendJSONFloat(line, v.Float64())
	case slog.KindBool:
		return strconv.AppendBool(line, v.Bool())
	case slog.KindDuration:
		return appendJSONFloat(line, v.Duration().Seconds())
	case slog.KindTime:
		return appendJSONString(line, v.Time().UTC().Format(time.RFC3339Nano))
	default:
		return appendJSONAny(line, v.Any())
	}
}

// appendJSONFloat appends a number, or its name in quotes where JSON has no number for it.
func appendJSONFloat(line []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return appendJSONString(line, strconv.FormatFloat(f, 'g', -1, 64))
	}
	return strconv.AppendFloat(line, f, 'g', -1, 64)
}

// appendJSONAny appends an error as its text and anything else as encoding/json has it.
func appendJSONAny(line []byte, v any) []byte {
	if _, ok := v.(json.Marshaler); !ok {
		if err, ok := v.(error); ok {
			return appendJSONString(line, anyText(err))
		}
	}
	encoded, err := marshal(v)
	if err != nil {
		return appendJSONString(line, "!ERROR: "+err.Error())
	}
	return append(line, encoded...)
}

// marshal encodes v on one line, and turns a panic of one of its methods into an error.
func marshal(v any) (encoded []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// appendJSONString appends s in quotes, with invalid UTF-8 replaced by U+FFFD (RFC 8259, section 7).
func appendJSONString(line []byte, s string) []byte {
	line = append(line, '"')
	done := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if plain(r, size) {
			i += size
			continue
		}
		line = append(line, s[done:i]...)
		line = appendEscape(line, r)
		i += size
		done = i
	}
	line = append(line, s[done:]...)
	return append(line, '"')
}

// plain tells whether a rune stands for itself in a JSON string. U+0085, U+2028 and U+2029 do not: some readers take them
// for the end of a line.
func plain(r rune, size int) bool {
	switch r {
	case '"', '\\', 0x7f, 0x85, 0x2028, 0x2029:
		return false
	case utf8.RuneError:
		return size > 1
	}
	return r >= ' '
}

func appendEscape(line []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(line, '\\', byte(r))
	case '\n':
		return append(line, `\n`...)
	case '\r':
		return append(line, `\r`...)
	case '\t':
		return append(line, `\t`...)
	default:
		return fmt.Appendf(line, `\u%04x`, r)
	}
}
