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

// writer is the one that stores what came of the files.
type writer struct {
	scan   *scan
	batch  library.Batch
	size   int
	events []Event
}

// write saves results in batches until there are none. After an interruption it saves what it has.
func (s *scan) write(ctx context.Context, results <-chan result) error {
	w := &writer{scan: s}
	tick := time.NewTicker(saveEvery)
	defer tick.Stop()
	for {
		var save bool
		select {
		case r, ok := <-results:
			if !ok {
				return w.save(ctx)
			}
			w.take(r)
			save = w.size >= saveBatch
		case <-tick.C:
			save = true
		}
		if !save {
			continue
		}
		if err := w.save(ctx); err != nil {
			return err
		}
	}
}

// take adds a result to the batch, and its folder where it is the last of it.
func (w *writer) take(r result) {
	f := r.folder
	if r.file != nil {
		w.batch.Files = append(w.batch.Files, *r.file)
		w.events = append(w.events, eventOf(r.file))
		w.size++
	}
	if r.id != 0 {
		if w.batch.Stamps == nil {
			w.batch.Stamps = make(map[int64]library.Stamp)
		}
		w.batch.Stamps[r.id] = r.stamp
		w.size++
	}
	f.spoiled = f.spoiled || r.again
	if f.waiting--; f.waiting > 0 {
		return
	}
	if f.spoiled {
		f.Fingerprint = 0
	}
	if f.unmet {
		w.scan.unsettled = append(w.scan.unsettled, f.Folder)
		return
	}
	w.batch.Folders = append(w.batch.Folders, f.Folder)
	w.size++
}

func eventOf(file *library.File) Event {
	e := Event{Path: file.Path, Outcome: OutcomeNew, Error: file.Error}
	switch {
	case file.Status == library.StatusError:
		e.Outcome = OutcomeFailed
	case file.Status == library.StatusPending:
		e.Outcome = OutcomePending
	case file.ID != 0:
		e.Outcome = OutcomeUpdated
	}
	return e
}

// save stores the batch, and goes on for a while after the end of ctx.
func (w *writer) save(ctx context.Context) error {
	if w.size == 0 {
		return nil
	}
	if !w.scan.opts.DryRun && w.scan.cfg.Catalog != nil {
		late, cancel := graceful(ctx)
		defer cancel()
		if err := w.scan.cfg.Catalog.Save(late, w.batch); err != nil {
			return err
		}
		w.scan.tell(w.events...)
	}
	clear(w.batch.Stamps)
	w.batch.Files, w.batch.Folders, w.size, w.events = w.batch.Files[:0], w.batch.Folders[:0], 0, w.events[:0]
	return nil
}

// graceful is a context that ends some time after ctx.
func graceful(ctx context.Context) (late context.Context, cancel func()) {
	late, stop := context.WithCancel(context.WithoutCancel(ctx))
	unlink := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(lastSave):
			stop()
		case <-late.Done():
		}
	})
	return late, func() {
		unlink()
		stop()
	}
}
