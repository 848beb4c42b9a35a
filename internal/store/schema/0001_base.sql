-- The tables that this program shares with the Python program, in the form that program gives them at its schema 27.
-- Where they exist already, they are left as they are. The key schema_version of _meta belongs to the Python program
-- and is not written here, so that it adds its own tables when it opens the file.

CREATE TABLE IF NOT EXISTS _meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS files (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    path             TEXT UNIQUE NOT NULL,
    filename         TEXT NOT NULL,
    directory        TEXT NOT NULL,
    extension        TEXT NOT NULL,
    size_bytes       INTEGER NOT NULL,
    modified_at      TEXT NOT NULL,
    content_hash     TEXT,
    container_format TEXT,
    scanned_at       TEXT NOT NULL,
    scan_status      TEXT NOT NULL DEFAULT 'pending',
    scan_error       TEXT,
    job_id           TEXT,
    plugin_metadata  TEXT,
    container_tags   TEXT
);

CREATE TABLE IF NOT EXISTS tracks (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id          INTEGER NOT NULL,
    track_index      INTEGER NOT NULL,
    track_type       TEXT NOT NULL,
    codec            TEXT,
    language         TEXT,
    title            TEXT,
    is_default       INTEGER NOT NULL DEFAULT 0,
    is_forced        INTEGER NOT NULL DEFAULT 0,
    channels         INTEGER,
    channel_layout   TEXT,
    width            INTEGER,
    height           INTEGER,
    frame_rate       TEXT,
    color_transfer   TEXT,
    color_primaries  TEXT,
    color_space      TEXT,
    color_range      TEXT,
    duration_seconds REAL,
    FOREIGN KEY (file_id) REFERENCES files(id) ON DELETE CASCADE,
    UNIQUE (file_id, track_index)
);

-- The Python program has the same one under a name of its own; one of ours keeps the prefix by which all of ours are known.
CREATE INDEX IF NOT EXISTS idx_vpod_files_status_scanned ON files (scan_status, scanned_at DESC);
