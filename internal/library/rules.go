package library

import (
	"path/filepath"
	"slices"
	"strings"
)

// videoExtensions are the names of container formats that people keep films in. Playlists, disc images and the pieces of
// a DVD (VOB) are left out: one of them is not one film.
var videoExtensions = []string{
	"3gp", "avi", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "ogv", "ts", "webm", "wmv",
}

// housekeeping are the folders that operating systems and storage appliances put into every volume, in lower case.
// What they hold are deleted files, thumbnails and snapshots, not films.
var housekeeping = []string{
	"#recycle", "#snapshot", "$recycle.bin", "@eadir", "lost+found", "system volume information",
}

// VideoExtensions returns the extensions that count as video where the user names none: lower case, without the dot,
// sorted.
func VideoExtensions() []string { return slices.Clone(videoExtensions) }

// Extension returns the extension of a file name as the column files.extension keeps it: lower case, without the dot.
// A name that is all extension, such as ".mkv", has none.
func Extension(name string) string {
	extension := filepath.Ext(name)
	if len(extension) == len(name) {
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(extension, "."))
}

// NormalizeExtensions returns what a user gave as a list of extensions (".MKV", "mp4", " avi") in the form that
// Extension returns: sorted, each once. An empty list means VideoExtensions.
func NormalizeExtensions(given []string) []string {
	var extensions []string
	for _, extension := range given {
		extension = strings.ToLower(strings.TrimLeft(strings.TrimSpace(extension), "."))
		if extension != "" {
			extensions = append(extensions, extension)
		}
	}
	if len(extensions) == 0 {
		return VideoExtensions()
	}
	slices.Sort(extensions)
	return slices.Compact(extensions)
}

// Ignored tells whether a scan passes over a file or folder with this name: hidden ones, whose name starts with a dot,
// and the folders that systems keep for themselves. A folder that the user names is scanned whatever its name.
func Ignored(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains(housekeeping, strings.ToLower(name))
}
