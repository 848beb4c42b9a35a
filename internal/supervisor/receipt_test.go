package supervisor

import (
	"encoding/json"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
)

func full() Receipt {
	return Receipt{
		Started:  time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC),
		Took:     3 * time.Second,
		CutShort: "received SIGINT",
		Stages: []StageReport{
			{
				Stage: "work", Drain: time.Second, DrainErr: "did not return in time", Took: 2 * time.Second,
				Stuck: []string{"scanner"}, Hung: []string{"drain"}, Ended: map[string]string{"watcher": "panic: boom"},
			},
			{Stage: "database", Took: time.Millisecond, CloseErr: "disk gone"},
		},
	}
}

func TestReceipt(t *testing.T) {
	t.Run("IsUncleanForEachSingleFault", func(t *testing.T) {
		for _, fault := range []StageReport{
			{DrainErr: "x"}, {CloseErr: "x"}, {Stuck: []string{"x"}}, {Hung: []string{"open"}}, {Ended: map[string]string{"x": "y"}},
		} {
			if (Receipt{Stages: []StageReport{{Stage: "fine"}, fault}}).Clean() {
				t.Errorf("clean with %+v", fault)
			}
		}
		if !(Receipt{Stages: []StageReport{{Stage: "fine", Drain: 1, Took: 1}}}).Clean() || !(Receipt{}).Clean() {
			t.Error("unclean without a fault")
		}
	})
	t.Run("ComesBackWholeFromJSON", func(t *testing.T) {
		data, err := json.Marshal(full())
		if err != nil {
			t.Fatal(err)
		}
		var back Receipt
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, full()) {
			t.Errorf("got %+v from %s", back, data)
		}
	})
	t.Run("NamesWhatWasAbandoned", func(t *testing.T) {
		if got := strings.Join(full().Abandoned(), ", "); got != "scanner, work drain" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("IsOneLogLine", func(t *testing.T) {
		var out strings.Builder
		drop := func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}
		slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: drop})).Info("stopped", "teardown", full())
		want := `level=INFO msg=stopped teardown.clean=false teardown.took=3s teardown.cut_short="received SIGINT" ` +
			`teardown.abandoned="[scanner work drain]" teardown.work.took=2s teardown.work.drain=1s ` +
			`teardown.work.drain_error="did not return in time" teardown.work.stuck=[scanner] ` +
			`teardown.work.ended="map[watcher:panic: boom]" teardown.database.took=1ms teardown.database.close_error="disk gone"` + "\n"
		if out.String() != want {
			t.Errorf("got  %swant %s", out.String(), want)
		}
	})
}
