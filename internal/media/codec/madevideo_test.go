package codec_test

import (
	"errors"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

func TestMadeVideo(t *testing.T) {
	for _, made := range []struct {
		name string
		data []byte
		read func(*library.Track, []byte) error
		want library.Track
	}{
		{
			"VC1AdvancedWithDisplay", vc1Advanced(), codec.VC1, library.Track{
				Profile: "Advanced", Width: 1440, Height: 1080, SampleAspect: "4:3", FrameRate: "24000/1001",
				PixelFormat: "yuv420p", BitDepth: 8, ColorPrimaries: "bt709", ColorTransfer: "bt709", ColorSpace: "bt709",
			},
		},
		{
			"WMV3LeavesTheSizeToTheContainer", []byte{0x4e, 0xc1, 0x7b, 0x01}, codec.VC1,
			library.Track{Profile: "Main", PixelFormat: "yuv420p", BitDepth: 8},
		},
		{
			"VP9BoxOfHDR10", []byte{2, 31, 0xa2, 9, 16, 9, 0, 0}, codec.VP9Config, library.Track{
				Profile: "Profile 2", PixelFormat: "yuv420p10le", BitDepth: 10, ColorPrimaries: "bt2020",
				ColorTransfer: "smpte2084", ColorSpace: "bt2020nc", ColorRange: "tv",
			},
		},
		{
			"AVCBoxWithoutParameterSets", []byte{1, 100, 0, 41, 0xff, 0xe0, 0}, codec.AVCConfig, library.Track{Profile: "High"},
		},
		{
			"HEVCBoxWithoutParameterSets", hevcBox(), codec.HEVCConfig,
			library.Track{Profile: "Main 10", PixelFormat: "yuv420p10le", BitDepth: 10},
		},
		{
			"AV1BoxWithoutSequenceHeader", []byte{0x81, 0x08, 0x4c, 0}, codec.AV1Config,
			library.Track{Profile: "Main", PixelFormat: "yuv420p10le", BitDepth: 10},
		},
	} {
		t.Run(made.name, func(t *testing.T) {
			var got library.Track
			if err := made.read(&got, made.data); err != nil {
				t.Fatal(err)
			}
			if got != made.want {
				t.Errorf("got  %+v\nwant %+v", got, made.want)
			}
		})
	}
}

// vc1Advanced makes a sequence header of 1440 by 1080 pixels that are wider than high (SMPTE 421M, 6.1), behind the byte that
// Matroska keeps before it.
func vc1Advanced() []byte {
	return append([]byte{0x24, 0, 0, 1, 0x0f}, pack(3, 2, 3, 3, 1, 2, 0, 3, 0, 5, 0, 1, 719, 12, 539, 12, 0, 6,
		1, 1, 1919, 14, 1079, 14, 1, 1, 14, 4, 1, 1, 0, 1, 1, 8, 2, 4, 1, 1, 1, 8, 1, 8, 1, 8, 0, 8)...)
}

// hevcBox makes a configuration record without arrays.
func hevcBox() []byte {
	return []byte{1, 2, 0x20, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 120, 0xf0, 0, 0xfc, 0xfd, 0xfa, 0xfa, 0, 0, 0x0f, 0}
}

// annexB puts start codes before NAL units.
func annexB(units ...[]byte) []byte {
	var stream []byte
	for _, unit := range units {
		stream = append(append(stream, 0, 0, 0, 1), unit...)
	}
	return stream
}

// hevcMessage makes a NAL unit of supplemental enhancement information with one message.
func hevcMessage(kind int, payload []byte) []byte {
	unit := []byte{39 << 1, 1, byte(kind), byte(len(payload))}
	return append(append(unit, payload...), 0x80)
}

func TestHDR10(t *testing.T) {
	mastering := pack(8500, 16, 39850, 16, 6550, 16, 2300, 16, 35400, 16, 14600, 16, 15635, 16, 16450, 16, 10000000, 32, 50, 32)
	want := library.Mastering{
		Red: library.Chromaticity{X: 0.708, Y: 0.292}, Green: library.Chromaticity{X: 0.17, Y: 0.797},
		Blue: library.Chromaticity{X: 0.131, Y: 0.046}, White: library.Chromaticity{X: 0.3127, Y: 0.329},
		MaxLuminance: 1000, MinLuminance: 0.005,
	}
	t.Run("HEVCTellsDisplayAndLight", func(t *testing.T) {
		var got library.Track
		stream := annexB(hevcMessage(137, mastering), hevcMessage(144, pack(1000, 16, 400, 16)))
		if err := codec.HEVC(&got, stream); err != nil {
			t.Fatal(err)
		}
		if got.Mastering == nil || *got.Mastering != want {
			t.Errorf("got mastering %+v, want %+v", got.Mastering, want)
		}
		if got.ContentLight == nil || *got.ContentLight != (library.ContentLight{Max: 1000, Average: 400}) {
			t.Errorf("got light %+v", got.ContentLight)
		}
	})
	t.Run("RecordedStreamTellsBothToo", func(t *testing.T) {
		for _, name := range []string{"hdr10.mkv", "hdr10.mp4"} {
			var got library.Track
			if err := codec.HEVCConfig(&got, recorded(t)[name].Extra); err != nil {
				t.Fatal(err)
			}
			if got.Mastering == nil || got.Mastering.MaxLuminance != 1000 || got.Mastering.Red.X != 0.68 || got.ContentLight == nil {
				t.Errorf("%s: got %+v and %+v", name, got.Mastering, got.ContentLight)
			}
		}
	})
	t.Run("AV1TellsThemInBinaryFractions", func(t *testing.T) {
		box := []byte{0x81, 0x08, 0x4c, 0}
		box = append(box, 5<<3|2, 25, 2)
		box = append(box, pack(0x8000, 16, 0x4000, 16, 0, 16, 0, 16, 0, 16, 0, 16, 0, 16, 0, 16, 1000<<8, 32, 1<<13, 32)...)
		box = append(box, 5<<3|2, 5, 1)
		box = append(box, pack(1000, 16, 400, 16)...)
		var got library.Track
		if err := codec.AV1Config(&got, box); err != nil {
			t.Fatal(err)
		}
		want := library.Mastering{Red: library.Chromaticity{X: 0.5, Y: 0.25}, MaxLuminance: 1000, MinLuminance: 0.5}
		if got.Mastering == nil || *got.Mastering != want {
			t.Errorf("got mastering %+v, want %+v", got.Mastering, want)
		}
		if got.ContentLight == nil || got.ContentLight.Average != 400 {
			t.Errorf("got light %+v", got.ContentLight)
		}
	})
	t.Run("ADisplayWithoutLightIsNone", func(t *testing.T) {
		got := library.Track{Mastering: &want}
		stream := annexB(hevcMessage(137, make([]byte, 24)), hevcMessage(144, make([]byte, 4)))
		if err := codec.HEVC(&got, stream); err == nil && (got.Mastering != &want || got.ContentLight != nil) {
			t.Errorf("got %+v and %+v", got.Mastering, got.ContentLight)
		}
	})
	t.Run("APreferredTransferWins", func(t *testing.T) {
		got := library.Track{ColorTransfer: "bt2020-10"}
		sequence := recorded(t)["hdr10.hevc"].Packet
		if err := codec.HEVC(&got, append(annexB(hevcMessage(147, []byte{18})), sequence...)); err != nil {
			t.Fatal(err)
		}
		if got.ColorTransfer != "arib-std-b67" {
			t.Errorf("got transfer %q", got.ColorTransfer)
		}
	})
}

func TestDolbyVision(t *testing.T) {
	t.Run("Profile8WithHDR10BaseLayer", func(t *testing.T) {
		var got library.Track
		if err := codec.DolbyVision(&got, append(pack(1, 8, 0, 8, 8, 7, 6, 6, 1, 1, 0, 1, 1, 1, 1, 4), 0, 0, 0, 0)); err != nil {
			t.Fatal(err)
		}
		want := library.DolbyVision{Profile: 8, Level: 6, Compatibility: 1, BaseLayer: true, Metadata: true}
		if got.DolbyVision == nil || *got.DolbyVision != want {
			t.Errorf("got %+v, want %+v", got.DolbyVision, want)
		}
	})
	t.Run("ARecordThatIsTooShortIsMalformed", func(t *testing.T) {
		var got library.Track
		if err := codec.DolbyVision(&got, []byte{1, 0, 16}); !errors.Is(err, library.ErrMalformed) || got.DolbyVision != nil {
			t.Errorf("got %v, %+v", err, got.DolbyVision)
		}
	})
}
