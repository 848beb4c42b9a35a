package store

import (
	"encoding/json"
	"strings"

	"vpo/internal/library"
)

const (
	fileColumns = `path, filename, directory, extension, size_bytes, modified_at, content_hash, container_format,
		scanned_at, scan_status, scan_error, container_tags`
	fileColumnCount = 12

	trackColumns = `file_id, track_index, track_type, codec, language, title, is_default, is_forced, channels,
		channel_layout, width, height, frame_rate, color_transfer, color_primaries, color_space, color_range,
		duration_seconds`
	trackColumnCount = 18
)

// appendFile appends the values of fileColumns.
func appendFile(args []any, f *library.File) ([]any, error) {
	tags, err := encodeTags(f.Tags)
	if err != nil {
		return nil, err
	}
	return append(args, f.Path, clean(f.Filename), clean(f.Directory), clean(f.Extension), f.SizeBytes, f.ModifiedAt,
		text(f.ContentHash), text(f.ContainerFormat), f.ScannedAt, string(f.Status), text(f.Error), tags), nil
}

// appendTrack appends the values of trackColumns.
func appendTrack(args []any, file int64, t *library.Track) []any {
	return append(args, file, t.Index, string(t.Type), text(t.Codec), text(t.Language), text(t.Title), t.Default,
		t.Forced, number(t.Channels), text(t.ChannelLayout), number(t.Width), number(t.Height), text(t.FrameRate),
		text(t.ColorTransfer), text(t.ColorPrimaries), text(t.ColorSpace), text(t.ColorRange),
		number(t.DurationSeconds))
}

// insertTracks is the statement for n new tracks.
func insertTracks(n int) string {
	return "INSERT INTO tracks (" + trackColumns + ") VALUES " + rows(n, trackColumnCount)
}

// updateTrack follows insertTracks where a track may be there already.
var updateTrack = func() string {
	var b strings.Builder
	b.WriteString(" ON CONFLICT (file_id, track_index) DO UPDATE SET ")
	for i, column := range strings.Split(trackColumns, ",")[2:] {
		column = strings.TrimSpace(column)
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(column + " = excluded." + column)
	}
	return b.String()
}()

// row is "(?, ?, ?)" for n values.
func row(n int) string { return "(?" + strings.Repeat(", ?", n-1) + ")" }

// rows is n of them.
func rows(n, values int) string {
	one := row(values)
	return one + strings.Repeat(", "+one, n-1)
}

// encodeTags gives a JSON object with lower-case keys, or nil where there are no tags.
func encodeTags(tags map[string]string) (any, error) {
	if len(tags) == 0 {
		return nil, nil
	}
	lower := make(map[string]string, len(tags))
	for key, value := range tags {
		key = strings.ToLower(clean(key))
		// Of keys that differ in case alone the greater value stays: any will do, and it is the same one each time.
		lower[key] = max(lower[key], clean(value))
	}
	encoded, err := json.Marshal(lower)
	return string(encoded), err
}

// clean makes a string fit for a TEXT column: valid UTF-8, and no NUL, at which C programs would end it.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// text is the value of a TEXT column, NULL where it is unknown.
func text(s string) any {
	if s = clean(s); s == "" {
		return nil
	}
	return s
}

// number is the value of a numeric column, NULL where it is unknown.
func number[T int | float64](n T) any {
	if n == 0 {
		return nil
	}
	return n
}
