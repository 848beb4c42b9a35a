-- A folder's fingerprint speaks for the rows of its files. When any program changes or deletes one of those rows, the
-- fingerprint is forgotten, and the next scan compares that folder file by file.

CREATE TRIGGER vpod_file_deleted AFTER DELETE ON files BEGIN
    UPDATE vpod_dirs SET fingerprint = 0 WHERE path = OLD.directory;
END;

CREATE TRIGGER vpod_file_changed AFTER UPDATE OF path, directory, size_bytes, modified_at, content_hash, scan_status ON files
WHEN OLD.path IS NOT NEW.path OR OLD.directory IS NOT NEW.directory OR OLD.size_bytes IS NOT NEW.size_bytes
    OR OLD.modified_at IS NOT NEW.modified_at OR OLD.content_hash IS NOT NEW.content_hash
    OR OLD.scan_status IS NOT NEW.scan_status
BEGIN
    UPDATE vpod_dirs SET fingerprint = 0 WHERE path IN (OLD.directory, NEW.directory);
    -- Not INSERT OR IGNORE: in a trigger, the statement that fires it decides about conflicts.
    INSERT INTO vpod_dirs (path, n, fingerprint)
        SELECT NEW.directory, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM vpod_dirs WHERE path = NEW.directory);
END;
