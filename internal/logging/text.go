package logging

import (
	"encoding"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// timeLayout is RFC 3339 with milliseconds. Times are in UTC, so that the offset is always "Z".
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// textEncoder renders "time level logger message key=value ...".
type textEncoder struct {
	journal bool
}

func (e textEncoder) begin(line []byte, r slog.Record, logger string) []byte {
	switch {
	case e.journal:
		line = append(line, priority(r.Level)...)
	case !r.Time.IsZero():
		line = r.Time.UTC().AppendFormat(line, timeLayout)
		line = append(line, ' ')
	}
	line = append(line, levelName(r.Level)...)
	line = append(line, ' ')
	line = appendPrintable(line, logger)
	line = append(line, ' ')
	return appendPrintable(line, r.Message)
}

func (textEncoder) field(line []byte, groups []string, key string, value slog.Value) []byte {
	line = append(line, ' ')
	for _, group := range groups {
		line = appendQuotedIfNeeded(line, group)
		line = append(line, '.')
	}
	line = appendQuotedIfNeeded(line, key)
	line = append(line, '=')
	return appendText(line, value)
}

func (textEncoder) openGroup(line []byte, _ []string, _ string) []byte { return line }

func (textEncoder) closeGroups(line []byte, _ int) []byte { return line }

func (textEncoder) end(line []byte) []byte { return append(line, '\n') }

// appendText appends a value, in quotes where it could be misread.
func appendText(line []byte, v slog.Value) []byte {
	switch v.Kind() {
	case slog.KindString:
		return appendQuotedIfNeeded(line, v.String())
	case slog.KindInt64:
		return strconv.AppendInt(line, v.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(line, v.Uint64(), 10)
	case slog.KindFloat64:
		return strconv.AppendFloat(line, v.Float64(), 'g', -1, 64)
	case slog.KindBool:
		return strconv.AppendBool(line, v.Bool())
	case slog.KindDuration:
		return append(line, readable(v.Duration()).String()...)
	case slog.KindTime:
		return v.Time().UTC().AppendFormat(line, timeLayout)
	default:
		return appendQuotedIfNeeded(line, anyText(v.Any()))
	}
}

// readable rounds a duration to what is of interest to a reader.
func readable(d time.Duration) time.Duration {
	switch size := d.Abs(); {
	case size >= time.Second:
		return d.Round(time.Millisecond)
	case size >= time.Millisecond:
		return d.Round(time.Microsecond)
	default:
		return d
	}
}

// anyText renders a value of any type. A panic in one of its methods is reported in its place: a log line must not end
// the program.
func anyText(v any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = panicText(v, r)
		}
	}()
	switch v := v.(type) {
	case error:
		return v.Error()
	case encoding.TextMarshaler:
		b, err := v.MarshalText()
		if err != nil {
			return "!ERROR: " + err.Error()
		}
		return string(b)
	case []byte:
		return string(v)
	default:
		return fmt.Sprintf("%+v", v)
	}
}

// panicText says "<nil>" for a method that was called on a nil pointer, as fmt does, and names any other panic.
func panicText(v any, panicked any) string {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
		return "<nil>"
	}
	return fmt.Sprintf("!PANIC: %v", panicked)
}

func appendQuotedIfNeeded(line []byte, s string) []byte {
	if needsQuotes(s) {
		return strconv.AppendQuote(line, s)
	}
	return append(line, s...)
}

func needsQuotes(s string) bool {
	for _, r := range s {
		if r <= ' ' || r == '"' || r == '=' || !printable(r) {
			return true
		}
	}
	return s == ""
}

// appendPrintable appends s as it is where all of it can be printed, and escaped otherwise. It is for text whose place in
// the line tells where it ends.
func appendPrintable(line []byte, s string) []byte {
	for _, r := range s {
		if !printable(r) {
			quoted := strconv.Quote(s)
			return append(line, quoted[1:len(quoted)-1]...)
		}
	}
	return append(line, s...)
}

// printable tells whether r can stand in a line of text. Invalid UTF-8, which ranging over a string turns into RuneError,
// cannot.
func printable(r rune) bool {
	return r < utf8.RuneSelf && r >= ' ' && r != 0x7f || r >= utf8.RuneSelf && r != utf8.RuneError && unicode.IsPrint(r)
}
