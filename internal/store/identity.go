package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"vpo/internal/library"
)

// pythonSchema is the newest schema of the Python program that this program knows.
const pythonSchema = 27

// identity is what a database says of itself.
type identity struct {
	empty  bool   // it has no tables at all
	python int    // schema_version; 0 where the Python program has not opened the library
	own    int    // vpod_schema_version; 0 where this program has not
	id     string // vpod_library_id, drawn at random when this program first opened the library
}

// querier is a connection pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// readIdentity reads every page of the schema, and the rows of _meta that say whose library this is. A database that is
// no library gives FaultForeign.
func readIdentity(ctx context.Context, q querier) (identity, error) {
	var objects, shared int
	err := q.QueryRowContext(ctx, `SELECT count(*),
		count(CASE WHEN type = 'table' AND name IN ('_meta', 'files', 'tracks') THEN 1 END)
		FROM sqlite_schema`).Scan(&objects, &shared)
	if err != nil {
		return identity{}, err
	}
	if objects == 0 {
		return identity{empty: true}, nil
	}
	if shared < 3 {
		return identity{}, found(library.FaultForeign, errors.New("it lacks the table _meta, files or tracks"))
	}
	return readMeta(ctx, q)
}

func readMeta(ctx context.Context, q querier) (id identity, err error) {
	rows, err := q.QueryContext(ctx, `SELECT key, value FROM _meta
		WHERE key IN ('schema_version', 'vpod_schema_version', 'vpod_library_id')`)
	if err != nil {
		return identity{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return identity{}, err
		}
		if err := id.set(key, value); err != nil {
			return identity{}, err
		}
	}
	return id, rows.Err()
}

func (id *identity) set(key, value string) (err error) {
	switch key {
	case "schema_version":
		id.python, err = strconv.Atoi(value)
	case "vpod_schema_version":
		id.own, err = strconv.Atoi(value)
	case "vpod_library_id":
		id.id = value
	}
	if err != nil || id.python < 0 || id.own < 0 {
		return found(library.FaultForeign, fmt.Errorf("its %s is %q", key, value))
	}
	return nil
}

// known refuses what was made by newer programs than this one knows.
func (id identity) known(latest int) error {
	if id.own > latest {
		return found(library.FaultNewer, fmt.Errorf("its schema is %d, this program knows up to %d", id.own, latest))
	}
	if id.python > pythonSchema {
		return found(library.FaultNewer,
			fmt.Errorf("its schema of the Python program is %d, this program knows up to %d", id.python, pythonSchema))
	}
	return nil
}

// sharedColumns are the columns that a scan writes, by table. Older schemas of the Python program lack some.
var sharedColumns = map[string]string{
	"files": "id path filename directory extension size_bytes modified_at content_hash container_format scanned_at " +
		"scan_status scan_error job_id plugin_metadata container_tags",
	"tracks": "id file_id track_index track_type codec language title is_default is_forced channels channel_layout " +
		"width height frame_rate color_transfer color_primaries color_space color_range duration_seconds",
}

// checkColumns gives ErrOldSchema for a library that lacks columns that a scan writes.
func checkColumns(ctx context.Context, q querier, id identity) error {
	for table, columns := range sharedColumns {
		rows, err := q.QueryContext(ctx, `SELECT name FROM pragma_table_info(?)`, table)
		if err != nil {
			return err
		}
		have, err := collectStrings(rows)
		if err != nil {
			return err
		}
		if missing := without(strings.Fields(columns), have); len(missing) > 0 {
			return fmt.Errorf("%w (its schema is %d; the table %s lacks %s)",
				ErrOldSchema, id.python, table, strings.Join(missing, ", "))
		}
	}
	return nil
}

func collectStrings(rows *sql.Rows) (all []string, err error) {
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// without gives the elements of all that are not in remove.
func without(all, remove []string) (rest []string) {
	gone := make(map[string]bool, len(remove))
	for _, s := range remove {
		gone[s] = true
	}
	for _, s := range all {
		if !gone[s] {
			rest = append(rest, s)
		}
	}
	return rest
}
