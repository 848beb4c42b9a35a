package logging

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

var moment = time.Date(2026, 1, 2, 4, 4, 5, 678_900_000, time.FixedZone("CET", 3600))

// handle passes one record, with a fixed time, through a logger's handler.
func handle(t *testing.T, l *slog.Logger, level slog.Level, message string, args ...any) {
	t.Helper()
	r := slog.NewRecord(moment, level, message, 0)
	r.Add(args...)
	if err := l.Handler().Handle(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// line returns what one record becomes, without its line break; more or less than one line is a failure.
func line(t *testing.T, o Options, message string, args ...any) string {
	t.Helper()
	var b bytes.Buffer
	handle(t, Named(New(&b, o), "vpo.http"), slog.LevelInfo, message, args...)
	return single(t, b.String())
}

func single(t *testing.T, s string) string {
	t.Helper()
	out, ok := strings.CutSuffix(s, "\n")
	if !ok || strings.ContainsAny(out, "\n\r\u0085\u2028\u2029") {
		t.Fatalf("not exactly one line: %q", s)
	}
	return out
}

func object(t *testing.T, s string) map[string]any {
	t.Helper()
	noDuplicates(t, s)
	var m map[string]any
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	return m
}

// noDuplicates fails on an object that has a key twice at its top, which encoding/json accepts.
func noDuplicates(t *testing.T, s string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(s))
	seen := map[string]bool{}
	if _, err := d.Token(); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			t.Fatalf("%v in %s", err, s)
		}
		if seen[key.(string)] {
			t.Errorf("key %q twice in %s", key, s)
		}
		seen[key.(string)] = true
		var skip any
		if err := d.Decode(&skip); err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
}

// hostile is what an unfriendly file name or error text may hold.
const hostile = "a\nb\r\n<3>c\x1b[31m\u2028d\u0085e\x00\xff\"="

type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

type panicking struct{}

func (panicking) Error() string                { panic("no text") }
func (panicking) MarshalJSON() ([]byte, error) { panic("no JSON") }

