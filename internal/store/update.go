package store

import (
	"context"
	"encoding/json"

	"vpo/internal/library"
)

// update stores one file in its row, or in a new one where the row is gone.
func (s *saver) update(f *library.File) error {
	id, err := s.upsertFile(f)
	if err != nil {
		return err
	}
	if f.Status == library.StatusOK {
		if err := s.replaceTracks(id, f.Tracks); err != nil {
			return err
		}
	}
	details, err := encodeDetails(f)
	if err != nil {
		return err
	}
	s.args = append(s.args, id, int64(f.Stamp.Device), int64(f.Stamp.Inode), f.Stamp.ChangedAt, details)
	return s.exec(`INSERT INTO vpod_files (file_id, device, inode, changed_at, details) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (file_id) DO UPDATE SET device = excluded.device, inode = excluded.inode,
		changed_at = excluded.changed_at, details = coalesce(excluded.details, details)`)
}

const upsertFile = `INSERT INTO files (` + fileColumns + `)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (path) DO UPDATE SET filename = excluded.filename, directory = excluded.directory,
	extension = excluded.extension, size_bytes = excluded.size_bytes, modified_at = excluded.modified_at,
	content_hash = excluded.content_hash, container_format = excluded.container_format,
	scanned_at = excluded.scanned_at, scan_status = excluded.scan_status, scan_error = excluded.scan_error,
	container_tags = excluded.container_tags
	RETURNING id`

func (s *saver) upsertFile(f *library.File) (id int64, err error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	ctx := context.WithoutCancel(s.ctx)
	stmt, err := s.tx.PrepareContext(ctx, upsertFile)
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	if s.args, err = appendFile(s.args, f); err != nil {
		return 0, err
	}
	err = stmt.QueryRowContext(ctx, s.args...).Scan(&id)
	s.args = s.args[:0]
	s.next = 0 // it may have been a new row
	return id, err
}

// replaceTracks makes the tracks of a file those that are given, and keeps the rows of those that stay.
func (s *saver) replaceTracks(file int64, tracks []library.Track) error {
	indices := make([]int, len(tracks))
	for i := range tracks {
		indices[i] = tracks[i].Index
	}
	keep, err := json.Marshal(indices)
	if err != nil {
		return err
	}
	s.args = append(s.args, file, string(keep))
	err = s.exec(`DELETE FROM tracks WHERE file_id = ? AND track_index NOT IN (SELECT value FROM json_each(?))`)
	if err != nil {
		return err
	}
	for len(tracks) > 0 {
		n := min(len(tracks), tracksAtOnce)
		for i := range tracks[:n] {
			s.args = appendTrack(s.args, file, &tracks[i])
		}
		if err := s.exec(insertTracks(n) + updateTrack); err != nil {
			return err
		}
		tracks = tracks[n:]
	}
	return nil
}

// saveStamps notes what the file system tells of files that have not changed otherwise.
func (s *saver) saveStamps(stamps map[int64]library.Stamp) error {
	for id, stamp := range stamps {
		s.args = append(s.args, id, int64(stamp.Device), int64(stamp.Inode), stamp.ChangedAt, id)
		err := s.exec(`INSERT INTO vpod_files (file_id, device, inode, changed_at)
			SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM files WHERE id = ?)
			ON CONFLICT (file_id) DO UPDATE SET device = excluded.device, inode = excluded.inode, changed_at = excluded.changed_at`)
		if err != nil {
			return err
		}
	}
	return nil
}

// saveFolders comes last in a transaction: what is stored before forgets fingerprints.
func (s *saver) saveFolders(folders []library.Folder) error {
	for _, f := range folders {
		s.args = append(s.args, f.Path, int64(f.Fingerprint), f.Path)
		err := s.exec(`INSERT OR REPLACE INTO vpod_dirs (path, n, newest, fingerprint)
			SELECT ?, count(*), max(id), ? FROM files WHERE directory = ?`)
		if err != nil {
			return err
		}
	}
	return nil
}
