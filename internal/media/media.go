// Package media tells what a video file holds: its container, its tags, its chapters and its tracks.
//
// Prober is the way in. It recognises the container by its first bytes and lets the reader of that container (the packages
// below this one) read the headers, which costs some tens of microseconds. Where those are not enough it asks for a second
// opinion, which FFprobe gives: one process a file, bounded in time, memory and output, and to local files. Running it
// (ffprobe.go) and understanding its answer (parse.go) are apart: the first knows processes, deadlines and limits, the
// second is a pure function of bytes.
//
// Both readers use the same words: ffmpeg's names for codecs, profiles, layouts and colours, ISO 639-2/B for languages. The
// conformance tests hold them against each other for a matrix of files that ffmpeg and mkvmerge write, and
// docs/media-support.md is what those tests found.
//
// Files come from anywhere, so nothing in them is believed: lengths are checked before they are used, and numbers that
// cannot be true are dropped.
package media
