package media_test

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media"
	"vpo/internal/media/mediatest"
)

var update = flag.Bool("update", false, "write docs/media-support.md anew")

// TestConformance reads every file of the matrix natively and with ffprobe, compares all that they say, and holds
// docs/media-support.md against the outcome.
func TestConformance(t *testing.T) {
	dir := forged(t)
	var o outcome
	t.Run("BothReadersSayTheSame", func(t *testing.T) {
		o.files = compareAll(t, dir)
		for _, c := range o.files {
			o.judge(t, c)
		}
	})
	if t.Failed() {
		return
	}
	was, err := os.ReadFile(documentPath)
	if *update {
		if err := os.WriteFile(documentPath, []byte(o.document()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Run("EveryAllowanceIsNeeded", func(t *testing.T) {
		needsVersions(t, string(was))
		o.unneeded(t)
	})
	t.Run("TheDocumentIsUpToDate", func(t *testing.T) {
		needsVersions(t, string(was))
		if want := o.document(); withoutVersions(string(was)) != withoutVersions(want) {
			t.Errorf("docs/media-support.md does not tell what was found; first different line:\n%s\n"+
				"go test ./internal/media -run Conformance -update writes it anew", firstDifference(string(was), want))
		}
	})
}

// compareAll compares all files, two at a time, and keeps their order.
func compareAll(t *testing.T, dir string) []compared {
	mediatest.NeedFFprobe(t)
	samples := matrix()
	files := make([]compared, len(samples))
	work := make(chan int)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for i := range work {
				files[i] = compare(t, dir, samples[i])
			}
		})
	}
	for i := range samples {
		work <- i
	}
	close(work)
	group.Wait()
	return files
}

// judge fails the test where a file differs in a way that is not allowed, and remembers the allowances that it needed.
func (o *outcome) judge(t *testing.T, c compared) {
	if c.doubt != "" {
		at := slices.IndexFunc(secondOpinions(), func(a allowance) bool { return fits(a.file, c.sample.name) })
		if at < 0 {
			t.Errorf("%s needs ffprobe: %s", c.sample.name, c.doubt)
			return
		}
		o.asked = append(o.asked, secondOpinions()[at])
	}
	for _, d := range c.differ {
		at := slices.IndexFunc(allowances(), func(a allowance) bool { return a.fits(d) })
		switch {
		case at < 0:
			t.Errorf("%v", d)
		case !slices.Contains(o.allowed, allowances()[at]):
			o.allowed = append(o.allowed, allowances()[at])
		}
	}
}

// unneeded fails the test where an allowance has lost its reason.
func (o *outcome) unneeded(t *testing.T) {
	for _, a := range allowances() {
		if !slices.Contains(o.allowed, a) {
			t.Errorf("no file needs the allowance %+v", a)
		}
	}
	for _, a := range secondOpinions() {
		if !slices.Contains(o.asked, a) {
			t.Errorf("no file needs ffprobe because of %+v", a)
		}
	}
}

// needsVersions skips what depends on what the tools write and say in the versions that the document was made with.
func needsVersions(t *testing.T, document string) {
	t.Helper()
	if !strings.Contains(document, "\n"+madeWith+versions()+".\n") {
		t.Skipf("the document was made with other versions than %s", versions())
	}
}

func withoutVersions(document string) string {
	lines := strings.Split(document, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, madeWith) }), "\n")
}

func firstDifference(a, b string) string {
	was, now := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(was), len(now)) {
		old, new := lineOf(was, i), lineOf(now, i)
		if old != new && !strings.HasPrefix(old, madeWith) {
			return "  is        " + old + "\n  should be " + new
		}
	}
	return ""
}

func lineOf(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

// TestEveryFieldIsCompared finds fields that were added to the domain and forgotten here.
func TestEveryFieldIsCompared(t *testing.T) {
	var named []string
	for _, f := range trackFields {
		named = append(named, f.name)
	}
	for f := range reflect.TypeFor[library.Track]().Fields() {
		if !slices.Contains(named, f.Name) {
			t.Errorf("Track.%s is not compared", f.Name)
		}
	}
	for _, f := range fileFields {
		named = append(named, f.name)
	}
	own := []string{"Warnings", "Reader", "Doubt"} // each reader has its own
	for f := range reflect.TypeFor[library.Media]().Fields() {
		if !slices.Contains(append(named, own...), f.Name) {
			t.Errorf("Media.%s is not compared", f.Name)
		}
	}
	for _, c := range slices.Concat(trackColumns(), fileColumns()) {
		named = slices.DeleteFunc(named, func(name string) bool { return slices.Contains(c.fields, name) })
	}
	if len(named) > 0 {
		t.Errorf("the document has no column for %v", named)
	}
}

// TestFFprobeIsNotStartedWithoutNeed lets a program that notes that it ran stand in for ffprobe.
func TestFFprobeIsNotStartedWithoutNeed(t *testing.T) {
	dir := forged(t)
	program := newScript(t, "exit 1")
	prober := media.Prober{Second: media.FFprobe{Path: program.path}.Probe}
	for _, s := range matrix() {
		_, err := prober.Probe(t.Context(), content(t, filepath.Join(dir, s.name)))
		needed := slices.ContainsFunc(secondOpinions(), func(a allowance) bool { return fits(a.file, s.name) })
		if ran := os.Remove(program.pidFile) == nil; ran != needed {
			t.Errorf("%s: ffprobe was started: %v, needed: %v (%v)", s.name, ran, needed, err)
		}
	}
}
