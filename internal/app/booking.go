package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"vpo/internal/httpapi"
	"vpo/internal/library"
	"vpo/internal/store"
)

const (
	// bookWait bounds the writes by which a run is booked. They are worth little against a start or a stop that waits.
	bookWait = 500 * time.Millisecond
	// noteSuffix makes the path of the library that of the note which tells of an end that could not be booked in it.
	noteSuffix = ".end"
	// maxNote bounds what is read of that note, in bytes.
	maxNote = 64 << 10
)

// uncleanEnd is that the run before was killed, or lost its power.
type uncleanEnd struct {
	at         time.Time // when it was found
	inARow     int       // such ends without a good one between them
	altogether int
}

func (u uncleanEnd) String() string {
	return fmt.Sprintf("previous run ended uncleanly (%d in a row, %d in all)", u.inARow, u.altogether)
}

// begin books the start of this run, and tells how the run before ended. A library that cannot be written to at this moment
// is no obstacle.
func (d *database) begin(ctx context.Context) {
	d.booking.Lock()
	defer d.booking.Unlock()
	if d.run.ID != 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, bookWait)
	defer cancel()
	d.bookNote(ctx)
	run, previous, err := d.db.BeginRun(ctx, store.Run{StartedAt: d.began, PID: os.Getpid(), Version: d.version})
	if err != nil {
		d.log.Warn("the start of this run is not recorded so far", "error", err)
		return
	}
	d.run = run
	if previous != nil && previous.EndedAt.IsZero() && !d.shared { // else it may be the one that is running
		d.foundUnclean(ctx, *previous)
	}
}

// foundUnclean tells of a run that did not come to its end, and lets every page of the library be checked: SQLite survives
// a power cut, but disks have been known to lie about what they had written.
func (d *database) foundUnclean(ctx context.Context, previous store.Run) {
	u := uncleanEnd{at: time.Now(), inARow: 1, altogether: 1}
	if count, err := d.db.UncleanInARow(ctx, d.run.ID); err == nil {
		u.inARow = max(u.inARow, count)
	}
	if stats, err := d.db.Stats(ctx); err == nil {
		u.altogether = max(u.inARow, stats.UncleanRuns)
	}
	d.unclean.Store(&u)
	d.log.Warn("previous run ended uncleanly", "started_at", previous.StartedAt, "pid", previous.PID,
		"in_a_row", u.inARow, "in_all", u.altogether)
	d.health.CheckDeeply()
}

// uncleanCheck tells /health of the unclean end, and of the check that follows it; ok is false where there was none.
func (d *database) uncleanCheck() (check httpapi.Check, ok bool) {
	u := d.unclean.Load()
	if u == nil {
		return httpapi.Check{}, false
	}
	check = httpapi.Check{Name: "previous_run", Status: httpapi.Warn, Message: u.String(), At: u.at}
	switch deep := d.health.DeepVerdict(); {
	case deep.At.IsZero():
		check.Message += "; the database is being checked"
	case deep.Fault == library.FaultNone:
		check.Status, check.At = httpapi.Pass, deep.At
		check.Message += "; the database was checked and is sound"
	case deep.Fault == library.FaultDamaged:
		check.Message, check.At = check.Message+"; the check found damage", deep.At
	default:
		check.Message += "; the check of the database came to no end so far"
	}
	return check, true
}

// end books the end of this run, in the library or, where that cannot be written to, in a note beside it.
func (d *database) end(ctx context.Context) error {
	d.booking.Lock()
	defer d.booking.Unlock()
	if d.run.ID == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, bookWait)
	defer cancel()
	receipt := d.receipt()
	text, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	d.run.EndedAt, d.run.Clean, d.run.Receipt = time.Now(), receipt.Clean(), text
	if err := d.db.EndRun(ctx, d.run); err != nil {
		d.log.Warn("the end of this run was not recorded in the library", "error", err, "noted", d.writeNote() == nil)
	}
	return nil
}

// writeNote keeps the end of the run for the next one. One that is cut off is not read, and the run counts as unclean. The
// file is always a new one: a link or a pipe that somebody has put there leads nowhere and holds nothing up.
func (d *database) writeNote() error {
	text, err := json.Marshal(d.run)
	if err != nil {
		return err
	}
	_ = os.Remove(d.path + noteSuffix)
	note, err := os.OpenFile(d.path+noteSuffix, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = note.Write(text)
	if err = errors.Join(err, note.Close()); err != nil {
		_ = os.Remove(note.Name()) // half a note, on a full disk, is of no use
	}
	return err
}

// bookNote books the end that a note tells of, if it is that of the newest run, and removes the note.
func (d *database) bookNote(ctx context.Context) {
	noted, err := readNote(d.path + noteSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = d.bookLate(ctx, noted)
	}
	if ctx.Err() != nil {
		return // the library is locked; the note is asked again when the start of this run is booked
	}
	if err != nil {
		d.log.Warn("the note of how the previous run ended is of no use", "error", err)
	}
	_ = os.Remove(d.path + noteSuffix)
}

func (d *database) bookLate(ctx context.Context, noted store.Run) error {
	last, err := d.db.LastRun(ctx)
	if err != nil {
		return err
	}
	if last == nil || last.ID != noted.ID || last.PID != noted.PID || !last.EndedAt.IsZero() {
		return errors.New("it tells of another run")
	}
	return d.db.EndRun(ctx, noted)
}

// readNote reads a note of at most 64 KiB, the size of a receipt of hundreds of stages.
func readNote(path string) (store.Run, error) {
	note, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return store.Run{}, err
	}
	defer note.Close()
	info, err := note.Stat()
	if err != nil {
		return store.Run{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxNote {
		return store.Run{}, errors.New("it is not a file that vpo wrote")
	}
	text, err := io.ReadAll(io.LimitReader(note, maxNote))
	if err != nil {
		return store.Run{}, err
	}
	var run store.Run
	return run, json.Unmarshal(text, &run)
}
