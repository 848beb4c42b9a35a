package logging

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
)

// encoder renders the parts of a record. Its methods append to a line and return it.
type encoder interface {
	begin(line []byte, r slog.Record, logger string) []byte
	// field appends one attribute; groups are the names of the groups it is in, and value is resolved and no group.
	field(line []byte, groups []string, key string, value slog.Value) []byte
	openGroup(line []byte, groups []string, name string) []byte
	closeGroups(line []byte, n int) []byte
	end(line []byte) []byte
}

// handler is a slog.Handler. What With and WithGroup add is rendered at once, into fields, so that a record only pays for
// its own attributes.
type handler struct {
	out    *output
	level  slog.Leveler
	enc    encoder
	logger string
	fields []byte   // rendered attributes of With
	groups []string // names given by WithGroup
	opened int      // how many of groups are open in fields; the rest opens with the first attribute, if one comes
}

func newHandler(w io.Writer, o Options) *handler {
	h := &handler{
		out:    &output{w: w},
		level:  o.Level,
		enc:    textEncoder{journal: o.Journal},
		logger: rootLogger,
	}
	if h.level == nil {
		h.level = slog.LevelInfo
	}
	if o.Format == "json" {
		h.enc = jsonEncoder{journal: o.Journal}
	}
	return h
}

// Enabled implements slog.Handler.
func (h *handler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level.Level() }

// Handle implements slog.Handler. The error is that of the write.
func (h *handler) Handle(_ context.Context, r slog.Record) error {
	buffer := h.out.buffer()
	defer h.out.release(buffer)

	line := h.enc.begin((*buffer)[:0], r, h.logger)
	line = append(line, h.fields...)
	opened := h.opened
	if r.NumAttrs() > 0 {
		line, opened = h.inGroups(line, func(line []byte) []byte {
			r.Attrs(func(a slog.Attr) bool {
				line = appendAttr(line, h.enc, h.groups, a)
				return true
			})
			return line
		})
	}
	line = h.enc.closeGroups(line, opened)
	line = h.enc.end(line)
	*buffer = line
	return h.out.write(line)
}

// WithAttrs implements slog.Handler.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h2 := *h
	h2.fields = slices.Clip(h.fields)
	h2.fields, h2.opened = h2.inGroups(h2.fields, func(line []byte) []byte {
		for _, a := range attrs {
			if name, ok := loggerName(a, h.groups); ok {
				h2.logger = name
				continue
			}
			line = appendAttr(line, h.enc, h.groups, a)
		}
		return line
	})
	return &h2
}

// WithGroup implements slog.Handler.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	h2 := *h
	h2.groups = append(slices.Clip(h.groups), name)
	return &h2
}

// inGroups opens the groups that are not open yet, and lets add append to the line. Where add appends nothing the groups
// stay closed: an empty group is left out. It returns the line and the number of open groups.
func (h *handler) inGroups(line []byte, add func([]byte) []byte) ([]byte, int) {
	start := len(line)
	for i := h.opened; i < len(h.groups); i++ {
		line = h.enc.openGroup(line, h.groups[:i], h.groups[i])
	}
	before := len(line)
	line = add(line)
	if len(line) == before {
		return line[:start], h.opened
	}
	return line, len(h.groups)
}

// loggerName returns the name that Named put into a.
func loggerName(a slog.Attr, groups []string) (string, bool) {
	if a.Key != loggerKey || len(groups) > 0 || a.Value.Kind() != slog.KindString {
		return "", false
	}
	return a.Value.String(), true
}

// appendAttr appends an attribute, the members of a group one by one. An empty attribute and an empty group are left out,
// and a group without a name is dissolved, as slog.Handler demands.
func appendAttr(line []byte, enc encoder, groups []string, a slog.Attr) []byte {
	a.Value = a.Value.Resolve()
	if a.Equal(slog.Attr{}) {
		return line
	}
	if a.Value.Kind() != slog.KindGroup {
		return enc.field(line, groups, a.Key, a.Value)
	}
	start := len(line)
	inner := groups
	if a.Key != "" {
		line = enc.openGroup(line, groups, a.Key)
		inner = append(slices.Clip(groups), a.Key)
	}
	before := len(line)
	for _, member := range a.Value.Group() {
		line = appendAttr(line, enc, inner, member)
	}
	if len(line) == before {
		return line[:start]
	}
	return enc.closeGroups(line, len(inner)-len(groups))
}

// output is the stream that all handlers derived from one New share.
type output struct {
	mu      sync.Mutex
	w       io.Writer
	buffers sync.Pool
}

// write writes a line in one call, so that lines of several goroutines, or processes, do not mix.
func (o *output) write(line []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, err := o.w.Write(line)
	return err
}

func (o *output) buffer() *[]byte {
	if b, ok := o.buffers.Get().(*[]byte); ok {
		return b
	}
	return new(make([]byte, 0, 1024))
}

// release keeps a buffer for the next record, unless a giant one has blown it up.
func (o *output) release(b *[]byte) {
	const largest = 16 << 10
	if cap(*b) <= largest {
		o.buffers.Put(b)
	}
}
