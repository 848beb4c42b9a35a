package matroska

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"

	"vpo/internal/library"
)

// Parts of a track that an encoding applies to (RFC 9559, 5.1.4.1.31.3).
const (
	scopeFrames  = 1
	scopePrivate = 2
)

// Compressions (RFC 9559, 5.1.4.1.31.6). bzlib and LZO are in nobody's use.
const (
	compressionZlib  = 0
	compressionStrip = 3
)

const maxStripped = 256 // bytes in front of every frame that a file may have left out

// encoding is what was done to the frames of a track, or to its CodecPrivate, after they had left the encoder.
type encoding struct {
	scope  uint64
	zlib   bool
	prefix []byte // what was stripped
	opaque bool   // encrypted, or compressed in a way that is not read here
}

// read reads the encodings of a track (RFC 9559, 5.1.4.1.31). Several on top of each other are not read, by ffprobe
// neither.
func (e *encoding) read(w walker) error {
	count := 0
	for w.next() {
		if w.id != idEncoding {
			continue
		}
		if count++; count > 1 {
			e.opaque = true
		}
		w.err = e.readOne(w.inside())
	}
	return w.err
}

// readOne reads an encoding. One that names neither a compression nor a key does nothing; mkvmerge can write such.
func (e *encoding) readOne(w walker) error {
	scope := uint64(scopeFrames)
	for w.next() {
		switch w.id {
		case idEncodingScope:
			scope = w.uint()
		case idEncodingType:
			e.opaque = e.opaque || w.uint() != 0
		case idCompression:
			w.err = e.readCompression(w.inside())
		}
	}
	e.scope |= scope
	return w.err
}

func (e *encoding) readCompression(w walker) error {
	algorithm := uint64(compressionZlib)
	for w.next() {
		switch w.id {
		case idCompressionAlgo:
			algorithm = w.uint()
		case idCompressionData:
			if w.size > maxStripped {
				e.opaque = true
				continue
			}
			e.prefix = bytes.Clone(w.data(maxStripped))
		}
	}
	e.zlib = algorithm == compressionZlib
	if !e.zlib && algorithm != compressionStrip {
		e.opaque = true
	}
	return w.err
}

// undo gives back what data were before the encoding, up to limit bytes of it. It is data itself where nothing was done
// to them.
func (e *encoding) undo(scope uint64, data []byte, limit int) ([]byte, error) {
	switch {
	case e.scope&scope == 0:
		return data, nil
	case e.opaque:
		return nil, fmt.Errorf("%w: encrypted or compressed in an unknown way", library.ErrMalformed)
	case e.zlib:
		return inflate(data, limit)
	case len(e.prefix) == 0: // nothing was stripped
		return data, nil
	default:
		whole := make([]byte, 0, len(e.prefix)+len(data))
		return append(append(whole, e.prefix...), data...), nil
	}
}

// inflate decompresses what fits into limit bytes. Data that end too early give what there was before.
func inflate(data []byte, limit int) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: compressed data: %w", library.ErrMalformed, err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, int64(limit)))
	if err != nil && len(plain) == 0 {
		return nil, fmt.Errorf("%w: compressed data: %w", library.ErrMalformed, err)
	}
	return plain, nil
}
