package codec

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"vpo/internal/library"
)

// flacLayouts are the layouts by number of channels (RFC 9639, 9.1.3). The surrounds, which the format leaves open, are at
// the side for ffmpeg.
var flacLayouts = [...]string{
	1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0(side)", 6: "5.1(side)", 7: "6.1", 8: "7.1",
}

// Types of FLAC's metadata blocks (RFC 9639, 8.1).
const (
	flacStreamInfo = 0
	flacComment    = 4
)

// FLAC reads the metadata blocks of FLAC (RFC 9639, 8): with or without "fLaC" before them, as the box dfLa keeps them
// behind version and flags, or a streaminfo block without its header. The comment that tells which speakers the channels
// are for (8.6.2) counts for more than their number.
func FLAC(t *library.Track, header []byte) error {
	const infoSize = 34
	rest := bytes.TrimPrefix(header, []byte("fLaC"))
	info, rest := flacBlock(rest, flacStreamInfo)
	if info == nil && len(header) == infoSize {
		info = header
	}
	if len(info) < infoSize {
		return malformed("no FLAC stream information")
	}
	b := recordBits(info)
	b.skip(16 + 16 + 24 + 24)
	s := sound{codec: "flac", rate: b.number(20), channels: b.number(3) + 1, depth: b.number(5) + 1}
	s.layout = flacLayouts[s.channels]
	if err := s.check("FLAC stream information"); err != nil {
		return err
	}
	if mask := flacMask(rest); popcount(uint64(mask)) == s.channels {
		s.layout = LayoutMask(mask)
	}
	s.fill(t)
	return nil
}

// flacBlock takes one metadata block, which is nil where it is of another kind or not there as a whole.
func flacBlock(data []byte, kind byte) (block, rest []byte) {
	const headerSize = 4
	if len(data) < headerSize {
		return nil, nil
	}
	size := int(data[1])<<16 | int(data[2])<<8 | int(data[3])
	if size > len(data)-headerSize {
		return nil, nil
	}
	block, rest = data[headerSize:headerSize+size], data[headerSize+size:]
	if data[0]&0x7f != kind {
		block = nil
	}
	if data[0]&0x80 != 0 {
		rest = nil
	}
	return block, rest
}

// flacMask looks for the channel mask among the comments; it is 0 where there is none.
func flacMask(blocks []byte) uint32 {
	const maxComments = 200
	var comments []byte
	for comments == nil && len(blocks) > 0 {
		comments, blocks = flacBlock(blocks, flacComment)
	}
	_, comments = flacText(comments)
	if len(comments) < 4 {
		return 0
	}
	count := min(binary.LittleEndian.Uint32(comments), maxComments)
	comments = comments[4:]
	for range count {
		var comment []byte
		if comment, comments = flacText(comments); comment == nil {
			return 0
		}
		if mask := maskComment(comment); mask != 0 {
			return mask
		}
	}
	return 0
}

// flacText takes one text behind its length of four bytes, nil where it is not there as a whole.
func flacText(data []byte) (text, rest []byte) {
	if len(data) < 4 {
		return nil, nil
	}
	size := binary.LittleEndian.Uint32(data)
	if uint64(size) > uint64(len(data)-4) {
		return nil, nil
	}
	return data[4 : 4+size], data[4+size:]
}

// maskComment reads "WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x60f".
func maskComment(comment []byte) uint32 {
	const name, longest = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x", 8
	if len(comment) <= len(name) || len(comment) > len(name)+longest || !bytes.EqualFold(comment[:len(name)], []byte(name)) {
		return 0
	}
	mask, err := strconv.ParseUint(string(comment[len(name):]), 16, 32)
	if err != nil {
		return 0
	}
	return uint32(mask)
}
