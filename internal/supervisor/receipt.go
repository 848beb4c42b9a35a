package supervisor

import (
	"log/slog"
	"slices"
	"time"
)

// Receipt is what came of a teardown. It holds nothing but text, numbers and times, so that it can be kept as JSON and
// read back whole.
type Receipt struct {
	Started  time.Time     `json:"started"`
	Took     time.Duration `json:"took_ns"`
	CutShort string        `json:"cut_short,omitempty"` // why it was cut short, if it was
	Stages   []StageReport `json:"stages"`              // in the order of the teardown
}

// StageReport is the part of a Receipt that tells of one stage.
type StageReport struct {
	Stage    string            `json:"stage"`
	Drain    time.Duration     `json:"drain_ns,omitempty"`
	DrainErr string            `json:"drain_error,omitempty"`
	Took     time.Duration     `json:"took_ns"`               // services and Close, without the drain
	Stuck    []string          `json:"stuck,omitempty"`       // services that were left behind
	Hung     []string          `json:"hung,omitempty"`        // functions that were left behind: open, drain, close
	Ended    map[string]string `json:"ended,omitempty"`       // services that ended with an error or a panic when stopped
	CloseErr string            `json:"close_error,omitempty"` // of Close
}

// Clean tells whether everything stopped, in time, in order and without an error.
func (r Receipt) Clean() bool {
	return !slices.ContainsFunc(r.Stages, func(s StageReport) bool { return !s.clean() })
}

func (r StageReport) clean() bool {
	return len(r.Stuck) == 0 && len(r.Hung) == 0 && len(r.Ended) == 0 && r.DrainErr == "" && r.CloseErr == ""
}

// Abandoned names what was left behind: services by their name, functions as in "database open".
func (r Receipt) Abandoned() []string {
	var names []string
	for _, s := range r.Stages {
		names = append(names, s.Stuck...)
		for _, f := range s.Hung {
			names = append(names, s.Stage+" "+f)
		}
	}
	return names
}

// LogValue makes a Receipt one log attribute: the outcome, and a group for each stage with what there is to tell.
func (r Receipt) LogValue() slog.Value {
	attrs := []slog.Attr{slog.Bool("clean", r.Clean()), slog.Duration("took", r.Took)}
	if r.CutShort != "" {
		attrs = append(attrs, slog.String("cut_short", r.CutShort))
	}
	if names := r.Abandoned(); len(names) > 0 {
		attrs = append(attrs, slog.Any("abandoned", names))
	}
	for _, s := range r.Stages {
		attrs = append(attrs, slog.GroupAttrs(s.Stage, s.attrs()...))
	}
	return slog.GroupValue(attrs...)
}

func (r StageReport) attrs() []slog.Attr {
	attrs := []slog.Attr{slog.Duration("took", r.Took)}
	if r.Drain > 0 {
		attrs = append(attrs, slog.Duration("drain", r.Drain))
	}
	if r.DrainErr != "" {
		attrs = append(attrs, slog.String("drain_error", r.DrainErr))
	}
	if len(r.Stuck) > 0 {
		attrs = append(attrs, slog.Any("stuck", r.Stuck))
	}
	if len(r.Ended) > 0 {
		attrs = append(attrs, slog.Any("ended", r.Ended))
	}
	if r.CloseErr != "" {
		attrs = append(attrs, slog.String("close_error", r.CloseErr))
	}
	return attrs
}

func (r *StageReport) hung(function string) { r.Hung = append(r.Hung, function) }

func (r *StageReport) ended(service string, err error) {
	if r.Ended == nil {
		r.Ended = make(map[string]string)
	}
	r.Ended[service] = err.Error()
}
