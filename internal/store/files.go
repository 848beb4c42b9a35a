package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"vpo/internal/library"
)

// Known gives what the library remembers of every file below root, by path, missing ones included. root is the path of
// a folder.
func (db *DB) Known(ctx context.Context, root string) (map[string]library.Known, error) {
	prefix := strings.TrimRight(root, "/")
	// All that starts with "root/": '0' follows '/' in the order of bytes, which is the order of the index on path.
	rows, err := db.reader().QueryContext(ctx, `SELECT path, id, size_bytes, modified_at,
		coalesce(content_hash, ''), scan_status, coalesce(scan_error, '') FROM files WHERE path >= ? AND path < ?`, prefix+"/", prefix+"0")
	if err != nil {
		return nil, fmt.Errorf("read known files: %w", explain(db.path, err))
	}
	known, err := collectKnown(rows)
	if err != nil {
		return nil, fmt.Errorf("read known files: %w", explain(db.path, err))
	}
	return known, nil
}

func collectKnown(rows *sql.Rows) (map[string]library.Known, error) {
	defer rows.Close()
	known := make(map[string]library.Known)
	for rows.Next() {
		var path string
		var k library.Known
		err := rows.Scan(&path, &k.ID, &k.SizeBytes, &k.ModifiedAt, &k.ContentHash, &k.Status, &k.Error)
		if err != nil {
			return nil, err
		}
		known[path] = k
	}
	return known, rows.Err()
}

// Save stores files in one transaction: all of them, or none. A file is found again by its path, and a track by its
// file and index; both keep their rows, so what other programs hang on those survives. Tracks are stored with status
// ok alone, where those that the file no longer has are deleted: of a file that could not be read, the tracks that are
// known stay. Columns of other programs, job_id and plugin_metadata among them, are left as they are.
func (db *DB) Save(ctx context.Context, files []library.File) error {
	if len(files) == 0 {
		return nil
	}
	return db.write(ctx, "save files", func(tx *sql.Tx) error {
		s, err := newSaver(ctx, tx)
		if err != nil {
			return err
		}
		for i := range files {
			if err := s.save(ctx, &files[i]); err != nil {
				return fmt.Errorf("%s: %w", files[i].Path, err)
			}
		}
		return nil
	})
}

const upsertFile = `INSERT INTO files (path, filename, directory, extension, size_bytes, modified_at, content_hash,
	container_format, scanned_at, scan_status, scan_error, container_tags)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (path) DO UPDATE SET filename = excluded.filename, directory = excluded.directory,
	extension = excluded.extension, size_bytes = excluded.size_bytes, modified_at = excluded.modified_at,
	content_hash = excluded.content_hash, container_format = excluded.container_format,
	scanned_at = excluded.scanned_at, scan_status = excluded.scan_status, scan_error = excluded.scan_error,
	container_tags = excluded.container_tags
	RETURNING id`

const deleteSurplus = `DELETE FROM tracks WHERE file_id = ? AND track_index NOT IN (SELECT value FROM json_each(?))`

// tracksAtOnce bounds the rows of one statement, and so the number of statements that are prepared.
const tracksAtOnce = 16

// saver holds the prepared statements of one transaction, which closes them.
type saver struct {
	tx      *sql.Tx
	file    *sql.Stmt
	surplus *sql.Stmt
	tracks  [tracksAtOnce + 1]*sql.Stmt // by the number of rows
}

func newSaver(ctx context.Context, tx *sql.Tx) (s *saver, err error) {
	s = &saver{tx: tx}
	if s.file, err = tx.PrepareContext(ctx, upsertFile); err != nil {
		return nil, err
	}
	s.surplus, err = tx.PrepareContext(ctx, deleteSurplus)
	return s, err
}

func (s *saver) save(ctx context.Context, f *library.File) error {
	tags, err := encodeTags(f.ContainerTags)
	if err != nil {
		return err
	}
	var id int64
	err = s.file.QueryRowContext(ctx, f.Path, clean(f.Filename), clean(f.Directory), clean(f.Extension), f.SizeBytes,
		f.ModifiedAt, text(f.ContentHash), text(f.ContainerFormat), f.ScannedAt, string(f.Status), text(f.Error),
		tags).Scan(&id)
	if err != nil || f.Status != library.StatusOK {
		return err
	}
	return s.saveTracks(ctx, id, f.Tracks)
}

