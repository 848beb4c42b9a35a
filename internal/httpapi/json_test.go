package httpapi

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", "a\n\x00\"\\<b>\x7f", "\xff\xfe", "\u2028 é 🎬"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		encoded := appendString(nil, s)
		if err := json.Unmarshal(encoded, &got); err != nil {
			t.Fatalf("%q becomes %s: %v", s, encoded, err)
		}
		if want := strings.Map(func(r rune) rune { return r }, s); got != want { // Map replaces what is no UTF-8
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestAppendJSON_IsWhatEncodingJSONReads(t *testing.T) {
	h := Health{
		Status: "a", Database: "b", Uptime: 1234567 * time.Microsecond, Version: "c", ShuttingDown: true,
		Checks: []Result{{"x", Pass, "m\n", 0}, {"y\"", Fail, "", 400 * 24 * time.Hour}},
	}
	var got any
	if err := json.Unmarshal(h.appendJSON(nil), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"status": "a", "database": "b", "uptime_seconds": 1.234, "version": "c", "shutting_down": true,
		"checks": map[string]any{
			"x":   map[string]any{"status": "pass", "message": "m\n", "age_seconds": 0.0},
			"y\"": map[string]any{"status": "fail", "message": "", "age_seconds": 34560000.0},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}
