-- What this program alone keeps.

CREATE TABLE vpod_mounts (
    path         TEXT PRIMARY KEY,
    device       INTEGER NOT NULL, -- st_dev, as a signed 64-bit integer
    fs_type      TEXT NOT NULL,
    source       TEXT NOT NULL,
    last_scan_at TEXT NOT NULL,
    files        INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE vpod_runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at TEXT NOT NULL,
    ended_at   TEXT,    -- NULL until the shutdown receipt is written
    pid        INTEGER NOT NULL,
    version    TEXT NOT NULL,
    clean      INTEGER, -- NULL until then, 0 or 1 after it
    receipt    TEXT     -- JSON
);

-- Tells this library from any other one that is put in its place.
INSERT INTO _meta (key, value) VALUES ('vpod_library_id', lower(hex(randomblob(16))));
