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
	if err := db.admitReadOnly(ctx, h); err != nil {
		return nil, explain(path, errors.Join(err, h.close()))
	}
	db.cur.Store(h)
	return db, nil
}

func (db *DB) admitReadOnly(ctx context.Context, h *handle) error {
	if err := refuseEmpty(h, false); err != nil {
		return err
	}
	steps, err := loadSteps()
	if err != nil {
		return err
	}
	id, err := h.identify(ctx, db.opt.LockWait)
	if err != nil {
		return err
	}
	h.library = id
	return errors.Join(id.known(len(steps)), admit(ctx, h, id, true))
}
