package store

import (
	"database/sql"
	"slices"

	"vpo/internal/library"
)

// twin is a row whose content another row has, too.
type twin struct {
	id               int64
	path, name, hash string
	inode            sql.NullInt64
}

// contents are rows of one content by path: those whose files are gone, and those of files that were met since.
type contents struct {
	hash       string
	old, fresh []twin
}

// match finds a new place for as many old rows as it can: that of the same inode before that of the same name, before any.
// There may be thousands of copies of one file, so not every row is compared with every other one.
func (c *contents) match() (pairs []pair) {
	type key struct {
		inode sql.NullInt64
		name  string
	}
	for _, keyOf := range []func(twin) key{
		func(t twin) key { return key{t.inode, t.name} },
		func(t twin) key { return key{inode: t.inode} },
		func(t twin) key { return key{name: t.name} },
		func(twin) key { return key{} },
	} {
		waiting := make(map[key][]twin)
		for _, t := range c.old {
			waiting[keyOf(t)] = append(waiting[keyOf(t)], t)
		}
		found := make(map[int64]bool)
		c.fresh = slices.DeleteFunc(c.fresh, func(t twin) bool {
			k := keyOf(t)
			old, rest, ok := takeBefore(waiting[k], t.id)
			if ok {
				waiting[k], found[old.id] = rest, true
				pairs = append(pairs, pair{old: old.id, fresh: t.id, move: library.Move{From: old.path, To: t.path}})
			}
			return ok
		})
		c.old = slices.DeleteFunc(c.old, func(t twin) bool { return found[t.id] })
	}
	return pairs
}

// takeBefore takes the first twin that was stored before the row id.
func takeBefore(twins []twin, id int64) (first twin, rest []twin, ok bool) {
	at := slices.IndexFunc(twins, func(t twin) bool { return t.id < id })
	switch at {
	case -1:
		return twin{}, twins, false
	case 0:
		return twins[0], twins[1:], true
	}
	return twins[at], slices.Delete(twins, at, at+1), true
}
