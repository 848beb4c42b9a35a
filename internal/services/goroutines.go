package services

import (
	"cmp"
	"context"
	"log/slog"
	"path"
	"runtime"
	"slices"
	"strings"
)

const (
	maxStacks   = 512 << 10 // bytes of text that the runtime is asked for
	maxGroups   = 64        // lines of the log
	maxFrames   = 16        // calls of each
	framesBegin = " < "     // a call stands before its caller
)

// goroutines are all that do the same: they have the same calls in the same state.
type goroutines struct {
	count int
	state string // as the runtime has it: "chan receive, 5 minutes"
	calls string // the innermost first, "services.(*HTTP).Run http.go:112 < supervisor.(*unit).Serve unit.go:88"
}

// logGoroutines logs what every goroutine is doing, a line for each group of those that do the same. It is for a daemon
// that is about to be ended because it is stuck, and for nothing else.
func logGoroutines(ctx context.Context, log *slog.Logger) {
	text := make([]byte, maxStacks)
	text = text[:runtime.Stack(text, true)]
	for _, g := range groupGoroutines(string(text)) {
		log.LogAttrs(ctx, slog.LevelError, "goroutines of the stuck daemon",
			slog.Int("count", g.count), slog.String("state", g.state), slog.String("calls", g.calls))
	}
}

// groupGoroutines reads what runtime.Stack writes: blocks that an empty line parts, each with a header and two lines a
// call. The groups with the fewest members come first, since the odd one is the culprit more often than one of a pool.
func groupGoroutines(text string) []goroutines {
	known := make(map[goroutines]int)
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		header, calls, _ := strings.Cut(block, "\n")
		_, state, _ := strings.Cut(header, "[")
		state, _, _ = strings.Cut(state, "]")
		known[goroutines{state: state, calls: condense(calls)}]++
	}
	groups := make([]goroutines, 0, len(known))
	for g, count := range known {
		g.count = count
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b goroutines) int {
		return cmp.Or(cmp.Compare(a.count, b.count), cmp.Compare(a.calls, b.calls))
	})
	return groups[:min(len(groups), maxGroups)]
}

// condense makes one line of the calls of a goroutine. A call is two lines: the function with its arguments, and a tab,
// the file, the line and an offset.
func condense(calls string) string {
	lines := strings.Split(calls, "\n")
	var out []string
	for i := 0; i+1 < len(lines) && len(out) < maxFrames; i += 2 {
		function := lines[i]
		if at := strings.LastIndexByte(function, '('); at > 0 {
			function = function[:at]
		}
		place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
		out = append(out, path.Base(function)+" "+path.Base(place))
	}
	return strings.Join(out, framesBegin)
}
