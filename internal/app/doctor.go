package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"vpo/internal/config"
	"vpo/internal/doctor"
	"vpo/internal/library"
	"vpo/internal/media"
	"vpo/internal/store"
)

const (
	// examineWait is how long the doctor waits for a library that is locked for reading, too.
	examineWait = time.Second
	// askWait is how long it waits for the daemon's answer.
	askWait = 3 * time.Second
)

// Patient is what Examine needs of the command line.
type Patient struct {
	// Load reads the configuration with an environment and a home directory.
	Load        func(env []string, home string) (*config.Settings, error)
	Environ     []string // of this process
	Home        string
	OwnSettings bool // a configuration or a library was named
}

// Examine checks what the daemon needs, and changes nothing.
func Examine(ctx context.Context, p Patient) doctor.Report {
	return doctor.Run(ctx, doctor.Config{
		Load:        p.Load,
		Library:     examineLibrary,
		Health:      askStatus,
		FFprobe:     media.FindFFprobe,
		Environ:     p.Environ,
		Home:        p.Home,
		OwnSettings: p.OwnSettings,
		Backstop:    backstop,
		Machine:     doctor.ThisMachine(),
	})
}

func askStatus(ctx context.Context, server config.ServerConfig) (string, error) {
	health, err := AskHealth(ctx, server, askWait)
	return health.Status, err
}

// examineLibrary reads what the doctor has to know of a library.
func examineLibrary(ctx context.Context, path string) (found doctor.Library, err error) {
	db, err := store.OpenReadOnly(ctx, path, store.Options{LockWait: examineWait})
	if errors.Is(err, store.ErrOldSchema) {
		return doctor.Library{Refused: err}, nil
	}
	if err != nil {
		return doctor.Library{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	found.Schema, found.Newest = db.Schema()
	stats, err := db.Stats(ctx)
	if err != nil {
		return doctor.Library{}, err
	}
	found.Files = stats.Files
	if found.Mounts, err = db.Mounts(ctx); err != nil {
		return doctor.Library{}, err
	}
	found.Folders, err = countFolders(ctx, db, found.Mounts)
	return found, err
}

// countFolders counts the folders that hold files, and those above them up to the scanned ones.
func countFolders(ctx context.Context, db *store.DB, mounts []library.Mount) (int, error) {
	roots := map[string]bool{"/": true, ".": true}
	for _, mount := range mounts {
		roots[mount.Path] = true
	}
	seen := map[string]bool{}
	err := db.Folders(ctx, func(f library.Folder) error {
		for folder := f.Path; !seen[folder]; folder = filepath.Dir(folder) {
			seen[folder] = true
			if roots[folder] {
				break
			}
		}
		return nil
	})
	return len(seen), err
}
