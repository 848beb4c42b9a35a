package logging

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"time"
)

// countingWriter keeps every write apart. It takes no lock: the handler has to.
type countingWriter struct{ writes []string }

func (w *countingWriter) Write(p []byte) (int, error) {
	w.writes = append(w.writes, string(p))
	return len(p), nil
}

// chatty is a value that logs while it is being logged.
type chatty struct{ l *slog.Logger }

func (c chatty) LogValue() slog.Value {
	c.l.Info("inner")
	return slog.StringValue("x")
}

func TestConcurrentRecordsAreOneWriteEach(t *testing.T) {
	var w countingWriter
	l := New(&w, Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			named := Named(l, fmt.Sprintf("vpo.%d", i))
			for range 100 {
				named.Info("outer", "long", strings.Repeat("x", 50*i), "value", chatty{l})
			}
		})
	}
	wg.Wait()
	if len(w.writes) != 1600 {
		t.Fatalf("%d writes for 1600 records", len(w.writes))
	}
	for _, s := range w.writes {
		single(t, s)
	}
}

func TestHandlersKeepTheRulesOfSlog(t *testing.T) {
	for format, parse := range map[string]func(*testing.T, string) map[string]any{"json": parseJSON, "text": parseText} {
		t.Run(format, func(t *testing.T) {
			var b *bytes.Buffer
			slogtest.Run(t,
				func(*testing.T) slog.Handler {
					b = new(bytes.Buffer)
					return New(b, Options{Format: format}).Handler()
				},
				func(t *testing.T) map[string]any { return parse(t, single(t, b.String())) })
		})
	}
}

// parseJSON reads a line back, with the built-in names that slogtest expects.
func parseJSON(t *testing.T, s string) map[string]any {
	m := object(t, s)
	for ours, theirs := range map[string]string{"timestamp": slog.TimeKey, "message": slog.MessageKey} {
		if v, ok := m[ours]; ok {
			m[theirs] = v
			delete(m, ours)
		}
	}
	return m
}

// parseText reads a line back. The values that slogtest uses hold no spaces, and its message is one word.
func parseText(t *testing.T, s string) map[string]any {
	t.Helper()
	words := strings.Fields(s)
	m := map[string]any{}
	if _, err := time.Parse(timeLayout, words[0]); err == nil {
		m[slog.TimeKey] = words[0]
		words = words[1:]
	}
	if len(words) < 3 {
		t.Fatalf("short line %q", s)
	}
	m[slog.LevelKey], m[loggerKey], m[slog.MessageKey] = words[0], words[1], words[2]
	for _, word := range words[3:] {
		key, value, _ := strings.Cut(word, "=")
		path := strings.Split(key, ".")
		at := m
		for _, group := range path[:len(path)-1] {
			if _, ok := at[group]; !ok {
				at[group] = map[string]any{}
			}
			at = at[group].(map[string]any)
		}
		at[path[len(path)-1]] = value
	}
	return m
}
