package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"vpo/internal/library"
)

// filesAtOnce bounds the files of one statement, tracksAtOnce the tracks. Both bound the number of statements that a
// connection keeps compiled, since one that stores n rows is not one that stores n+1.
const (
	filesAtOnce  = 20
	tracksAtOnce = 64
)

// Save stores a batch in one transaction: all of it, or nothing. A file is found again by its path, and a track by its
// file and index; both keep their rows, so what other programs hang on those survives. Tracks are stored with status ok
// alone, where those that the file no longer has are deleted: of a file that could not be read, the tracks that are known
// stay. Columns of other programs, job_id and plugin_metadata among them, are left as they are.
func (db *DB) Save(ctx context.Context, batch library.Batch) error {
	if len(batch.Files) == 0 && len(batch.Stamps) == 0 && len(batch.Folders) == 0 {
		return nil
	}
	return db.write(ctx, "save files", func(tx *sql.Tx) error {
		s := &saver{ctx: ctx, tx: tx}
		if err := s.saveFiles(batch.Files); err != nil {
			return err
		}
		if err := s.saveStamps(batch.Stamps); err != nil {
			return err
		}
		return s.saveFolders(batch.Folders)
	})
}

// saver stores a batch in one transaction.
type saver struct {
	ctx  context.Context //nolint:containedctx // a saver lives as long as one call
	tx   *sql.Tx
	next int64 // id of the next new file; 0 before the first one
	args []any
}

// exec runs a statement with the arguments that were gathered. The driver starts a goroutine for each statement whose
// context can end, so the context is looked at here instead.
func (s *saver) exec(query string) error {
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	forever := context.WithoutCancel(s.ctx)
	stmt, err := s.tx.PrepareContext(forever, query)
	if err != nil {
		return err
	}
	defer stmt.Close() // the connection keeps what was compiled
	_, err = stmt.ExecContext(forever, s.args...)
	s.args = s.args[:0]
	return err
}

// saveFiles stores new files many at a time, and the others one by one.
func (s *saver) saveFiles(files []library.File) error {
	fresh := make([]*library.File, 0, filesAtOnce)
	ids := make([]int64, 0, filesAtOnce)
	for i := range files {
		f := &files[i]
		if f.ID != 0 {
			if err := s.update(f); err != nil {
				return fmt.Errorf("%s: %w", f.Path, err)
			}
			continue
		}
		if fresh = append(fresh, f); len(fresh) == filesAtOnce {
			if err := s.insert(fresh, ids); err != nil {
				return err
			}
			fresh = fresh[:0]
		}
	}
	return s.insert(fresh, ids)
}

// insert stores files that the scan has not found in the library. Another program may have stored one meanwhile.
func (s *saver) insert(files []*library.File, ids []int64) error {
	if len(files) == 0 {
		return nil
	}
	clash, err := s.anyStored(files)
	if err != nil {
		return err
	}
	if clash || !unique(files) {
		return s.updateAll(files)
	}
	if ids, err = s.insertFiles(files, ids[:0]); err != nil {
		return errors.Join(s.updateAll(files), s.ctx.Err()) // one by one, to name the file that cannot be stored
	}
	if err := s.insertTracks(files, ids); err != nil {
		return err
	}
	return s.insertDetails(files, ids)
}

// updateAll stores files one by one.
func (s *saver) updateAll(files []*library.File) error {
	for _, f := range files {
		if err := s.update(f); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	return nil
}

// unique tells whether no path is there twice.
func unique(files []*library.File) bool {
	for i, f := range files {
		for _, other := range files[:i] {
			if f.Path == other.Path {
				return false
			}
		}
	}
	return true
}

// anyStored tells whether one of the files is in the library.
func (s *saver) anyStored(files []*library.File) (stored bool, err error) {
	ctx := context.WithoutCancel(s.ctx)
	stmt, err := s.tx.PrepareContext(ctx, "SELECT EXISTS (SELECT 1 FROM files WHERE path IN "+row(len(files))+")")
	if err != nil {
		return false, err
	}
	defer stmt.Close()
	for _, f := range files {
		s.args = append(s.args, f.Path)
	}
	err = stmt.QueryRowContext(ctx, s.args...).Scan(&stored)
	s.args = s.args[:0]
	return stored, err
}

// insertFiles gives the files the ids that SQLite would give them: they are needed for the tracks, and asking for each one
// costs more than the row. The write lock keeps others from taking them.
func (s *saver) insertFiles(files []*library.File, ids []int64) ([]int64, error) {
	if s.next == 0 {
		const newest = `SELECT 1 + max(coalesce((SELECT max(id) FROM files), 0),
			coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'files'), 0))`
		if err := s.tx.QueryRowContext(s.ctx, newest).Scan(&s.next); err != nil {
			return nil, err
		}
	}
	for _, f := range files {
		ids = append(ids, s.next)
		s.args = append(s.args, s.next)
		var err error
		if s.args, err = appendFile(s.args, f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		s.next++
	}
	return ids, s.exec("INSERT INTO files (id, " + fileColumns + ") VALUES " + rows(len(files), fileColumnCount+1))
}

func (s *saver) insertTracks(files []*library.File, ids []int64) error {
	pending := 0
	for i, f := range files {
		if f.Status != library.StatusOK {
			continue
		}
		for t := range f.Tracks {
			s.args = appendTrack(s.args, ids[i], &f.Tracks[t])
			if pending++; pending == tracksAtOnce {
				if err := s.exec(insertTracks(pending)); err != nil {
					return fmt.Errorf("%s: %w", f.Path, err)
				}
				pending = 0
			}
		}
	}
	if pending == 0 {
		return nil
	}
	return s.exec(insertTracks(pending))
}

func (s *saver) insertDetails(files []*library.File, ids []int64) error {
	for i, f := range files {
		details, err := encodeDetails(f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		s.args = append(s.args, ids[i], int64(f.Stamp.Device), int64(f.Stamp.Inode), f.Stamp.ChangedAt, details)
	}
	return s.exec("INSERT INTO vpod_files (file_id, device, inode, changed_at, details) VALUES " + rows(len(files), 5))
}
