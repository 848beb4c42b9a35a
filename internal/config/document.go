package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// maxFileProblems bounds what is reported of one file. Whoever has more has named the wrong file.
const maxFileProblems = 50

// document is a configuration file that is being read. go-toml decodes it to a tree of values, which knows no positions; a
// second pass, over its syntax, finds out which keys there are and where.
type document struct {
	path     string
	data     []byte
	values   map[string]any
	lines    lines
	told     map[string]bool // names that have been reported or noted
	unused   []string        // names that only the Python program knows, in the order of the file
	problems *Problems
	set      func(setting) // takes each key that the file sets
}

// setting is a key that the file sets.
type setting struct {
	key    key
	raw    any
	origin string // "path:line"
	source string // "path:line:column"
}

// read goes through the bytes of the file.
func (d *document) read(data []byte) {
	d.data = bytes.TrimPrefix(data, []byte("\ufeff")) // editors on Windows put a byte order mark there
	d.lines = newLines(d.data)
	d.told = map[string]bool{}
	if at := invalidUTF8(d.data); at >= 0 {
		d.problem(at, "", "is not UTF-8 text; save the file as UTF-8")
		return
	}
	if err := toml.Unmarshal(d.data, &d.values); err != nil {
		d.syntaxProblem(err)
		return
	}
	d.walk()
}

// syntaxProblem reports what go-toml found. Of its message the part that quotes a value, which may be a secret, is cut.
func (d *document) syntaxProblem(err error) {
	source := d.path
	if e, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, column := e.Position()
		source = fmt.Sprintf("%s:%d:%d", d.path, line, column)
	}
	message, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "toml: "), ": strconv")
	d.problems.add(source, "", "malformed TOML: "+message+"; correct the line")
}

// walk goes through the tables and keys in their order.
func (d *document) walk() {
	var p unstable.Parser
	p.Reset(d.data)
	var table dottedKey
	for p.NextExpression() {
		switch node := p.Expression(); node.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = newDottedKey(nil, node)
			d.header(table, node.Kind == unstable.ArrayTable)
		case unstable.KeyValue:
			d.keyValue(table, node)
		}
		if len(d.problems.list) >= maxFileProblems {
			d.problems.add(d.path, "", "has too many problems; the rest of the file was not checked")
			return
		}
	}
}

// header checks the name of a table, or of a list of tables.
func (d *document) header(name dottedKey, list bool) {
	switch m := name.match(); {
	case m.class == ours:
		d.wrongType(m.name, "a table")
	case m.class == section && list:
		d.wrongType(m.name, "a list of tables")
	default:
		d.notOurs(m)
	}
}

// keyValue checks a key with its value; the members of an inline table count as keys.
func (d *document) keyValue(table dottedKey, node *unstable.Node) {
	name := newDottedKey(table, node)
	m := name.match()
	switch {
	case m.class == ours && len(m.name) < len(name):
		d.wrongType(m.name, "a table")
	case m.class == ours:
		d.setting(m)
	case m.class == section && node.Value().Kind == unstable.InlineTable:
		for it := node.Value().Children(); it.Next(); {
			d.keyValue(name, it.Node())
		}
	case m.class == section:
		raw, _ := name.lookup(d.values)
		d.wrongType(name, typeName(raw))
	default:
		d.notOurs(m)
	}
}

// setting passes a key on with its value. In a list of tables, which has been reported, it finds none.
func (d *document) setting(m match) {
	raw, ok := m.name.lookup(d.values)
	if !ok {
		return
	}
	line, column := d.lines.position(m.name.offset())
	origin := fmt.Sprintf("%s:%d", d.path, line)
	d.set(setting{key: m.key, raw: raw, origin: origin, source: fmt.Sprintf("%s:%d", origin, column)})
}

// notOurs deals with a name that is no key of this program, once for all that is below it.
func (d *document) notOurs(m match) {
	shown := m.name.String()
	if m.class == section || !d.first(shown) {
		return
	}
	switch m.class {
	case pythons:
		d.unused = append(d.unused, shown)
	case misplaced:
		d.problem(m.name.offset(), shown,
			"cannot be set in the file, which is looked for in it; set the environment variable "+m.key.env)
	default:
		d.problem(m.name.offset(), shown,
			fmt.Sprintf("unknown key; the nearest known key is %q", nearest(shown, fileNames())))
	}
}

// wrongType reports a table where a value belongs, or the other way round.
func (d *document) wrongType(name dottedKey, found string) {
	shown := name.String()
	if !d.first(shown) {
		return
	}
	advice := "write " + shown + " = and a value"
	if isSection(shown) {
		advice = "write the table [" + shown + "]"
	}
	d.problem(name.offset(), shown, "found "+found+"; "+advice)
}

// first tells whether name has not been reported so far.
func (d *document) first(name string) bool {
	told := d.told[name]
	d.told[name] = true
	return !told
}

func (d *document) problem(offset int, key, message string) {
	line, column := d.lines.position(offset)
	d.problems.add(fmt.Sprintf("%s:%d:%d", d.path, line, column), key, message)
}

// fileNames returns all names that mean something in a file.
func fileNames() []string {
	var names []string
	for _, k := range keys {
		if k.role == folder {
			continue
		}
		if table, _, ok := strings.Cut(k.name, "."); ok && !slices.Contains(names, table) {
			names = append(names, table)
		}
		names = append(names, k.name)
	}
	return append(names, pythonOnly...)
}
