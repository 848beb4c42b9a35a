package library

import (
	"errors"
	"io"
)

// Media is what a file holds: the outcome of reading its container.
type Media struct {
	ContainerFormat string            // ffprobe's format_name, "matroska,webm"
	DurationSeconds float64           // 0 where unknown
	Tags            map[string]string // of the container; keys in lower case; nil where there are none
	Tracks          []Track           // in the order of the container
	Chapters        []Chapter         // in the order of the container
	Warnings        []string          // what was odd and did not keep the file from being read
	Reader          Reader            // who read it
	Doubt           string            // why the container's own headers were not enough, where Reader is ReaderFFprobe
}

// Chapter is a part of a film that the container names.
type Chapter struct {
	StartSeconds float64
	EndSeconds   float64 // 0 where the container does not tell
	Title        string
}

// Reader tells who read a container.
type Reader string

// The two that read containers.
const (
	ReaderNative  Reader = "native"  // this program, from the headers
	ReaderFFprobe Reader = "ffprobe" // the program ffprobe, as the second opinion
)

// Content is an open video file. Whoever made it closes it.
type Content struct {
	Path string
	Data io.ReaderAt
	Size int64  // bytes
	Head []byte // the first bytes of Data, as far as somebody has read them; nobody changes them
}

// ErrProberUnavailable says that a file could not be examined for a reason that lies outside of it, such as a program
// that cannot be started. It tells nothing about the file, which is to be tried again.
var ErrProberUnavailable = errors.New("no program to read video files with")

// ErrIncomplete says that a file ends before what its headers announce: a copy that was cut short, or a file that is
// still being written. ErrMalformed says that its bytes contradict the format.
var (
	ErrIncomplete = errors.New("the file is incomplete")
	ErrMalformed  = errors.New("the file is damaged")
)
