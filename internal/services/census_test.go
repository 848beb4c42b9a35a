package services

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestCensus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := 0
		c := NewCensus(func(ctx context.Context) (Tally, error) {
			files++
			switch files {
			case 2:
				return Tally{Files: 99}, errors.New("locked")
			case 3:
				<-ctx.Done() // hangs
				return Tally{Files: 99}, ctx.Err()
			}
			return Tally{Files: files}, nil
		}, quietLogger())
		if c.Tally().Known {
			t.Error("known before it was counted")
		}
		run := startReady(t, c)
		for _, want := range []int{1, 1, 1, 4, 5} { // a count that fails or hangs changes nothing
			synctest.Wait()
			if got := c.Tally(); got.Files != want || !got.Known {
				t.Errorf("got %+v, want %d files", got, want)
			}
			<-time.After(censusEvery)
		}
		if err := run.stop(); err != nil {
			t.Error(err)
		}
	})
}
