package scan

import (
	"context"
	"time"

	"vpo/internal/library"
)

const (
	saveBatch = 100             // files in a transaction
	saveEvery = time.Second     // a smaller batch is saved when this has passed
	lastSave  = 5 * time.Second // for the last batch of a scan that was interrupted
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
		save := false
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

func (s *scan) save(ctx context.Context, batch []library.File) error {
	if len(batch) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSave+lastSave)
	defer cancel()
	return s.cfg.Catalog.Save(ctx, batch)
}
