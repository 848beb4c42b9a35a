package scan

import (
	"context"
	"time"

	"vpo/internal/library"
)

const (
	saveBatch = 100             // files in a transaction
	saveEvery = time.Second     // a smaller batch is saved when this has passed
	lastSave  = 5 * time.Second // that a save may still take after an interruption
)

// write saves files in batches until there are none. After an interruption it saves what it has.
func (s *scan) write(ctx context.Context, files <-chan library.File) error {
	if s.cfg.Catalog == nil {
		for range files { // a dry run sends none
		}
		return nil
	}
	batch := make([]library.File, 0, saveBatch)
	tick := time.NewTicker(saveEvery)
	defer tick.Stop()
	for {
		var save bool
		select {
		case file, ok := <-files:
			if !ok {
				return s.save(ctx, batch)
			}
			batch = append(batch, file)
			save = len(batch) == saveBatch
		case <-tick.C:
			save = len(batch) > 0
		}
		if !save {
			continue
		}
		if err := s.save(ctx, batch); err != nil {
			return err
		}
		batch = batch[:0]
	}
}

// save stores a batch, and goes on for a while after the end of ctx.
func (s *scan) save(ctx context.Context, batch []library.File) error {
	if len(batch) == 0 {
		return nil
	}
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		select {
		case <-time.After(lastSave):
			cancel()
		case <-late.Done():
		}
	})()
	if err := s.cfg.Catalog.Save(late, batch); err != nil {
		return err
	}
	for _, file := range batch {
		s.cfg.Event(Event{Path: file.Path, Outcome: s.report.outcome(file.Path), Error: file.Error})
	}
	return nil
}
