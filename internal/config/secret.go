package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that no output shows by accident: printed, logged or encoded as JSON it is a mask. The
// empty Secret, which hides nothing, is empty there too.
type Secret string

// Reveal returns the text itself.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer with the mask.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "********"
}

// Format implements fmt.Formatter: fmt would print the text itself where a verb does not fit a string.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText implements encoding.TextMarshaler with the mask; encoding/json uses it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue implements slog.LogValuer with the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
