package matroska

import (
	"strings"
	"unicode/utf8"
)

const (
	maxTags     = 2000 // of one file
	maxTagDepth = 4    // of tags in tags
)

// tag is one of the container, with ffprobe's key in lower case.
type tag struct{ key, value string }

// readTags reads the tags that belong to the whole file (RFC 9559, 5.1.8). Those of tracks, chapters and attachments
// are statistics and notes that nobody asks for.
func (r *reader) readTags(w walker) error {
	for w.next() {
		if w.id != idTag {
			continue
		}
		prefix, global, err := targets(w.inside())
		if err == nil && global {
			err = r.simpleTags(w.inside(), prefix, 1)
		}
		w.err = err
	}
	return w.err
}

// targets tells whether a tag belongs to the whole file, and how its target is named; that can stand behind the values.
func targets(w walker) (name string, global bool, err error) {
	global = true
	for w.next() {
		if w.id != idTargets {
			continue
		}
		target := w.inside()
		for target.next() {
			switch target.id {
			case idTargetType:
				name = target.text(maxKey)
			case idTagTrackUID, idTagChapterUID, idTagFileUID:
				global = global && target.uint() == 0
			}
		}
		w.err = target.err
	}
	return name, global, w.err
}

// simpleTags reads the values that lie in a tag, or in another value. ffprobe names such a value by the way to it:
// "MOVIE/DIRECTOR".
func (r *reader) simpleTags(w walker, prefix string, depth int) error {
	for w.next() {
		if w.id == idSimpleTag {
			w.err = r.simpleTag(w.inside(), prefix, depth)
		}
	}
	return w.err
}

// simpleTag reads one value. One that is in a language has it in its key, and is told without it too where it is the
// value for all who do not choose.
func (r *reader) simpleTag(w walker, prefix string, depth int) error {
	var name, lang, value string
	original := false
	var nested walker // through the whole value, where it holds others
	self := w
	for w.next() {
		switch w.id {
		case idTagName:
			name = w.text(maxKey + 1)
		case idTagLanguage:
			lang = w.text(maxKey)
		case idTagDefault:
			original = w.flag()
		case idTagString:
			value = w.text(maxText + 1)
		case idSimpleTag:
			nested = self
		}
	}
	if w.err != nil || name == "" {
		return w.err
	}
	if prefix != "" {
		name = prefix + "/" + name
	}
	localized := lang != "" && lang != "und"
	if !localized || original {
		if err := r.tellTag(tag{name, value}, nested, depth); err != nil {
			return err
		}
	}
	if localized {
		return r.tellTag(tag{name + "-" + lang, value}, nested, depth)
	}
	return nil
}

// tellTag keeps a value, and those that lie in it under keys that begin with its own.
func (r *reader) tellTag(t tag, nested walker, depth int) error {
	r.addTag(t.key, t.value)
	if nested.doc == nil || depth >= maxTagDepth {
		return nil
	}
	return r.simpleTags(nested, t.key, depth+1)
}

// addTag keeps a tag, unless it is longer than a tag may be.
func (r *reader) addTag(key, value string) {
	if len(r.tags) >= maxTags || utf8.RuneCountInString(key) > maxKey || utf8.RuneCountInString(value) > maxText {
		return
	}
	key = strings.ToLower(key)
	switch key { // two names that ffmpeg replaces by its own
	case "lead_performer":
		key = "performer"
	case "part_number":
		key = "track"
	}
	r.tags = append(r.tags, tag{key, value})
}

// tellTags makes the tags of the container: what its information tells, and then its tags, of which the last counts.
func (r *reader) tellTags() {
	tags := make(map[string]string, len(r.tags)+3)
	if r.info.hasTitle {
		tags["title"] = r.info.title
	}
	if r.info.hasEncoder {
		tags["encoder"] = r.info.encoder
	}
	if r.info.hasCreated {
		tags["creation_time"] = r.info.created
	}
	for _, t := range r.tags {
		tags[t.key] = t.value
	}
	if len(tags) > 0 {
		r.media.Tags = tags
	}
}
