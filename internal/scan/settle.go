package scan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vpo/internal/library"
)

// settle finds what was moved, marks what is missing and remembers the folders and mounts, after a walk that came to its
// end.
func (s *scan) settle(ctx context.Context, w *walk) error {
	if err := s.forgotten(ctx, w); err != nil {
		return err
	}
	slices.SortFunc(w.unmet, func(a, b library.Known) int { return strings.Compare(a.Path, b.Path) })
	hidden := s.outOfSight(w, w.unmet)
	gone, err := s.missing(ctx, w.unmet, hidden)
	if err != nil {
		return err
	}
	if s.opts.DryRun || s.cfg.Catalog == nil {
		s.report.missing(len(gone))
		return nil
	}
	if gone, err = s.reunite(ctx, gone); err != nil {
		return err
	}
	if err := s.markMissing(ctx, gone); err != nil {
		return err
	}
	if err := s.settleFolders(ctx, hidden); err != nil {
		return err
	}
	for _, mount := range s.mounts.toRemember(w.files, hidden) {
		if err := s.cfg.Catalog.SaveMount(ctx, mount); err != nil {
			return fmt.Errorf("remember the file system of %s: %w", mount.Path, err)
		}
	}
	return s.cfg.Catalog.Settle(ctx)
}

// forgotten looks at the catalogue's folders that the walk has not come to: none of their files was met.
func (s *scan) forgotten(ctx context.Context, w *walk) error {
	folders, err := s.book.unvisited(ctx, s.cfg.Catalog, w.roots)
	if err != nil {
		return err
	}
	for _, f := range folders {
		rows, err := s.cfg.Catalog.FilesIn(ctx, f.Path)
		if err != nil {
			return err
		}
		w.missed(rows...)
	}
	return nil
}

// reunite finds files that are gone again under another path, and returns the others.
func (s *scan) reunite(ctx context.Context, gone []library.Known) ([]library.Known, error) {
	if len(gone) == 0 && s.report.nothingNew() {
		return gone, nil
	}
	moves, err := s.cfg.Catalog.Reunite(ctx, ids(gone))
	found := make(map[string]bool, len(moves))
	for _, move := range moves {
		found[move.From] = true
		s.tell(Event{Path: move.To, Outcome: OutcomeMoved, From: move.From})
	}
	s.report.moved(len(moves))
	return slices.DeleteFunc(gone, func(row library.Known) bool { return found[row.Path] }), err
}

func (s *scan) markMissing(ctx context.Context, gone []library.Known) error {
	if len(gone) == 0 {
		return nil
	}
	paths := make([]string, len(gone))
	for i := range gone {
		paths[i] = gone[i].Path
	}
	marked, err := s.cfg.Catalog.MarkMissing(ctx, paths)
	if err != nil {
		return err
	}
	s.report.missing(marked) // fewer where another program has been at work meanwhile
	for _, row := range gone {
		s.tell(Event{Path: row.Path, Outcome: OutcomeMissing})
	}
	return nil
}

// settleFolders records the folders that waited for the end of the scan. Those whose files are out of sight are compared
// again by the next one.
func (s *scan) settleFolders(ctx context.Context, hidden folders) error {
	for i := range s.unsettled {
		if hidden.hold(s.unsettled[i].Path) {
			s.unsettled[i].Fingerprint = 0
		}
	}
	return s.cfg.Catalog.Save(ctx, library.Batch{Folders: s.unsettled})
}

func ids(rows []library.Known) []int64 {
	list := make([]int64, len(rows))
	for i := range rows {
		list[i] = rows[i].ID
	}
	return list
}
