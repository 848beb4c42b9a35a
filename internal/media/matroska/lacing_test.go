package matroska

import (
	"bytes"
	"errors"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/source"
)

func TestFirstFrame(t *testing.T) {
	for _, test := range []struct {
		name   string
		lacing byte
		data   []byte // behind the flags
		want   []byte // nil for damage
	}{
		{"OfABlockWithOneFrame", lacingNone, []byte{1, 2, 3}, []byte{1, 2, 3}},
		{"OfSeveralInTheMannerOfXiph", lacingXiph, []byte{2, 2, 1, 'a', 'b', 'c', 'd'}, []byte("ab")},
		{"OfSeveralOfOneSize", lacingFixed, []byte{2, 'a', 'b', 'c', 'd', 'e', 'f'}, []byte("ab")},
		{"OfSeveralInTheMannerOfEBML", lacingEBML, []byte{2, 0x83, 0xBF, 'a', 'b', 'c', 'd'}, []byte("abc")},
		{"OfOneThatIsLaced", lacingXiph, []byte{0, 'a', 'b'}, []byte("ab")},
		{"LongerThanTheBlock", lacingXiph, []byte{1, 200, 'a', 'b'}, nil},
		{"LongerThanTheBlockInEBML", lacingEBML, []byte{1, 0x42, 0x00, 'a', 'b'}, nil},
		{"WithSizesThatDoNotEnd", lacingXiph, []byte{1, 255, 255, 255}, nil},
		{"WithASizeThatIsNone", lacingEBML, []byte{1, 0, 'a'}, nil},
		{"OfNothing", lacingEBML, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := append([]byte{0x81, 0, 0, test.lacing << 1}, test.data...)
			src := source.New(t.Context(), library.Content{Data: bytes.NewReader(data), Size: int64(len(data))})
			w := &walker{doc: &document{src: src}, size: int64(len(data))}
			got, err := firstFrame(w, 4, 100)
			switch {
			case test.want == nil && !errors.Is(err, library.ErrMalformed):
				t.Errorf("got %q, %v", got, err)
			case test.want != nil && (err != nil || !bytes.Equal(got, test.want)):
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestEncodingIsUndone(t *testing.T) {
	compressed := []byte{0x78, 0x9c, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0x02, 0x4d, 0x01, 0x27}
	for _, test := range []struct {
		name     string
		encoding encoding
		data     []byte
		want     string
	}{
		{"WhatWasNotEncodedStays", encoding{}, []byte("abc"), "abc"},
		{"WhatIsNotInScopeStays", encoding{scope: scopePrivate, zlib: true}, []byte("abc"), "abc"},
		{"WhatWasStrippedComesBack", encoding{scope: scopeFrames, prefix: []byte("ab")}, []byte("c"), "abc"},
		{"WhatWasCompressedIsInflated", encoding{scope: scopeFrames, zlib: true}, compressed, "abc"},
		{"WhatIsCutOffIsInflatedAsFarAsItGoes", encoding{scope: scopeFrames, zlib: true}, compressed[:6], "abc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, err := test.encoding.undo(scopeFrames, test.data, 100); err != nil || string(got) != test.want {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
		})
	}
	for _, e := range []encoding{{scope: scopeFrames, opaque: true}, {scope: scopeFrames, zlib: true}} {
		if _, err := e.undo(scopeFrames, []byte("abc"), 100); !errors.Is(err, library.ErrMalformed) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	bomb := bytes.Repeat(compressed[:1], 1)
	if got, err := (&encoding{scope: scopeFrames, zlib: true}).undo(scopeFrames, append(bomb, compressed[1:]...), 2); err != nil || len(got) != 2 {
		t.Errorf("more than the limit: %q, %v", got, err)
	}
}

func TestFirstLaced(t *testing.T) {
	for _, test := range []struct {
		data []byte
		want string
	}{
		{[]byte{2, 1, 2, 'a', 'b', 'b', 'c'}, "a"},
		{[]byte{0, 'a', 'b'}, "ab"},
		{[]byte{2, 200, 1, 'a'}, "a"},
	} {
		if got, err := firstLaced(test.data); err != nil || string(got) != test.want {
			t.Errorf("%v: %q, %v", test.data, got, err)
		}
	}
	for _, data := range [][]byte{nil, {2}, {1, 255, 255}} {
		if _, err := firstLaced(data); !errors.Is(err, library.ErrMalformed) {
			t.Errorf("%v: %v", data, err)
		}
	}
}