func (s *saver) saveTracks(ctx context.Context, file int64, tracks []library.Track) error {
	indices := make([]int, len(tracks))
	for i := range tracks {
		indices[i] = tracks[i].Index
	}
	keep, err := json.Marshal(indices)
	if err != nil {
		return err
	}
	if _, err := s.surplus.ExecContext(ctx, file, string(keep)); err != nil {
		return err
	}
	for len(tracks) > 0 {
		n := min(len(tracks), tracksAtOnce)
		if err := s.upsertTracks(ctx, file, tracks[:n]); err != nil {
			return err
		}
		tracks = tracks[n:]
	}
	return nil
}

func (s *saver) upsertTracks(ctx context.Context, file int64, tracks []library.Track) (err error) {
	stmt := s.tracks[len(tracks)]
	if stmt == nil {
		if stmt, err = s.tx.PrepareContext(ctx, upsertTracks(len(tracks))); err != nil {
			return err
		}
		s.tracks[len(tracks)] = stmt
	}
	args := make([]any, 0, len(tracks)*len(trackColumns))
	for i := range tracks {
		args = appendTrack(args, file, &tracks[i])
	}
	_, err = stmt.ExecContext(ctx, args...)
	return err
}

var trackColumns = []string{"file_id", "track_index", "track_type", "codec", "language", "title", "is_default",
	"is_forced", "channels", "channel_layout", "width", "height", "frame_rate", "color_transfer", "color_primaries",
	"color_space", "color_range", "duration_seconds"}

// upsertTracks is the statement for n tracks.
func upsertTracks(n int) string {
	row := "(?" + strings.Repeat(", ?", len(trackColumns)-1) + ")"
	updates := make([]string, 0, len(trackColumns))
	for _, column := range trackColumns[2:] {
		updates = append(updates, column+" = excluded."+column)
	}
	return "INSERT INTO tracks (" + strings.Join(trackColumns, ", ") + ") VALUES " +
		row + strings.Repeat(", "+row, n-1) +
		" ON CONFLICT (file_id, track_index) DO UPDATE SET " + strings.Join(updates, ", ")
}

// appendTrack appends the values of trackColumns.
func appendTrack(args []any, file int64, t *library.Track) []any {
	return append(args, file, t.Index, string(t.Type), text(t.Codec), text(t.Language), text(t.Title), t.Default,
		t.Forced, number(t.Channels), text(t.ChannelLayout), number(t.Width), number(t.Height), text(t.FrameRate),
		text(t.ColorTransfer), text(t.ColorPrimaries), text(t.ColorSpace), text(t.ColorRange),
		number(t.DurationSeconds))
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

// MarkMissing gives files the status missing, and tells how many did not have it.
func (db *DB) MarkMissing(ctx context.Context, ids []int64) (int, error) {
	return db.mark(ctx, "mark files missing", `UPDATE files SET scan_status = 'missing'
		WHERE id IN (SELECT value FROM json_each(?)) AND scan_status <> 'missing'`, ids)
}

// MarkPresent gives missing files back the status that they had, as far as that can be told, and tells how many it was.
// It is for files that are there again and have not changed.
func (db *DB) MarkPresent(ctx context.Context, ids []int64) (int, error) {
	return db.mark(ctx, "mark files present", `UPDATE files SET scan_status = CASE
		WHEN scan_error IS NOT NULL THEN 'error' WHEN content_hash IS NULL THEN 'pending' ELSE 'ok' END
		WHERE id IN (SELECT value FROM json_each(?)) AND scan_status = 'missing'`, ids)
}

func (db *DB) mark(ctx context.Context, op, query string, ids []int64) (int, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	var changed int64
	err = db.write(ctx, op, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, query, string(list))
		if err != nil {
			return err
		}
		changed, err = result.RowsAffected()
		return err
	})
	return int(changed), err
}
