package library_test

import (
	"slices"
	"testing"

	"vpo/internal/library"
)

func TestExtension(t *testing.T) {
	for name, want := range map[string]string{
		"":                  "",
		".":                 "",
		".mkv":              "",
		"film":              "",
		"film.":             "",
		"film.mkv":          "mkv",
		"FILM.MKV":          "mkv",
		"film.part.1.Mp4":   "mp4",
		"film..mkv":         "mkv",
		"film.mkv ":         "mkv ",
		"новый фильм.AVI":   "avi",
		"line\nbreak.webm":  "webm",
		"-v.mov":            "mov",
		"Season 1.5 extras": "5 extras",
	} {
		if got := library.Extension(name); got != want {
			t.Errorf("Extension(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestNormalizeExtensions(t *testing.T) {
	t.Run("NothingGivenMeansAllVideo", func(t *testing.T) {
		for _, given := range [][]string{nil, {}, {"", " ", "."}} {
			if got := library.NormalizeExtensions(given); !slices.Equal(got, library.VideoExtensions()) {
				t.Errorf("NormalizeExtensions(%q) = %q", given, got)
			}
		}
	})
	t.Run("DotsCapitalsSpacesAndRepeatsGo", func(t *testing.T) {
		got := library.NormalizeExtensions([]string{".MKV", " mp4", "mkv", "..avi "})
		if want := []string{"avi", "mkv", "mp4"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestVideoExtensions(t *testing.T) {
	t.Run("TheListIsTheCallers", func(t *testing.T) {
		library.VideoExtensions()[0] = "changed"
		if library.VideoExtensions()[0] == "changed" {
			t.Error("a caller changed the list of all")
		}
	})
	t.Run("IsInTheFormOfExtension", func(t *testing.T) {
		all := library.VideoExtensions()
		if !slices.IsSorted(all) {
			t.Errorf("not sorted: %q", all)
		}
		for _, extension := range all {
			if got := library.Extension("film." + extension); got != extension {
				t.Errorf("Extension(film.%s) = %q", extension, got)
			}
		}
	})
	t.Run("HoldsWhatThePythonProgramScans", func(t *testing.T) {
		for _, extension := range []string{"mkv", "mp4", "avi", "webm", "m4v", "mov"} {
			if !slices.Contains(library.VideoExtensions(), extension) {
				t.Errorf("%s is missing", extension)
			}
		}
	})
}

func TestIgnored(t *testing.T) {
	for name, want := range map[string]bool{
		".hidden":       true,
		".Trash-1000":   true,
		"._film.mkv":    true,
		"lost+found":    true,
		"@eaDir":        true,
		"$RECYCLE.BIN":  true,
		"$Recycle.Bin":  true,
		"#recycle":      true,
		"Films":         false,
		"Trash":         false,
		"film.mkv":      false,
		"...and action": true,
		"":              false,
	} {
		if got := library.Ignored(name); got != want {
			t.Errorf("Ignored(%q) = %v, want %v", name, got, want)
		}
	}
}
