package mpegts_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/mpegts"
	"vpo/internal/media/source"
)

const mapPID = 0x1000 // of the programs that are built here

// packets cuts a payload into the packets of one PID. The last one is filled up with an adaptation field.
func packets(pid int, payload []byte) []byte {
	const room = 184
	var b []byte
	counter := byte(0)
	for start := true; start || len(payload) > 0; start = false {
		n := min(len(payload), room)
		packet := []byte{0x47, byte(pid >> 8), byte(pid), 0x10 | counter&15}
		counter++
		if start {
			packet[1] |= 0x40
		}
		if fill := room - n; fill > 0 {
			packet[3] |= 0x20
			packet = append(packet, byte(fill-1))
			if fill > 1 {
				packet = append(append(packet, 0), bytes.Repeat([]byte{0xFF}, fill-2)...)
			}
		}
		b = append(append(b, packet...), payload[:n]...)
		payload = payload[n:]
	}
	return b
}

// section makes the packets of a section of a table, with its check sum.
func section(pid int, table byte, id uint16, version byte, body ...[]byte) []byte {
	content := slices.Concat(body...)
	b := []byte{table, 0xB0, 0}
	binary.BigEndian.PutUint16(b[1:], 0xB000|uint16(5+len(content)+4))
	b = binary.BigEndian.AppendUint16(b, id)
	b = append(append(b, 0xC1|version<<1, 0, 0), content...)
	sum := ^uint32(0)
	for _, c := range b {
		for bit := 7; bit >= 0; bit-- {
			carry := sum>>31 ^ uint32(c>>bit&1)
			if sum <<= 1; carry == 1 {
				sum ^= 0x04C11DB7
			}
		}
	}
	return packets(pid, append([]byte{0}, binary.BigEndian.AppendUint32(b, sum)...))
}

// association makes a program association table of programs whose maps have the PIDs from mapPID on.
func association(programs int) []byte {
	var body []byte
	for i := range programs {
		body = binary.BigEndian.AppendUint16(body, uint16(i+1))
		body = binary.BigEndian.AppendUint16(body, uint16(0xE000|(mapPID+i)))
	}
	return section(0, 0, 1, 0, body)
}

// programMap makes the map of the program so many of the association table.
func programMap(index int, info []byte, streams ...[]byte) []byte {
	body := []byte{0xE1, 0x00, 0xF0 | byte(len(info)>>8), byte(len(info))}
	return section(mapPID+index, 2, uint16(index+1), 0, body, info, slices.Concat(streams...))
}

// elementary makes the entry of a stream in the map of a program.
func elementary(streamType byte, pid int, descriptors ...[]byte) []byte {
	d := slices.Concat(descriptors...)
	return append([]byte{streamType, 0xE0 | byte(pid>>8), byte(pid), 0xF0 | byte(len(d)>>8), byte(len(d))}, d...)
}

func descriptor(tag byte, data string) []byte { return append([]byte{tag, byte(len(data))}, data...) }

// unit makes the packets of a PES packet with a time stamp in ticks.
func unit(pid int, id byte, pts int64, data []byte) []byte {
	b := []byte{0, 0, 1, id, 0, 0, 0x80, 0x80, 5,
		0x21 | byte(pts>>29&0x0E), byte(pts >> 22), 1 | byte(pts>>14), byte(pts >> 7), 1 | byte(pts<<1)}
	return packets(pid, append(b, data...))
}

// tone is a frame of silence of MPEG-1 layer 2 at 48 kHz, mono: 64 kbit/s make 192 bytes, 24 ms, 2160 ticks.
func tone() []byte { return append([]byte{0xFF, 0xFD, 0x44, 0xC0}, make([]byte, 188)...) }

const toneTicks = 2160

// tones makes n frames of sound in a stream.
func tones(pid int, pts int64, n int) []byte {
	var b []byte
	for i := range int64(n) {
		b = append(b, unit(pid, 0xC0, (pts+i*toneTicks)&(1<<33-1), tone())...)
	}
	return b
}

// small is a program of one sound of ten frames.
func small() []byte {
	return slices.Concat(association(1), programMap(0, nil, elementary(3, 0x100)), tones(0x100, 90_000, 10))
}

// content is a file in memory whose first bytes are known, as those of scanned files are.
func content(data []byte) library.Content {
	return library.Content{Data: bytes.NewReader(data), Size: int64(len(data)), Head: data[:min(len(data), 64<<10)]}
}

func read(t testing.TB, data []byte) (library.Media, error) {
	t.Helper()
	return mpegts.Read(source.New(t.Context(), content(data)))
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
	path = filepath.Join(t.TempDir(), "built.ts")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
