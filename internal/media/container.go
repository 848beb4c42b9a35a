package media

import (
	"fmt"

	"vpo/internal/library"
	"vpo/internal/media/avi"
	"vpo/internal/media/isobmff"
	"vpo/internal/media/matroska"
	"vpo/internal/media/mpegts"
	"vpo/internal/media/source"
)

// reserved is how many zeros at the beginning make a file one that nobody has written to yet.
const reserved = 64 << 10 // bytes

// errNothing says that a file has no content that anybody could read.
var errNothing = fmt.Errorf("%w", library.ErrIncomplete)

// containers are those that are read natively. The order counts where a beginning could be taken for two of them: the
// transport stream, which has one byte in 188 to be known by, comes last.
var containers = [...]struct {
	is   func(head []byte) bool
	read func(src *source.Source) (library.Media, error)
}{
	{matroska.Is, matroska.Read},
	{isobmff.Is, isobmff.Read},
	{avi.Is, avi.Read},
	{mpegts.Is, mpegts.Read},
}

// read reads a file whose container its first bytes tell, whatever its name is.
func read(src *source.Source, sniffed int) (library.Media, error) {
	head, err := src.Available(0, min(sniffed, source.MaxPiece))
	if err != nil {
		return library.Media{}, err
	}
	for _, container := range containers {
		if container.is(head) {
			media, err := container.read(src)
			for i := range media.Tracks {
				infer(&media.Tracks[i])
			}
			return media, err
		}
	}
	if head, err = src.Available(0, reserved); err != nil {
		return library.Media{}, err
	}
	if blank(head) {
		return library.Media{}, emptiness(len(head))
	}
	return library.Media{}, errUnknown
}

// blank tells whether all bytes are zero.
func blank(head []byte) bool {
	for _, b := range head {
		if b != 0 {
			return false
		}
	}
	return true
}

// emptiness describes a file that begins with so many zeros and nothing else.
func emptiness(zeros int) error {
	if zeros == 0 {
		return fmt.Errorf("%w: it is empty", errNothing)
	}
	return fmt.Errorf("%w: it begins with nothing but zeros, as a download does that reserves its room first", errNothing)
}
