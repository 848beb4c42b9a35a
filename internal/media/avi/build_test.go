package avi_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/avi"
	"vpo/internal/media/source"
)

// chunk makes a chunk of a RIFF file.
func chunk(name string, parts ...[]byte) []byte {
	data := bytes.Join(parts, nil)
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
	if b = append(b, data...); len(data)&1 == 1 {
		b = append(b, 0)
	}
	return b
}

func list(kind string, parts ...[]byte) []byte {
	return chunk("LIST", append([][]byte{[]byte(kind)}, parts...)...)
}

func riff(parts ...[]byte) []byte {
	return chunk("RIFF", append([][]byte{[]byte("AVI ")}, parts...)...)
}

// numbers makes little-endian numbers of four bytes.
func numbers(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// strh makes the header of a stream.
func strh(kind, handler string, scale, rate, length, sampleSize uint32) []byte {
	return chunk("strh", []byte(kind), []byte(handler), numbers(0, 0, 0, scale, rate, 0, length, 0, 0, sampleSize, 0, 0))
}

// bitmap makes the format of a picture of 160x90.
func bitmap(tag string, bits uint32, extra ...byte) []byte {
	return chunk("strf", numbers(40, 160, 90, 1|bits<<16), []byte(tag), numbers(0, 0, 0, 0, 0), extra)
}

// wave makes the format of sound at 8 kHz.
func wave(tag, channels, bits uint16, extra ...byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, tag)
	b = binary.LittleEndian.AppendUint16(b, channels)
	align := channels * bits / 8
	b = append(b, numbers(8000, 8000*uint32(align))...)
	for _, v := range []uint16{align, bits, uint16(len(extra))} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	return chunk("strf", b, extra)
}

// rawPicture is a stream of pictures without a codec at 25 frames a second.
func rawPicture(frames uint32) []byte {
	return list("strl", strh("vids", "\x00\x00\x00\x00", 1, 25, frames, 0), bitmap("\x00\x00\x00\x00", 24))
}

// small is a complete file of 8 frames.
func small() []byte {
	return riff(list("hdrl", chunk("avih", numbers(40000, 0, 0, 0, 8, 0, 1, 0, 160, 90, 0, 0, 0, 0)), rawPicture(8)),
		list("INFO", chunk("INAM", []byte("Small\x00"))), list("movi", chunk("00db", make([]byte, 100))))
}

// content is a file in memory whose first bytes are known, as those of scanned files are.
func content(data []byte) library.Content {
	return library.Content{Data: bytes.NewReader(data), Size: int64(len(data)), Head: data[:min(len(data), 64<<10)]}
}

func read(t testing.TB, data []byte) (library.Media, error) {
	t.Helper()
	return avi.Read(source.New(t.Context(), content(data)))
}

func mustRead(t testing.TB, data []byte) library.Media {
	t.Helper()
	media, err := read(t, data)
	if err != nil {
		t.Fatal(err)
	}
	return media
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeFile(t testing.TB, data []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "built.avi")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
