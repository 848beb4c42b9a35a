package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"modernc.org/sqlite"

	"vpo/internal/library"
)

// Backup copies the library to a new file dst, with mode 0600, while others read and write it. The copy is verified and
// on the disk when Backup returns nil. It never overwrites: where dst exists the error is fs.ErrExist, and after any
// error there is no dst.
func (db *DB) Backup(ctx context.Context, dst string) error {
	if err := db.cur.Load().backup(ctx, dst); err != nil {
		return fmt.Errorf("back up to %s: %w", dst, explain(db.path, err))
	}
	return nil
}

func (h *handle) backup(ctx context.Context, dst string) error {
	if _, err := os.Lstat(dst); err == nil {
		return &fs.PathError{Op: "create", Path: dst, Err: fs.ErrExist}
	}
	if err := h.checkBackupRoom(ctx, dst); err != nil {
		return err
	}
	partial := dst + ".partial"
	if err := newFile(partial); err != nil {
		return err
	}
	err := h.copyTo(ctx, partial)
	if err == nil {
		err = publish(partial, dst)
	}
	if err != nil {
		return errors.Join(err, ignoreAbsent(os.Remove(partial)))
	}
	return nil
}

// checkBackupRoom asks for as much room as the library takes, and what is to stay free besides.
func (h *handle) checkBackupRoom(ctx context.Context, dst string) error {
	var bytes uint64
	err := h.reader.QueryRowContext(ctx,
		"SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&bytes)
	if err != nil {
		return err
	}
	return checkRoom(filepath.Dir(dst), bytes+minFree)
}

// copyTo fills the empty file dst with a verified copy.
func (h *handle) copyTo(ctx context.Context, dst string) error {
	source := h.pool(probeDSN(h.real, readWait), 1, 1)
	defer source.Close()
	if _, err := source.ExecContext(ctx, "VACUUM INTO ?", dst); err != nil {
		return err
	}
	if err := verifyCopy(ctx, dst); err != nil {
		return fmt.Errorf("verify the copy: %w", err)
	}
	return syncFile(dst)
}

func verifyCopy(ctx context.Context, path string) error {
	connector, err := sqlite.NewConnector(copyDSN(path))
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	var answer string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return found(library.FaultDamaged, errors.New(answer))
	}
	return nil
}

// syncFile brings a file and its name to the disk. No library may be open on it, see the package comment.
func syncFile(path string) error {
	for _, name := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// publish gives a finished copy its name, unless that is taken.
func publish(partial, dst string) error {
	err := os.Link(partial, dst)
	switch {
	case err == nil:
		if err := os.Remove(partial); err != nil {
			return err
		}
	case errors.Is(err, fs.ErrExist):
		return err
	default: // a file system without hard links
		if err := os.Rename(partial, dst); err != nil {
			return err
		}
	}
	return syncFile(filepath.Dir(dst))
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
