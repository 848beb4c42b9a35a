package scan

import "sync"

// Progress is how far a scan has come.
type Progress struct {
	Expected  int    // video files that the last scan found below these roots; 0 where unknown
	Folders   int    // looked into so far
	Found     int    // video files met so far
	Done      int    // of these, settled: unchanged, read or failed
	Read      int    // of these, looked into
	Failed    int    // of these
	BytesRead int64  // of the files' contents
	Path      string // of the newest that is being read; raw bytes, may hold control characters and invalid UTF-8
	Walked    bool   // the walk has ended: Found is final
}

// Meter is read while a scan runs. Its methods may be called from any goroutine.
type Meter struct {
	mu  sync.Mutex
	now Progress
}

// Progress is how far the scan has come.
func (m *Meter) Progress() Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// change changes what the meter shows. A nil Meter shows nothing.
func (m *Meter) change(change func(*Progress)) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.now)
}

// Outcome is what became of one file.
type Outcome string

// The outcomes. Unchanged files have none.
const (
	OutcomeNew     Outcome = "new"
	OutcomeUpdated Outcome = "updated"
	OutcomeMoved   Outcome = "moved"
	OutcomeMissing Outcome = "missing"
	OutcomeFailed  Outcome = "failed"
	OutcomePending Outcome = "pending"
)

// Event tells what became of one file, after that was stored.
type Event struct {
	Path    string  `json:"path"`
	Outcome Outcome `json:"outcome"`
	From    string  `json:"from,omitempty"` // where a moved file was
	Error   string  `json:"error,omitempty"`
}

// Breakdown counts what the files that were read hold: files by container, by the codec, resolution and dynamic range of
// their first video track, and by each codec and language of their other tracks.
type Breakdown struct {
	Containers        map[string]int `json:"containers"`
	VideoCodecs       map[string]int `json:"video_codecs"`
	Resolutions       map[string]int `json:"resolutions"`
	DynamicRanges     map[string]int `json:"dynamic_ranges"`
	AudioCodecs       map[string]int `json:"audio_codecs"`
	AudioLanguages    map[string]int `json:"audio_languages"`
	SubtitleLanguages map[string]int `json:"subtitle_languages"`
}
