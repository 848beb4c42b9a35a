package media_test

import "path"

// allowance is a difference between this program and ffprobe that is meant to be. Empty fields fit everything.
type allowance struct {
	file   string // a pattern of path.Match
	codec  string // as ffprobe names it; "-" for a field of the file
	field  string // a pattern of path.Match
	here   string // what this program says; "-" for nothing
	reason string // for the document
}

// fits tells whether the difference is the one that is allowed.
func (a allowance) fits(d difference) bool {
	return fits(a.file, d.file) && fits(a.field, d.field) && equals(a.codec, d.codec) && equals(a.here, d.here)
}

func fits(pattern, name string) bool {
	if pattern == "" {
		return true
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

func equals(want, text string) bool {
	if want == "-" {
		return text == ""
	}
	return want == "" || want == text
}

// allowances are all differences that are allowed, each with its reason. One that no file needs any more fails the test.
func allowances() []allowance {
	return []allowance{}
}

// secondOpinions are the files of the matrix for which ffprobe is asked, and why that is right.
func secondOpinions() []allowance {
	return []allowance{
		{file: "flv-*", reason: "Flash Video is not read natively."},
		{file: "mpg-*", reason: "Program streams (DVD) are not read natively: their headers are spread over the whole file."},
		{file: "wmv-*", reason: "ASF is not read natively."},
		{file: "ogv-*", reason: "Ogg is not read natively."},
		{file: "mkv-live.mkv", reason: "A recording that was never finished tells no duration."},
	}
}
