package media_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media"
)

// compared is what two readers tell of one file of the matrix.
type compared struct {
	sample  sample
	native  library.Media
	ffprobe library.Media
	failed  bool   // one of them could not read it, which has failed the test
	doubt   string // why the second opinion is needed; empty where it is not
	differ  []difference
}

// difference is one field of which the readers tell different things.
type difference struct {
	container, file string
	codec           string // as ffprobe names it; empty for a field of the file
	field           string
	here, there     string // what the native reader says, what ffprobe says
}

func (d difference) String() string {
	return fmt.Sprintf("%s: %s of %q: %q here, %q by ffprobe", d.file, d.field, d.codec, d.here, d.there)
}

// compare reads a file with both readers.
func compare(t *testing.T, dir string, s sample) compared {
	t.Helper()
	c := compared{sample: s}
	path := filepath.Join(dir, s.name)
	var err error
	if c.ffprobe, err = theForge.answer(t, path); err != nil {
		t.Errorf("%s: %v", s.name, err)
		c.failed = true
		return c
	}
	asked := false
	prober := media.Prober{Second: func(context.Context, string) (library.Media, error) {
		asked = true
		return c.ffprobe, nil
	}}
	c.native, err = prober.Probe(t.Context(), content(t, path))
	switch {
	case err != nil:
		t.Errorf("%s: %v", s.name, err)
		c.failed = true
	case asked:
		c.doubt = c.native.Doubt
	default:
		c.differ = differences(c)
	}
	return c
}

// content opens a file as a scan does: its head has been read.
func content(t testing.TB, path string) library.Content {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	head := make([]byte, min(info.Size(), 64<<10))
	if _, err := file.ReadAt(head, 0); err != nil && len(head) > 0 {
		t.Fatal(err)
	}
	return library.Content{Path: path, Data: file, Size: info.Size(), Head: head}
}

// differences compares all fields of a file and its tracks.
func differences(c compared) []difference {
	var found []difference
	add := func(codec, field, here, there string) {
		if !same(field, here, there) {
			found = append(found, difference{c.sample.container, c.sample.name, codec, field, here, there})
		}
	}
	for _, field := range fileFields {
		add("", field.name, field.of(&c.native), field.of(&c.ffprobe))
	}
	for i := range min(len(c.native.Tracks), len(c.ffprobe.Tracks)) {
		here, there := &c.native.Tracks[i], &c.ffprobe.Tracks[i]
		for _, field := range trackFields {
			add(codecName(there), field.name, field.of(here), field.of(there))
		}
	}
	return found
}

// codecName is the name of a track's codec, or of its kind where it has none.
func codecName(t *library.Track) string {
	if t.Codec == "" {
		return string(t.Type)
	}
	return t.Codec
}
