-- A library as the Python program kept it at its schema 5, as far as files and tracks go.
CREATE TABLE _meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO _meta VALUES ('schema_version', '5');

CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE NOT NULL, filename TEXT NOT NULL, directory TEXT NOT NULL,
    extension TEXT NOT NULL, size_bytes INTEGER NOT NULL, modified_at TEXT NOT NULL, content_hash TEXT,
    container_format TEXT, scanned_at TEXT NOT NULL, scan_status TEXT NOT NULL DEFAULT 'pending', scan_error TEXT
);
CREATE TABLE tracks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, file_id INTEGER NOT NULL, track_index INTEGER NOT NULL,
    track_type TEXT NOT NULL, codec TEXT, language TEXT, title TEXT, is_default INTEGER NOT NULL DEFAULT 0,
    is_forced INTEGER NOT NULL DEFAULT 0, channels INTEGER, channel_layout TEXT, width INTEGER, height INTEGER,
    frame_rate TEXT, FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE CASCADE, UNIQUE (file_id, track_index)
);
INSERT INTO files VALUES (1, '/media/a.mkv', 'a.mkv', '/media', 'mkv', 1000, '2025-01-02T03:04:05+00:00', NULL, NULL,
    '2025-02-03T04:05:06+00:00', 'ok', NULL);
