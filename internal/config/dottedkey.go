package config

import (
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// dottedKey is the full name of a key or table of the file. It is never empty.
type dottedKey []segment

type segment struct {
	name   string
	offset int // in the file
}

// newDottedKey returns the name of a node, which is a table or a key of table.
func newDottedKey(table dottedKey, node *unstable.Node) dottedKey {
	name := slices.Clip(table)
	for it := node.Key(); it.Next(); {
		part := it.Node()
		name = append(name, segment{name: string(part.Data), offset: int(part.Raw.Offset)})
	}
	return name
}

// offset returns where the last part begins.
func (n dottedKey) offset() int { return n[len(n)-1].offset }

// String renders the name with dots. What TOML has to quote stays quoted, so that "a.b" is not taken for a and b.
func (n dottedKey) String() string {
	const bare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	parts := make([]string, len(n))
	for i, s := range n {
		parts[i] = s.name
		if s.name == "" || len(s.name) > maxQuoted || strings.Trim(s.name, bare) != "" {
			parts[i] = quote(s.name)
		}
	}
	return strings.Join(parts, ".")
}

// lookup returns the value of the name in a decoded file.
func (n dottedKey) lookup(values map[string]any) (any, bool) {
	var at any = values
	for _, s := range n {
		table, ok := at.(map[string]any)
		if !ok {
			return nil, false
		}
		if at, ok = table[s.name]; !ok {
			return nil, false
		}
	}
	return at, true
}

// class is what a name of the file means to this program.
type class int

const (
	unknown   class = iota
	section         // a table that holds keys
	ours            // a key
	misplaced       // a key that the file cannot set
	pythons         // a key or table of the Python program
)

// match is what a name means, and the beginning of it that tells.
type match struct {
	class class
	name  dottedKey
	key   key
}

// match finds the meaning of the name: that of its shortest beginning that is not just a table of ours.
func (n dottedKey) match() match {
	for i := range n {
		m := match{name: n[:i+1]}
		shown := m.name.String()
		if m.class, m.key = classify(shown); m.class != section {
			return m
		}
	}
	return match{class: section, name: n}
}

func classify(name string) (class, key) {
	k, ok := findKey(name)
	switch {
	case ok && k.role == folder:
		return misplaced, k
	case ok:
		return ours, k
	case isSection(name):
		return section, k
	case slices.Contains(pythonOnly, name):
		return pythons, k
	default:
		return unknown, k
	}
}
