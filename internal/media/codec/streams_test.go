package codec_test

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
	"vpo/internal/media/mediatest"
)

var update = flag.Bool("update", false, "make the streams of testdata/streams.json anew that have changed")

// stream is the beginning of a real stream as ffmpeg has coded it, with what ffprobe tells of it.
type stream struct {
	Args   string            `json:"args"`             // of ffmpeg
	Extra  []byte            `json:"extra,omitempty"`  // the configuration record
	Packet []byte            `json:"packet,omitempty"` // the beginning of the first packet
	Told   map[string]string `json:"told"`             // ffprobe's fields
}

// part selects the bytes of a stream that a function reads.
type part func(stream) []byte

func extra(s stream) []byte  { return s.Extra }
func packet(s stream) []byte { return s.Packet }

// coded is one stream to be made: what to encode with, in which container, and who reads which part of it.
type coded struct {
	args  string // of ffmpeg, behind the input
	name  string // of the file
	read  func(*library.Track, []byte) error
	of    part
	keeps int // bytes of the first packet; 0 for the usual number; below 0 so many of the file instead
}

const (
	picture = "-f lavfi -i testsrc2=s=160x90:r=24000/1001:d=0.2 "
	tone    = "-f lavfi -i sine=d=0.2:r=48000 "
)

func TestStreams(t *testing.T) {
	streams := recorded(t)
	for _, c := range codedStreams {
		t.Run(c.name, func(t *testing.T) {
			s, ok := streams[c.name]
			if !ok {
				t.Fatal("testdata/streams.json lacks it; run with -update")
			}
			var got library.Track
			if err := c.read(&got, c.of(s)); err != nil {
				t.Fatal(err)
			}
			compare(t, got, s.Told)
		})
	}
}

// compare holds a track against what ffprobe tells. A field that the codec does not tell may be missing where the
// container told ffprobe, as with the frame rate.
func compare(t *testing.T, got library.Track, told map[string]string) {
	t.Helper()
	check := func(field, got string, optional bool) {
		t.Helper()
		if want := told[field]; got != want && (!optional || got != "") {
			t.Errorf("%s is %q, ffprobe says %q", field, got, want)
		}
	}
	check("codec_name", got.Codec, true)
	check("profile", got.Profile, false)
	check("width", number(got.Width), true)
	check("height", number(got.Height), true)
	check("sample_aspect_ratio", got.SampleAspect, true)
	check("r_frame_rate", got.FrameRate, true)
	check("pix_fmt", got.PixelFormat, false)
	check("color_range", got.ColorRange, false)
	check("color_space", got.ColorSpace, false)
	check("color_transfer", got.ColorTransfer, false)
	check("color_primaries", got.ColorPrimaries, false)
	check("channels", number(got.Channels), false)
	check("channel_layout", got.ChannelLayout, false)
	check("sample_rate", number(got.SampleRate), false)
	if told["bits_per_raw_sample"] != "" {
		check("bits_per_raw_sample", number(got.BitDepth), false)
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// recorded reads testdata/streams.json. With -update it first makes those streams anew whose recipe has changed.
func recorded(t *testing.T) map[string]stream {
	t.Helper()
	const path = "testdata/streams.json"
	streams := map[string]stream{}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &streams); err != nil {
		t.Fatal(err)
	}
	if *update {
		for _, c := range codedStreams {
			if streams[c.name].Args != c.args {
				streams[c.name] = record(t, c)
			}
		}
		text, err := json.MarshalIndent(streams, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return streams
}

// record encodes one stream and asks ffprobe about it.
func record(t *testing.T, c coded) stream {
	t.Helper()
	path := filepath.Join(t.TempDir(), c.name)
	args := append([]string{"-nostdin", "-v", "error", "-y"}, strings.Fields(c.args)...)
	if out, err := exec.Command("ffmpeg", append(args, path)...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", c.name, err, out)
	}
	out, err := exec.Command(mediatest.NeedFFprobe(t), "-v", "error", "-show_streams", "-show_packets", "-show_data",
		"-read_intervals", "%+#1", "-of", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var probed struct {
		Streams []map[string]any
		Packets []struct{ Data string }
	}
	if err := json.Unmarshal(out, &probed); err != nil {
		t.Fatal(err)
	}
	s := stream{Args: c.args, Packet: dumped(t, probed.Packets[0].Data), Told: map[string]string{}}
	keeps := c.keeps
	if keeps == 0 {
		keeps = 256
	}
	if keeps < 0 {
		if s.Packet, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		keeps = -keeps
	}
	s.Packet = s.Packet[:min(len(s.Packet), keeps)]
	told := probed.Streams[0]
	if text, ok := told["extradata"].(string); ok {
		s.Extra = dumped(t, text)
	}
	for _, field := range []string{
		"codec_name", "profile", "width", "height", "sample_aspect_ratio", "r_frame_rate", "pix_fmt", "color_range", "color_space",
		"color_transfer", "color_primaries", "channels", "channel_layout", "sample_rate", "bits_per_raw_sample",
	} {
		switch value := told[field].(type) {
		case string:
			s.Told[field] = value
		case float64:
			s.Told[field] = strconv.Itoa(int(value))
		}
	}
	return s
}

// dumped turns ffprobe's hexadecimal dump into bytes: lines of an offset, the bytes, and the same as text.
func dumped(t *testing.T, dump string) []byte {
	t.Helper()
	var data []byte
	for line := range strings.Lines(dump) {
		_, line, ok := strings.Cut(line, ": ")
		if !ok {
			continue
		}
		part, err := hex.DecodeString(strings.ReplaceAll(line[:40], " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, part...)
	}
	return data
}

// The functions that take a sample get the usual size of lengths.
func avcSample(t *library.Track, sample []byte) error  { return codec.AVCSample(t, sample, 4) }
func hevcSample(t *library.Track, sample []byte) error { return codec.HEVCSample(t, sample, 4) }

// prores returns the reader of a ProRes track with that four-character code.
func prores(fourCC string) func(*library.Track, []byte) error {
	return func(t *library.Track, frame []byte) error {
		t.Profile = codec.ProResProfile(fourCC)
		return codec.ProRes(t, frame)
	}
}
