// Package store keeps the library in SQLite.
//
// Shape: the tables _meta, files and tracks are shared with the Python program and keep its columns; tables of this
// program alone start with vpod_. schema/ holds them as numbered steps, and _meta('vpod_schema_version') says how many
// of those a library has seen. _meta('schema_version') belongs to the Python program and is never written.
//
// Lifecycle: [Open] takes an existing library and never creates a file, [Create] also makes a new one. Both identify
// what they find before anything is written, so that a file which is no library, or a newer one, is left as it was.
// Then they bring the schema up to date, with a copy of the file beside it where it has rows. [DB.Check] tells in well
// under a millisecond whether the file can still be used, [DB.Reopen] takes over a file that was put in its place, and
// [DB.Close] ends it all.
//
// A DB has one connection that writes, a few that read, and two that check. In a process that has a library open, the
// file must not be opened and closed by other means: the kernel drops the locks of a whole process when any of its
// descriptors of the file is closed (fcntl(2), "Record locking").
package store
