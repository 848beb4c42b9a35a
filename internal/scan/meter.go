package scan

import "sync/atomic"

// Progress is how far a scan has come.
type Progress struct {
	Expected  int    // video files that the last scan found below these roots; 0 where unknown
	Folders   int    // looked into so far
	Found     int    // video files met so far
	Done      int    // of these, settled: unchanged, read or failed
	Read      int    // of these, looked into
	Failed    int    // of these, not readable
	BytesRead int64  // of the files' contents, as far as this program reads them itself
	Path      string // of the newest that is being read; may hold control characters and bytes that are no UTF-8
	Walked    bool   // the walk has ended: Found is final
}

// Meter tells how far a scan has come, while it runs and after it. The zero Meter is ready; it is for one scan. Its
// methods may be called from any goroutine.
type Meter struct {
	expected, folders, found, done, read, failed, bytes atomic.Int64
	path                                                atomic.Pointer[string]
	walked                                              atomic.Bool
}

// Progress is how far the scan has come by now.
func (m *Meter) Progress() Progress {
	p := Progress{
		Expected: int(m.expected.Load()), Folders: int(m.folders.Load()), Done: int(m.done.Load()), Read: int(m.read.Load()),
		Failed: int(m.failed.Load()), BytesRead: m.bytes.Load(), Walked: m.walked.Load(),
	}
	p.Found = max(int(m.found.Load()), p.Done) // counted before, read after: never less than what is done
	if path := m.path.Load(); path != nil {
		p.Path = *path
	}
	return p
}
