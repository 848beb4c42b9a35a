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
