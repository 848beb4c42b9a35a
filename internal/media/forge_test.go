package media_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media"
	"vpo/internal/media/mediatest"
)

// forge is the folder of the matrix, made once in a run of the tests.
type forge struct {
	once sync.Once
	dir  string
	err  error

	asking  sync.Mutex
	answers map[string]library.Media // ffprobe's, by the path of a file
}

// theForge is shared by the tests of one run; TestMain removes its folder.
var theForge forge

// forged returns the folder with all files of the matrix in it.
func forged(t *testing.T) string {
	t.Helper()
	mediatest.NeedFFmpeg(t)
	mediatest.NeedMKVMerge(t)
	theForge.once.Do(func() {
		theForge.err = theForge.make()
	})
	if theForge.err != nil {
		t.Fatal(theForge.err)
	}
	return theForge.dir
}

// answer is what ffprobe says of a file, which is asked once in a run of the tests.
func (f *forge) answer(t *testing.T, path string) (library.Media, error) {
	f.asking.Lock()
	known, ok := f.answers[path]
	f.asking.Unlock()
	if ok {
		return known, nil
	}
	told, err := media.FFprobe{Path: mediatest.NeedFFprobe(t)}.Probe(t.Context(), path)
	if err != nil {
		return told, err
	}
	f.asking.Lock()
	defer f.asking.Unlock()
	if f.answers == nil {
		f.answers = map[string]library.Media{}
	}
	f.answers[path] = told
	return told, nil
}

// make makes the streams, then the files of them, then those made of other files.
func (f *forge) make() (err error) {
	if f.dir, err = os.MkdirTemp("", "vpo-matrix-"); err != nil {
		return err
	}
	if err = f.ingredients(); err != nil {
		return err
	}
	streams := slices.Concat(pictures(), sounds(), paces(), idle())
	if err = f.all(len(streams), func(i int) error { return f.run(streams[i].command()) }); err != nil {
		return err
	}
	samples := matrix()
	for stage := range 3 {
		now := slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return s.stage != stage })
		if err = f.all(len(now), func(i int) error { return f.sample(now[i]) }); err != nil {
			return err
		}
	}
	return nil
}

// all does n things, two at a time, and tells all that went wrong.
func (f *forge) all(n int, do func(i int) error) error {
	var group sync.WaitGroup
	slots := make(chan struct{}, 2)
	failed := make([]error, n)
	for i := range n {
		group.Go(func() {
			slots <- struct{}{}
			failed[i] = do(i)
			<-slots
		})
	}
	group.Wait()
	return errors.Join(failed...)
}

// sample makes one file of the matrix.
func (f *forge) sample(s sample) error {
	if err := f.run(s.command); err != nil || s.patch == nil {
		return err
	}
	path := filepath.Join(f.dir, s.name)
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if data, err = s.patch(data); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return os.WriteFile(path, data, 0o600)
}

func (f *forge) run(command []string) error {
	args := command[1:]
	if command[0] == "ffmpeg" {
		args = append([]string{"-v", "error", "-nostdin", "-y"}, args...)
	}
	cmd := exec.Command(command[0], args...)
	cmd.Dir = f.dir
	output, err := cmd.CombinedOutput()
	if exit, ok := err.(*exec.ExitError); ok && command[0] == "mkvmerge" && exit.ExitCode() == 1 {
		err = nil // a warning
	}
	if err != nil || len(output) > 0 && command[0] == "ffmpeg" { // which may succeed at writing half a file
		return fmt.Errorf("%v: %w\n%s", command, err, bytes.TrimSpace(output))
	}
	return nil
}

// ingredients writes what no encoder makes.
func (f *forge) ingredients() error {
	for name, content := range ingredients() {
		if err := os.WriteFile(filepath.Join(f.dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
