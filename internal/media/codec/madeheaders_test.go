package codec_test

import (
	"math/bits"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// u writes a number of so many bits, ue and se write Exp-Golomb codes, unsigned and signed. The results go to header.
func u(value, width int) []int { return []int{value, width} }

func ue(value int) []int { return []int{value + 1, 2*bits.Len(uint(value+1)) - 1} }

func se(value int) []int {
	if value > 0 {
		return ue(2*value - 1)
	}
	return ue(-2 * value)
}

// header joins the parts of a NAL unit behind its own header, with prevention bytes.
func header(start []byte, parts ...[]int) []byte {
	var pairs []int
	for _, part := range parts {
		pairs = append(pairs, part...)
	}
	unit := start
	zeros := 0
	for _, value := range pack(append(pairs, 1, 1)...) {
		if zeros >= 2 && value <= 3 {
			unit, zeros = append(unit, 3), 0
		}
		if unit = append(unit, value); value == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return unit
}

// repeated is the same part n times.
func repeated(n int, part []int) []int {
	var parts []int
	for range n {
		parts = append(parts, part...)
	}
	return parts
}

// What encoders hardly use, and the standards allow.
func TestRareHeaders(t *testing.T) {
	t.Run("AVCWithScalingListsFieldsAndCropping", func(t *testing.T) {
		var got library.Track
		if err := codec.AVC(&got, annexB(rareAVC())); err != nil {
			t.Fatal(err)
		}
		want := library.Track{
			Profile: "High 4:4:4 Predictive", Width: 717, Height: 572, SampleAspect: "59:54", FrameRate: "25/1",
			PixelFormat: "yuv444p14le", BitDepth: 14, ColorRange: "tv", ColorPrimaries: "bt470bg", ColorTransfer: "smpte170m",
			ColorSpace: "bt470bg",
		}
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
	t.Run("HEVCWithLayersScalingListsAndPredictedReferences", func(t *testing.T) {
		var got library.Track
		if err := codec.HEVC(&got, annexB(rareHEVC())); err != nil {
			t.Fatal(err)
		}
		want := library.Track{
			Profile: "Rext", Width: 1916, Height: 1080, SampleAspect: "40:33", FrameRate: "50/1", PixelFormat: "yuv422p12le",
			BitDepth: 12, ColorRange: "pc", ColorPrimaries: "bt2020", ColorTransfer: "arib-std-b67", ColorSpace: "bt2020nc",
		}
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
	t.Run("AV1WithTimingAndTwelveBits", func(t *testing.T) {
		sequence := pack(2, 3, 0, 1, 0, 1, 1, 1, 1001, 32, 60000, 32, 1, 1, 1, 1, 1, 1, 4, 5, 0, 32, 4, 5, 4, 5, // timing
			1, 1, 1, 5, 0, 12, 9, 5, 1, 1, 1, 1, 0, 11, 1, 1, 9, 4, 0, 12, 4, 5, 0, 1, 0, 1, // two operating points
			11, 4, 11, 4, 1919, 12, 1079, 12, 1, 1, 0, 7, 7, 3, 15, 4, 1, 1, 3, 2, 0, 1, 1, 1, 0, 1, 0, 1, 7, 3, 7, 3,
			1, 1, 1, 1, 0, 1, 1, 1, 9, 8, 16, 8, 9, 8, 0, 1, 1, 1, 0, 1, 0, 2)
		var got library.Track
		if err := codec.AV1(&got, append([]byte{1<<3 | 2, byte(len(sequence))}, sequence...)); err != nil {
			t.Fatal(err)
		}
		want := library.Track{
			Profile: "Professional", Width: 1920, Height: 1080, SampleAspect: "1:1", FrameRate: "60000/1001",
			PixelFormat: "yuv422p12le", BitDepth: 12, ColorRange: "tv", ColorPrimaries: "bt2020", ColorTransfer: "smpte2084",
			ColorSpace: "bt2020nc",
		}
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
	t.Run("MPEG2WithADisplayOfAnotherSize", func(t *testing.T) {
		stream := annexB(append([]byte{0xb3}, pack(720, 12, 576, 12, 3, 4, 3, 4, 5000, 18, 1, 1, 112, 10, 0, 3)...),
			append([]byte{0xb5}, pack(1, 4, 0, 1, 4, 3, 8, 4, 0, 1, 1, 2, 0, 4, 0, 12, 1, 1, 0, 8, 0, 1, 0, 2, 0, 5)...),
			append([]byte{0xb5}, pack(2, 4, 1, 3, 1, 1, 5, 8, 5, 8, 5, 8, 540, 14, 1, 1, 576, 14)...), []byte{0xb8, 0})
		var got library.Track
		if err := codec.MPEGVideo(&got, stream); err != nil {
			t.Fatal(err)
		}
		if got.SampleAspect != "64:45" || got.Width != 720 || got.ColorPrimaries != "bt470bg" || got.FrameRate != "25/1" {
			t.Errorf("got %+v", got)
		}
	})
}

// rareAVC makes a sequence parameter set (ITU-T H.264, 7.3.2.1.1) of 45 by 18 macroblocks in fields.
func rareAVC() []byte {
	return header([]byte{0x67}, u(244, 8), u(0, 8), u(40, 8), ue(0), ue(3), u(0, 1), ue(6), ue(6), u(0, 1),
		u(1, 1), // scaling matrix: a list that ends early, one of 16, one of 64, nine that are not there
		u(1, 1), se(-8), u(1, 1), repeated(16, se(1)), u(0, 4), u(1, 1), se(8), repeated(63, se(0)), u(0, 5),
		ue(4), ue(1), u(1, 1), se(-3), se(2), ue(2), se(1), se(-1), ue(4), u(0, 1), ue(44), ue(17), u(0, 1), u(1, 1), u(1, 1),
		u(1, 1), ue(1), ue(2), ue(1), ue(1), // cropping
		u(1, 1), u(1, 1), u(255, 8), u(59, 16), u(54, 16), u(1, 1), u(0, 1), // aspect and overscan
		u(1, 1), u(5, 3), u(0, 1), u(1, 1), u(5, 8), u(6, 8), u(5, 8), u(1, 1), ue(1), ue(1), // colours, place of chroma
		u(1, 1), u(1, 32), u(50, 32), u(1, 1), u(0, 1), u(0, 1), u(0, 1), u(0, 1))
}

// rareHEVC makes a sequence parameter set (ITU-T H.265, 7.3.2.2.1) of three temporal layers.
func rareHEVC() []byte {
	return header([]byte{33 << 1, 1}, u(0, 4), u(2, 3), u(1, 1),
		u(0, 2), u(0, 1), u(0, 5), u(1<<27, 32), u(0, 48), u(93, 8), // a profile that only its compatibility tells
		u(1, 1), u(1, 1), u(0, 1), u(1, 1), u(0, 12), u(0, 44), u(0, 44), u(90, 8), u(93, 8), // layers
		ue(0), ue(2), ue(1920), ue(1080), u(1, 1), ue(1), ue(1), ue(0), ue(0), ue(4), ue(4), // size and depth
		ue(4), u(1, 1), repeated(9, ue(1)), ue(0), ue(2), ue(0), ue(1), ue(1), ue(1),
		u(1, 1), u(1, 1), // scaling lists: predicted, then coded ones of all sizes
		u(0, 1), ue(0), repeated(5, append(u(1, 1), repeated(16, se(1))...)), repeated(6, append(u(1, 1), repeated(64, se(-1))...)),
		repeated(6, append(u(1, 1), repeated(65, se(2))...)), repeated(2, append(u(1, 1), repeated(65, se(2))...)),
		u(3, 2), u(1, 1), u(7, 4), u(7, 4), ue(0), ue(2), u(1, 1), // tools, PCM
		ue(3), ue(2), ue(1), ue(0), u(1, 1), ue(1), u(1, 1), ue(0), u(0, 1), // references: two before, one behind
		u(1, 1), u(1, 1), ue(0), u(1, 1), u(0, 1), u(1, 1), u(0, 1), u(0, 1), u(1, 1), // predicted: three of four
		u(1, 1), u(0, 1), ue(0), u(1, 1), u(1, 1), u(1, 1), u(1, 1), // predicted again: all four
		u(1, 1), ue(2), u(5, 8), u(1, 1), u(6, 8), u(0, 1), u(3, 2), // long-term references
		u(1, 1), u(1, 1), u(5, 8), u(1, 1), u(1, 1), // aspect and overscan
		u(1, 1), u(5, 3), u(1, 1), u(1, 1), u(9, 8), u(18, 8), u(9, 8), u(1, 1), ue(2), ue(2), u(0, 3), // colours
		u(1, 1), ue(1), ue(0), ue(0), ue(1), u(1, 1), u(1, 32), u(50, 32), u(0, 1), u(0, 1), u(0, 1), u(0, 1))
}
