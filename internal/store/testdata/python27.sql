-- A library as the Python program keeps it at its schema 27, as far as its tables touch files and tracks.
CREATE TABLE _meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO _meta VALUES ('schema_version', '27');

CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE NOT NULL, filename TEXT NOT NULL, directory TEXT NOT NULL,
    extension TEXT NOT NULL, size_bytes INTEGER NOT NULL, modified_at TEXT NOT NULL, content_hash TEXT,
    container_format TEXT, scanned_at TEXT NOT NULL, scan_status TEXT NOT NULL DEFAULT 'pending', scan_error TEXT,
    job_id TEXT, plugin_metadata TEXT, container_tags TEXT
);
CREATE INDEX idx_files_directory ON files (directory);
CREATE INDEX idx_files_content_hash ON files (content_hash);
CREATE INDEX idx_files_status_scanned ON files (scan_status, scanned_at DESC);

CREATE TABLE tracks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, file_id INTEGER NOT NULL, track_index INTEGER NOT NULL,
    track_type TEXT NOT NULL, codec TEXT, language TEXT, title TEXT, is_default INTEGER NOT NULL DEFAULT 0,
    is_forced INTEGER NOT NULL DEFAULT 0, channels INTEGER, channel_layout TEXT, width INTEGER, height INTEGER,
    frame_rate TEXT, color_transfer TEXT, color_primaries TEXT, color_space TEXT, color_range TEXT,
    duration_seconds REAL, FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE CASCADE, UNIQUE (file_id, track_index)
);
CREATE INDEX idx_tracks_file_id ON tracks (file_id);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY, file_id INTEGER, file_path TEXT NOT NULL, job_type TEXT NOT NULL,
    FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE CASCADE
);
CREATE TABLE transcription_results (
    id INTEGER PRIMARY KEY AUTOINCREMENT, track_id INTEGER NOT NULL UNIQUE, detected_language TEXT,
    FOREIGN KEY (track_id) REFERENCES tracks (id) ON DELETE CASCADE
);
CREATE TABLE plans (
    id TEXT PRIMARY KEY, file_id INTEGER, file_path TEXT NOT NULL,
    FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE SET NULL
);

INSERT INTO files VALUES
    (7, '/media/a.mkv', 'a.mkv', '/media', 'mkv', 1000, '2025-01-02T03:04:05+00:00', 'old hash', 'matroska,webm',
     '2025-02-03T04:05:06+00:00', 'ok', NULL, 'job-1', '{"radarr": {"id": 3}}', '{"title": "A"}'),
    (9, '/media/b.mp4', 'b.mp4', '/media', 'mp4', 2000, '2025-01-02T03:04:05.250000+00:00', NULL, NULL,
     '2025-02-03T04:05:07+00:00', 'error', 'it broke', NULL, NULL, NULL);
INSERT INTO tracks (id, file_id, track_index, track_type, codec, language) VALUES
    (70, 7, 0, 'video', 'hevc', NULL), (71, 7, 1, 'audio', 'aac', 'und'), (72, 7, 2, 'subtitle', 'subrip', 'eng');
INSERT INTO jobs VALUES ('job-1', 7, '/media/a.mkv', 'scan');
INSERT INTO transcription_results VALUES (1, 71, 'de'), (2, 72, 'en');
INSERT INTO plans VALUES ('plan-1', 7, '/media/a.mkv');
