-- What makes a scan of an unchanged library fast, and what the shared tables have no columns for.

-- One row a file that this program has read.
CREATE TABLE vpod_files (
    file_id    INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    device     INTEGER NOT NULL, -- st_dev, as a signed 64-bit integer
    inode      INTEGER NOT NULL, -- st_ino, as a signed 64-bit integer
    changed_at INTEGER NOT NULL, -- st_ctim, nanoseconds since 1970
    details    TEXT              -- JSON: duration, chapters, and of each track what the table tracks has no column for
);

-- One row a folder that holds files of the library.
CREATE TABLE vpod_dirs (
    path        TEXT PRIMARY KEY,
    n           INTEGER NOT NULL, -- rows of files whose directory it is
    newest      INTEGER,          -- the highest id of those
    fingerprint INTEGER NOT NULL  -- as a signed 64-bit integer; 0: compare its files one by one
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS idx_vpod_files_directory ON files (directory);
