package matroska

import (
	"vpo/internal/library"
	"vpo/internal/media/codec"
)

const maxCover = 256 << 10 // bytes of a cover that are looked at: cameras put other pictures in front of its size

// readCover reads the size and the format of a cover. One that makes no sense remains a cover without them.
func (r *reader) readCover(t *library.Track, file walker) error {
	read := codec.Frame(t.Codec)
	if read == nil {
		return nil
	}
	var err error
	for _, limit := range [...]int{maxPicture, maxCover} {
		data := file.data(limit)
		if file.err != nil {
			return file.err
		}
		if err = read(t, data); err == nil {
			return nil
		}
	}
	r.warn("attached picture %q: %v", t.FileName, err)
	return nil
}
