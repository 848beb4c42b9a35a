package media_test

import (
	"fmt"
	"slices"
	"strings"
)

// documentPath is where the outcome of the comparison is kept.
const documentPath = "../../docs/media-support.md"

// outcome is what comparing all files has brought.
type outcome struct {
	files   []compared
	allowed []allowance // that were needed; the position is the number in the document
	asked   []allowance
}

// column of a table stands for some fields.
type column struct {
	title  string
	fields []string
}

func trackColumns() []column {
	return []column{
		{"codec, profile", []string{"Index", "Type", "Codec", "Profile"}},
		{"language, title", []string{"Language", "LanguageTag", "Title"}},
		{"flags", []string{"Default", "Forced", "HearingImpaired", "Commentary"}},
		{"duration", []string{"DurationSeconds"}},
		{"size, aspect", []string{"Width", "Height", "SampleAspect"}},
		{"frame rate", []string{"FrameRate"}},
		{"pixels", []string{"PixelFormat"}},
		{"colours", []string{"ColorTransfer", "ColorPrimaries", "ColorSpace", "ColorRange"}},
		{"HDR", []string{"Mastering", "ContentLight", "DolbyVision"}},
		{"channels", []string{"Channels", "ChannelLayout", "SampleRate"}},
		{"bits", []string{"BitDepth"}},
		{"file name", []string{"FileName", "MimeType"}},
	}
}

func fileColumns() []column {
	return []column{
		{"format", []string{"ContainerFormat"}}, {"duration", []string{"DurationSeconds"}}, {"tags", []string{"Tags"}},
		{"chapters", []string{"Chapters"}}, {"tracks", []string{"Tracks"}},
	}
}

// row counts what was found in the files of one container about one codec.
type row struct {
	container, codec string
	tracks           int
	told             map[string]bool // fields that a reader says something about
	notes            map[string][]int
}

// rows collects the table about tracks, and the one about files where codec names are empty.
func (o *outcome) rows() (files, tracks []*row) {
	for _, c := range o.files {
		if c.doubt != "" || c.failed {
			continue
		}
		files = note(files, c.sample.container, "", func(r *row) {
			for _, field := range fileFields {
				r.tell(field.name, field.of(&c.native)+field.of(&c.ffprobe))
			}
			o.number(r, c.differ)
		})
		seen := map[string]bool{}
		for i := range c.ffprobe.Tracks {
			t := &c.ffprobe.Tracks[i]
			tracks = note(tracks, c.sample.container, codecName(t), func(r *row) {
				for _, field := range trackFields {
					r.tell(field.name, field.of(t))
				}
				if !seen[r.codec] {
					o.number(r, c.differ)
				}
				seen[r.codec] = true
			})
		}
	}
	return files, tracks
}

// note adds to the row of a container and a codec, which it makes where there is none.
func note(rows []*row, container, codec string, add func(*row)) []*row {
	at := slices.IndexFunc(rows, func(r *row) bool { return r.container == container && r.codec == codec })
	if at < 0 {
		at = len(rows)
		rows = append(rows, &row{container: container, codec: codec, told: map[string]bool{}, notes: map[string][]int{}})
	}
	rows[at].tracks++
	add(rows[at])
	return rows
}

func (r *row) tell(field, text string) {
	if text != "" {
		r.told[field] = true
	}
}

// number notes the differences of a file that belong to the row.
func (o *outcome) number(r *row, differ []difference) {
	for _, d := range differ {
		if d.codec != r.codec {
			continue
		}
		n := 1 + slices.IndexFunc(o.allowed, func(a allowance) bool { return a.fits(d) })
		if !slices.Contains(r.notes[d.field], n) {
			r.notes[d.field] = append(r.notes[d.field], n)
		}
	}
}

// cell tells how it stands with the fields of a column.
func (r *row) cell(c column) string {
	var notes []int
	told := false
	for _, field := range c.fields {
		notes = append(notes, r.notes[field]...)
		told = told || r.told[field]
	}
	slices.Sort(notes)
	switch notes = slices.Compact(notes); {
	case len(notes) > 0:
		return "see " + strings.Trim(strings.ReplaceAll(fmt.Sprint(notes), " ", ", "), "[]")
	case told:
		return "yes"
	default:
		return ""
	}
}

// table writes rows as a table of Markdown.
func table(out *strings.Builder, first []string, columns []column, rows []*row, name func(*row) []string) {
	head := slices.Clone(first)
	for _, c := range columns {
		head = append(head, c.title)
	}
	line(out, head)
	line(out, strings.Fields(strings.Repeat("--- ", len(head))))
	for _, r := range rows {
		cells := name(r)
		for _, c := range columns {
			cells = append(cells, r.cell(c))
		}
		line(out, cells)
	}
}

func line(out *strings.Builder, cells []string) {
	out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}
