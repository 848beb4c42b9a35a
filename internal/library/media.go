package library

import "errors"

// Media is what a file holds: the outcome of reading its container.
type Media struct {
	ContainerFormat string            // ffprobe's format_name, "matroska,webm"
	DurationSeconds float64           // 0 where unknown
	Tags            map[string]string // of the container; keys in lower case; nil where there are none
	Tracks          []Track           // in the order of the container
	Warnings        []string          // what was odd and did not keep the file from being read
}

// ErrProberUnavailable says that a file could not be examined for a reason that lies outside of it, such as a program
// that cannot be started. It tells nothing about the file, which is to be tried again.
var ErrProberUnavailable = errors.New("no program to read video files with")