func TestText(t *testing.T) {
	const head = "2026-01-02T03:04:05.678Z INFO vpo.http "
	o := Options{Format: "text"}

	t.Run("OneEventIsOneLineWhateverItHolds", func(t *testing.T) {
		got := line(t, o, hostile, hostile, hostile, "err", errors.New(hostile), slog.Group(hostile, "b", []byte(hostile)))
		if strings.ContainsAny(got, "\x1b\x00") || strings.Contains(got, "\xff") {
			t.Errorf("raw control characters in %q", got)
		}
	})
	t.Run("PanickingValueIsReportedInItsPlace", func(t *testing.T) {
		got := line(t, o, "m", "a", panicking{}, "b", (*nilError)(nil), "c", 1)
		if want := head + `m a="!PANIC: no text" b=<nil> c=1`; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("ValuesAreQuotedOnlyWhereNeeded", func(t *testing.T) {
		got := line(t, o, "scan done", "path", "/a/b.mkv", "title", "two words", "empty", "", "eq", "a=b", "quote", `a"b`,
			"umlaut", "Übel", "bad key", true)
		want := head + `scan done path=/a/b.mkv title="two words" empty="" eq="a=b" quote="a\"b" umlaut=Übel "bad key"=true`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("KindsAreReadable", func(t *testing.T) {
		got := line(t, o, "m", "n", -1, "u", uint64(math.MaxUint64), "f", 1.5, "inf", math.Inf(1), "at", moment,
			"long", 1234567891*time.Nanosecond, "short", 1234567*time.Nanosecond, "tiny", 17*time.Nanosecond,
			"level", slog.LevelWarn, "nil", nil, "err", fmt.Errorf("open: %w", os.ErrNotExist), "list", []int{1, 2})
		want := head + `m n=-1 u=18446744073709551615 f=1.5 inf=+Inf at=2026-01-02T03:04:05.678Z long=1.235s ` +
			`short=1.235ms tiny=17ns level=WARN nil=<nil> err="open: file does not exist" list="[1 2]"`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("GroupsAreDottedKeys", func(t *testing.T) {
		var b bytes.Buffer
		l := New(&b, o).With("a", 1).WithGroup("g").With("b", 2).WithGroup("h")
		handle(t, l, slog.LevelInfo, "m", "c", 3, slog.Group("i", "d", 4, slog.Group("empty")))
		if got, want := single(t, b.String()), "2026-01-02T03:04:05.678Z INFO vpo m a=1 g.b=2 g.h.c=3 g.h.i.d=4"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestJournal(t *testing.T) {
	for level, want := range map[slog.Level]string{
		slog.LevelDebug:     "<7>DEBUG vpo m k=v\n",
		slog.LevelInfo:      "<6>INFO vpo m k=v\n",
		slog.LevelInfo + 2:  "<6>INFO vpo m k=v\n",
		slog.LevelWarn:      "<4>WARNING vpo m k=v\n",
		slog.LevelError:     "<3>ERROR vpo m k=v\n",
		slog.LevelError + 4: "<3>ERROR vpo m k=v\n",
	} {
		var b bytes.Buffer
		handle(t, New(&b, Options{Journal: true, Level: slog.LevelDebug}), level, "m", "k", "v")
		if got := b.String(); got != want {
			t.Errorf("level %v: got %q, want %q", level, got, want)
		}
	}
	t.Run("MessageCannotForgeAPriority", func(t *testing.T) {
		got := line(t, Options{Journal: true}, "first\n<0>second", "k", "\n<0>third")
		if want := `<6>INFO vpo.http first\n<0>second k="\n<0>third"`; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("JSONBehindThePriorityIsWhatItWouldBeWithout", func(t *testing.T) {
		journal := line(t, Options{Journal: true, Format: "json"}, "first\nsecond", "k", "\n<0>third")
		if want := "<6>" + line(t, Options{Format: "json"}, "first\nsecond", "k", "\n<0>third"); journal != want {
			t.Errorf("got %q, want %q", journal, want)
		}
	})
}

func TestJSON(t *testing.T) {
	o := Options{Format: "json"}

	t.Run("HostileTextIsEscaped", func(t *testing.T) {
		got := line(t, o, hostile, "k", hostile, "err", errors.New(hostile))
		m := object(t, got)
		want := strings.ReplaceAll(hostile, "\xff", "\ufffd")
		if m["message"] != want || m["k"] != want || m["err"] != want {
			t.Errorf("%q does not come back as %q", got, want)
		}
	})
	t.Run("FieldWithAReservedNameIsRenamed", func(t *testing.T) {
		var b bytes.Buffer
		l := New(&b, o).With("level", "high", "message", 1)
		handle(t, l, slog.LevelInfo, "m", "logger", 3, slog.Group("", "timestamp", 2), slog.Group("g", "level", 4))
		m := object(t, single(t, b.String()))
		for key, want := range map[string]any{
			"level": "INFO", "level_": "high", "message": "m", "message_": 1.0, "timestamp_": 2.0, "logger": "vpo", "logger_": 3.0,
		} {
			if m[key] != want {
				t.Errorf("%s is %v, want %v", key, m[key], want)
			}
		}
		if g, ok := m["g"].(map[string]any); !ok || g["level"] != 4.0 {
			t.Errorf("g is %v, want its level under its own name", m["g"])
		}
	})
	t.Run("ValueThatCannotBeEncodedIsReportedInItsPlace", func(t *testing.T) {
		m := object(t, line(t, o, "m", "chan", make(chan int), "panic", panicking{}, "nil", (*nilError)(nil), "last", 1))
		for key, part := range map[string]string{"chan": "!ERROR", "panic": "no JSON", "nil": "<nil>"} {
			if s, ok := m[key].(string); !ok || !strings.Contains(s, part) {
				t.Errorf("%s is %v, want a text with %q", key, m[key], part)
			}
		}
		if m["last"] != 1.0 {
			t.Errorf("the field after them is %v", m["last"])
		}
	})
	t.Run("KindsKeepTheirTypes", func(t *testing.T) {
		got := line(t, o, "m", "n", -1, "u", uint64(7), "f", 1.5, "nan", math.NaN(), "b", true, "took", 1200*time.Millisecond,
			"at", moment, "err", os.ErrNotExist, "null", nil, "list", []string{"<a>"}, "s", "x{")
		want := `{"timestamp":"2026-01-02T03:04:05.678Z","level":"INFO","logger":"vpo.http","message":"m","n":-1,"u":7,` +
			`"f":1.5,"nan":"NaN","b":true,"took":1.2,"at":"2026-01-02T03:04:05.6789Z","err":"file does not exist",` +
			`"null":null,"list":["<a>"],"s":"x{"}`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("EmptyGroupsAreLeftOut", func(t *testing.T) {
		var b bytes.Buffer
		l := New(&b, o).With("a", 1).WithGroup("g").With("b", 2).WithGroup("never")
		handle(t, l, slog.LevelInfo, "m", slog.Group("e", slog.Group("f")))
		if got, want := single(t, b.String()), `"message":"m","a":1,"g":{"b":2}}`; !strings.HasSuffix(got, want) {
			t.Errorf("got %s, want an end of %s", got, want)
		}
	})
}

func TestNamed(t *testing.T) {
	t.Run("NewestNameHolds", func(t *testing.T) {
		var b bytes.Buffer
		l := Named(New(&b, Options{Format: "json"}), "vpo.http").With("a", 1)
		handle(t, Named(l, "vpo.scan"), slog.LevelInfo, "m")
		if m := object(t, single(t, b.String())); m["logger"] != "vpo.scan" || m["a"] != 1.0 {
			t.Errorf("got %v", m)
		}
	})
	t.Run("ParentKeepsItsName", func(t *testing.T) {
		var b bytes.Buffer
		l := New(&b, Options{})
		Named(l, "vpo.http")
		handle(t, l, slog.LevelInfo, "m")
		if got := b.String(); !strings.Contains(got, "INFO vpo m") {
			t.Errorf("got %q", got)
		}
	})
}

func TestLevel(t *testing.T) {
	var b bytes.Buffer
	level := new(slog.LevelVar)
	l := Named(New(&b, Options{Level: level}), "vpo.scan").WithGroup("g")
	l.Debug("hidden")
	level.Set(slog.LevelDebug)
	l.Debug("shown")
	if got := single(t, b.String()); !strings.HasSuffix(got, "DEBUG vpo.scan shown") {
		t.Errorf("got %q", got)
	}
}

func TestSiblingsDoNotShareFields(t *testing.T) {
	var b bytes.Buffer
	parent := New(&b, Options{}).With("a", 1).WithGroup("g")
	first, second := parent.With("b", 2), parent.With("c", 3)
	handle(t, first, slog.LevelInfo, "m")
	handle(t, second, slog.LevelInfo, "m")
	if got := b.String(); !strings.Contains(got, "m a=1 g.b=2\n") || !strings.HasSuffix(got, "m a=1 g.c=3\n") {
		t.Errorf("got %q", got)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestWriteErrorIsReturned(t *testing.T) {
	h := New(failingWriter{}, Options{}).Handler()
	if err := h.Handle(t.Context(), slog.Record{}); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("got %v, want EPIPE", err)
	}
}

// FuzzLine holds both formats against any text: one record is one line, and JSON gives the text back.
func FuzzLine(f *testing.F) {
	f.Add("message", "key", "value")
	f.Add(hostile, hostile, hostile)
	f.Add("", "", "{")
	f.Fuzz(func(t *testing.T, message, key, value string) {
		line(t, Options{}, message, key, value)
		m := object(t, line(t, Options{Format: "json"}, message, key, value))
		if want := string([]rune(message)); m["message"] != want {
			t.Errorf("message %q became %q", message, m["message"])
		}
	})
}

func BenchmarkLogger(b *testing.B) {
	for _, o := range []Options{{Format: "text"}, {Format: "json"}} {
		b.Run(o.Format, func(b *testing.B) {
			l := Named(New(io.Discard, o), "vpo.http").With("server", "127.0.0.1:8321")
			b.ReportAllocs()
			for b.Loop() {
				l.LogAttrs(b.Context(), slog.LevelInfo, "request served", slog.String("method", "GET"),
					slog.String("path", "/api/files"), slog.Int("status", 200), slog.Duration("took", 1234*time.Microsecond))
			}
		})
	}
	b.Run("disabled", func(b *testing.B) {
		l := New(io.Discard, Options{Level: slog.LevelWarn})
		b.ReportAllocs()
		for b.Loop() {
			l.LogAttrs(b.Context(), slog.LevelInfo, "request served", slog.Int("status", 200))
		}
	})
}
