package media_test

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// withDolbyVision adds the configuration record of Dolby Vision, profile 8.1, to the sample entry of an MP4 whose headers
// come last, since no encoder at hand writes it (Dolby Vision Streams Within the ISO Base Media File Format, 3.2).
func withDolbyVision(file []byte) ([]byte, error) {
	record := make([]byte, 24)
	const profile, level, rpu, base, compatibility = 8, 1, 1, 1, 1
	record[0] = 1 // version 1.0
	record[2], record[3] = profile<<1, level<<3|rpu<<2|base
	record[4] = compatibility << 4
	box := binary.BigEndian.AppendUint32(nil, uint32(8+len(record)))
	box = append(append(box, "dvvC"...), record...)
	return insert(file, box, []step{{"moov", 0}, {"trak", 0}, {"mdia", 0}, {"minf", 0}, {"stbl", 0}, {"stsd", 8}, {"hvc1", 78}})
}

// step is a box on the way to another, and how many bytes of its own come before the boxes in it.
type step struct {
	kind string
	own  int
}

// insert puts a box at the end of the innermost of nested boxes, and corrects the sizes of all.
func insert(file, box []byte, path []step) ([]byte, error) {
	file = slices.Clone(file)
	begin, end := 0, len(file)
	for _, step := range path {
		at, err := find(file[begin:end], step.kind)
		if err != nil {
			return nil, err
		}
		at += begin
		size := binary.BigEndian.Uint32(file[at:])
		binary.BigEndian.PutUint32(file[at:], size+uint32(len(box)))
		begin, end = at+8+step.own, at+int(size)
	}
	return slices.Insert(file, end, box...), nil
}

// find returns where the first box of a kind begins.
func find(boxes []byte, kind string) (int, error) {
	for at := 0; at+8 <= len(boxes); {
		if string(boxes[at+4:at+8]) == kind {
			return at, nil
		}
		size := int(binary.BigEndian.Uint32(boxes[at:]))
		if size < 8 {
			break
		}
		at += size
	}
	return 0, fmt.Errorf("no box %s", kind)
}
