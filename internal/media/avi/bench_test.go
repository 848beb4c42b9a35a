package avi_test

import (
	"path/filepath"
	"testing"

	"vpo/internal/media/avi"
	"vpo/internal/media/source"
)

func BenchmarkRead(b *testing.B) {
	file := content(readFile(b, filepath.Join("..", "..", "..", "testdata", "library", "Home Videos", "1994", "HARBOUR.AVI")))
	src := source.New(b.Context(), file)
	b.ReportAllocs()
	for b.Loop() {
		src.Reset(b.Context(), file)
		if _, err := avi.Read(src); err != nil {
			b.Fatal(err)
		}
	}
}
