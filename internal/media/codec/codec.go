// Package codec reads what the headers of codecs tell of a track: size, colours, channels, profile.
//
// Every function fills in the fields of a library.Track that its bytes tell and leaves the others. What a stream states
// wins over what the track held before; what it calls unspecified does not. Two fields are filled only where they are
// empty, since there the container's word counts for more: SampleAspect and FrameRate. Names of codecs, profiles,
// layouts, pixel formats and colours are ffmpeg's. Where an error is returned, the track is as it was.
//
// The bytes are not trusted. Functions that take a configuration record take a whole one, so that a record that is too
// short is library.ErrMalformed. The others take the beginning of a stream, where library.ErrIncomplete says that more of
// it would be needed.
package codec

import (
	"fmt"

	"vpo/internal/library"
)

// malformed says what in a header contradicts its format.
func malformed(what string, values ...any) error {
	return fmt.Errorf("%w: %s", library.ErrMalformed, fmt.Sprintf(what, values...))
}

// incomplete says what was looked for in a stretch of a stream, and not found up to its end.
func incomplete(what string, values ...any) error {
	return fmt.Errorf("%w: %s", library.ErrIncomplete, fmt.Sprintf(what, values...))
}

// setText fills in a field with a name, unless there is none.
func setText(field *string, name string) {
	if name != "" {
		*field = name
	}
}
