package store

import (
	"context"
	"errors"
)

// OpenReadOnly opens the library at path for a scan that writes nothing: no file is created, no schema is brought up to
// date. Libraries that Create refuses are refused.
func OpenReadOnly(ctx context.Context, path string, o Options) (*DB, error) {
	db := &DB{path: path, opt: o.withDefaults()}
	h, err := newHandle(path, db.opt)
	if err != nil {
		return nil, explain(path, err)
	}
	if err = refuseEmpty(h, false); err == nil { // Create would fill an empty file
		h.library, _, err = db.examine(ctx, h, true)
	}
	if err != nil {
		return nil, explain(path, errors.Join(err, h.close()))
	}
	db.cur.Store(h)
	return db, nil
}

// Schema gives the version of our schema that the library has, 0 where this program has only read it so far, and the newest
// one that this program knows.
func (db *DB) Schema() (has, newest int) {
	steps, err := loadSteps()
	if err != nil {
		return db.cur.Load().library.own, 0 // the steps are a part of the program, and a test reads them
	}
	return db.cur.Load().library.own, len(steps)
}
