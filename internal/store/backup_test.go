package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"vpo/internal/library"
)

func TestBackup(t *testing.T) {
	t.Run("NeverOverwrites", func(t *testing.T) {
		db, path := filled(t, 10)
		dst := path + ".copy"
		writeFile(t, dst, "precious")
		if err := db.Backup(t.Context(), dst); !errors.Is(err, fs.ErrExist) {
			t.Errorf("error %v", err)
		}
		if body, _ := os.ReadFile(dst); string(body) != "precious" {
			t.Errorf("it is %q now", body)
		}
	})
	t.Run("LeavesNothingWhereItFails", func(t *testing.T) {
		db, path := filled(t, 10)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.Backup(ctx, path+".copy"); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if err := db.Backup(t.Context(), filepath.Join(filepath.Dir(path), "none", "copy")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("error %v", err)
		}
		if copies, _ := filepath.Glob(path + ".copy*"); len(copies) != 0 {
			t.Errorf("there is %q", copies)
		}
	})
	t.Run("RefusesADamagedLibrary", func(t *testing.T) {
		db, path := filled(t, 500)
		overwrite(t, path, sizeOf(t, path)/2/4096*4096, fmt.Sprintf("%04096d", 0))
		if err := db.Backup(t.Context(), path+".copy"); faultOf(err) != library.FaultDamaged {
			t.Errorf("error %v", err)
		}
		if copies, _ := filepath.Glob(path + ".copy*"); len(copies) != 0 {
			t.Errorf("there is %q", copies)
		}
	})
	t.Run("IsWholeWhileOthersWrite", func(t *testing.T) {
		db, path := filled(t, 10)
		ctx, stop := context.WithCancel(t.Context())
		var writer sync.WaitGroup
		writer.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				files := []library.File{file(fmt.Sprintf("/a/%d.mkv", n), 1), file(fmt.Sprintf("/b/%d.mkv", n), 1)}
				if err := db.Save(t.Context(), library.Batch{Files: files}); err != nil {
					t.Error(err)
				}
			}
		})
		for n := range 5 {
			dst := fmt.Sprintf("%s.copy-%d", path, n)
			if err := db.Backup(t.Context(), dst); err != nil {
				t.Fatal(err)
			}
			if got := raw(t, dst, "SELECT count(*) % 2 FROM files"); !slices.Equal(got, []string{"0"}) {
				t.Errorf("half a batch is in %s", dst)
			}
			if info, err := os.Stat(dst); err != nil || info.Mode() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		}
		stop()
		writer.Wait()
	})
	t.Run("MayBeOpenedAsALibrary", func(t *testing.T) {
		db, path := filled(t, 10)
		if err := db.Backup(t.Context(), path+".copy"); err != nil {
			t.Fatal(err)
		}
		copied, err := open(t, path+".copy")
		if err != nil {
			t.Fatal(err)
		}
		if s, err := copied.Stats(t.Context()); err != nil || s.Files != 10 {
			t.Errorf("%d files, %v", s.Files, err)
		}
	})
}
