package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

const (
	contentJSON = "application/json"
	contentText = "text/plain; charset=utf-8"
)

// writeJSON answers with v, of which there must be a JSON form. A HEAD request gets the header alone, as GET has it.
func writeJSON(w http.ResponseWriter, r *http.Request, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // a type of this package that cannot be marshalled is a mistake in it
	}
	write(w, r, status, contentJSON, append(body, '\n'))
}

func writeText(w http.ResponseWriter, r *http.Request, status int, text string) {
	write(w, r, status, contentText, []byte(text))
}

func write(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // it fails where the client has gone: nobody is left to be told
	}
}

// appendJSON appends h as a JSON object, without reflection: probes ask for it day and night.
func (h Health) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"status":`...), h.Status)
	b = appendString(append(b, `,"database":`...), h.Database)
	b = appendSeconds(append(b, `,"uptime_seconds":`...), h.Uptime)
	b = appendString(append(b, `,"version":`...), h.Version)
	b = strconv.AppendBool(append(b, `,"shutting_down":`...), h.ShuttingDown)
	b = append(b, `,"checks":{`...)
	for i, c := range h.Checks {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, c.Name), ':')
		b = appendString(append(b, `{"status":`...), string(c.Status))
		b = appendString(append(b, `,"message":`...), c.Message)
		b = append(appendSeconds(append(b, `,"age_seconds":`...), c.Age), '}')
	}
	return append(b, "}}"...)
}

// appendSeconds appends d in seconds, to the millisecond.
func appendSeconds(b []byte, d time.Duration) []byte {
	return strconv.AppendFloat(b, float64(d.Milliseconds())/1000, 'f', -1, 64)
}

// appendString appends s as a JSON string (RFC 8259, section 7).
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s { // a byte that is no UTF-8 comes as U+FFFD
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&0xf])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
