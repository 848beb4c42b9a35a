package codec_test

import (
	"os/exec"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

func TestTags(t *testing.T) {
	for tag, want := range map[string]string{
		"XVID": "mpeg4", "xvid": "mpeg4", "DivX": "mpeg4", "DIV3": "msmpeg4v3", "H264": "h264", "avc1": "h264", "hvc1": "hevc",
		"hev1": "hevc", "dvh1": "hevc", "av01": "av1", "vp09": "vp9", "apch": "prores", "ap4x": "prores", "MJPG": "mjpeg",
		"WVC1": "vc1", "WMV3": "wmv3", "mp4v": "mpeg4", "rle ": "qtrle", "xd5b": "mpeg2video", "\x04\x00\x00\x00": "mpeg4",
		"": "", "xvi": "", "xvidx": "", "????": "",
	} {
		if got := codec.VideoTag(tag); got != want {
			t.Errorf("VideoTag(%q) = %q, want %q", tag, got, want)
		}
	}
	for tag, want := range map[string]string{
		"mp4a": "aac", "ac-3": "ac3", "ec-3": "eac3", "dtsc": "dts", "mlpa": "truehd", "fLaC": "flac", "Opus": "opus",
		"sowt": "pcm_s16le", "twos": "pcm_s16be", "in24": "pcm_s24be", ".mp3": "mp3", "lpcm": "",
	} {
		if got := codec.SoundTag(tag); got != want {
			t.Errorf("SoundTag(%q) = %q, want %q", tag, got, want)
		}
	}
	for _, c := range []struct {
		tag  uint16
		bits int
		want string
	}{
		{1, 8, "pcm_u8"}, {1, 16, "pcm_s16le"}, {1, 24, "pcm_s24le"}, {1, 32, "pcm_s32le"}, {1, 0, "pcm_s16le"},
		{3, 32, "pcm_f32le"}, {3, 64, "pcm_f64le"}, {0x55, 0, "mp3"}, {0x2000, 0, "ac3"}, {0x2001, 16, "dts"}, {0xff, 0, "aac"},
		{0x161, 16, "wmav2"}, {0xfffe, 16, ""}, {0x9999, 0, ""},
	} {
		if got := codec.AudioTag(c.tag, c.bits); got != c.want {
			t.Errorf("AudioTag(%#x, %d) = %q, want %q", c.tag, c.bits, got, c.want)
		}
	}
}

func TestColours(t *testing.T) {
	t.Run("UnspecifiedAndUnknownOnesHaveNoName", func(t *testing.T) {
		for _, code := range []int{-1, 2, 3, 99, 1 << 30} {
			if got := codec.Primaries(code) + codec.Transfer(code) + codec.Matrix(code); got != "" {
				t.Errorf("code %d is called %q", code, got)
			}
		}
	})
	t.Run("TheOthersHaveFFmpegsNames", func(t *testing.T) {
		for _, pair := range [][2]string{
			{codec.Primaries(9), "bt2020"}, {codec.Primaries(12), "smpte432"}, {codec.Transfer(16), "smpte2084"},
			{codec.Transfer(18), "arib-std-b67"}, {codec.Matrix(0), "gbr"}, {codec.Matrix(9), "bt2020nc"},
			{codec.Range(true), "pc"}, {codec.Range(false), "tv"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("got %q, want %q", pair[0], pair[1])
			}
		}
	})
}

func TestLayouts(t *testing.T) {
	t.Run("ByNumber", func(t *testing.T) {
		for channels, want := range map[int]string{
			-1: "", 0: "", 1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1", 9: "", 16: "hexadecagonal",
			24: "22.2",
		} {
			if got := codec.Layout(channels); got != want {
				t.Errorf("Layout(%d) = %q, want %q", channels, got, want)
			}
		}
	})
	t.Run("ByMask", func(t *testing.T) {
		for mask, want := range map[uint32]string{
			0: "", 0x4: "mono", 0x3: "stereo", 0x3f: "5.1", 0x60f: "5.1(side)", 0x63f: "7.1", 0xff: "7.1(wide)", 0x13f: "6.1(back)",
			0xc: "2 channels (FC+LFE)", 1 << 20: "1 channels (USR20)",
		} {
			if got := codec.LayoutMask(mask); got != want {
				t.Errorf("LayoutMask(%#x) = %q, want %q", mask, got, want)
			}
		}
	})
	t.Run("AllOfFFmpegs", func(t *testing.T) {
		out, err := exec.Command("ffmpeg", "-v", "error", "-layouts").Output()
		if err != nil {
			t.Skip("needs ffmpeg")
		}
		holdAgainst(t, string(out))
	})
}

// holdAgainst compares LayoutMask with the output of "ffmpeg -layouts", as far as 32 bits reach.
func holdAgainst(t *testing.T, list string) {
	t.Helper()
	bits := map[string]int{"DL": 29, "DR": 30, "WL": 31}
	for i, name := range strings.Fields("FL FR FC LFE BL BR FLC FRC BC SL SR TC TFL TFC TFR TBL TBC TBR") {
		bits[name] = i
	}
	_, list, _ = strings.Cut(list, "Standard")
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		if len(fields) != 2 {
			continue
		}
		mask, known := uint32(0), true
		for speaker := range strings.SplitSeq(fields[1], "+") {
			bit, ok := bits[speaker]
			known = known && ok
			mask |= 1 << bit
		}
		if got := codec.LayoutMask(mask); known && got != fields[0] {
			t.Errorf("LayoutMask(%#x) = %q, ffmpeg says %q", mask, got, fields[0])
		}
	}
}

func TestPCM(t *testing.T) {
	for name, want := range map[string]int{
		"pcm_u8": 8, "pcm_s16le": 16, "pcm_s24be": 24, "pcm_f32le": 32, "pcm_s64le": 64, "pcm_bluray": 20, "aac": 20,
	} {
		got := library.Track{Codec: name, BitDepth: 20}
		if codec.PCM(&got); got.BitDepth != want {
			t.Errorf("%s has %d bits, want %d", name, got.BitDepth, want)
		}
	}
}
