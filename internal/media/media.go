// Package media tells what a video file holds: its container, its tags and its tracks.
//
// FFprobe asks the ffprobe program, one process a file. Running it (ffprobe.go) and understanding its answer (parse.go)
// are apart: the first knows processes, deadlines and limits, the second is a pure function of bytes. What comes out is
// a library.Media in the terms that the Python program uses too (languages as ISO 639-2/B, channel layouts named by
// their number of channels), so that a track is the same whichever program has catalogued it.
//
// Files come from anywhere, so nothing in them is believed: the process is bounded in time, in output and to local
// files, and numbers that cannot be true are dropped.
package media
