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

// A sample is at most this large, in bytes, and the film that it comes with at least so many times larger.
const (
	maxSample    = 300 << 20
	sampleFactor = 8
)

// Sample tells whether a file is one of the short samples that come with downloads, which are no films: one named so that
// is small beside the largest video file of its folder, or that lies in a folder of its own, named so, too.
func Sample(folder, name string, size, largest int64) bool {
	name = strings.ToLower(strings.TrimSuffix(name, filepath.Ext(name)))
	if size > maxSample || !strings.Contains(name, "sample") {
		return false
	}
	if strings.EqualFold(folder, "sample") {
		return true
	}
	named := name == "sample" || slices.ContainsFunc([]string{"-", ".", "_", " "}, func(separator string) bool {
		return strings.HasPrefix(name, "sample"+separator) || strings.HasSuffix(name, separator+"sample")
	})
	return named && size <= largest/sampleFactor
}

// extraFolders are the names that Plex and Jellyfin have for folders of what comes with a film, in lower case.
var extraFolders = []string{
	"behind the scenes", "deleted scenes", "extras", "featurettes", "interviews", "scenes", "shorts", "trailers",
}

// extraEndings are the endings that the same programs have for the names of such files, in lower case.
var extraEndings = []string{
	"-behindthescenes", "-deleted", "-deletedscene", "-extra", "-featurette", "-interview", "-scene", "-short", "-trailer",
}

// Extra tells whether a file is what comes with a film, such as a trailer, by its name or that of its folder.
func Extra(folder, name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, filepath.Ext(name)))
	return slices.Contains(extraFolders, strings.ToLower(folder)) ||
		slices.ContainsFunc(extraEndings, func(ending string) bool { return strings.HasSuffix(name, ending) })
}
