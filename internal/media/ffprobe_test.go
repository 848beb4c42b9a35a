package media_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"vpo/internal/library"
	"vpo/internal/media"
	"vpo/internal/media/mediatest"
)

const films = "../../testdata/library/Films/"

func TestProbe(t *testing.T) {
	probe := func(t *testing.T, path string) (library.Media, error) {
		t.Helper()
		return media.FFprobe{Path: mediatest.NeedFFprobe(t)}.Probe(t.Context(), path)
	}
	t.Run("AFileThatIsNoVideoIsAnErrorInOneLine", func(t *testing.T) {
		_, err := probe(t, films+"Unfinished/Unfinished (2020).mkv")
		if err == nil || errors.Is(err, library.ErrProberUnavailable) {
			t.Fatalf("got %v", err)
		}
		const want = "ffprobe: Invalid data found when processing input (EBML header parsing failed)"
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	})
	t.Run("AMissingFileIsAnError", func(t *testing.T) {
		_, err := probe(t, filepath.Join(t.TempDir(), "gone.mkv"))
		if err == nil || err.Error() != "ffprobe: No such file or directory" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("APlaylistInDisguiseOpensNoConnection", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "film.mkv")
		playlist := "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n"
		if err := os.WriteFile(path, []byte(playlist), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := probe(t, path)
		if err == nil || strings.Contains(err.Error(), "onnection") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("AFilmKeepsItsTracks", func(t *testing.T) {
		got, err := probe(t, films+"The Lighthouse Keeper (2021)/The Lighthouse Keeper (2021).mkv")
		if err != nil {
			t.Fatal(err)
		}
		if want := lighthouse(); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
	t.Run("EveryContainerOfTheLibraryIsRead", func(t *testing.T) {
		for path, want := range map[string]string{
			"Films/Harbour Lights (2019)/Harbour Lights (2019).mp4":          "mov,mp4,m4a,3gp,3g2,mj2 h264 aac/spa",
			"Films/Paper Boats (2017)/Paper Boats (2017).webm":               "matroska,webm vp9 opus/jpn",
			"Home Videos/1994/HARBOUR.AVI":                                   "avi mpeg4 mp3/und",
			"Home Videos/2023/IMG_0042.MOV":                                  "mov,mp4,m4a,3gp,3g2,mj2 h264 pcm_s16le/und",
			"Series/Tide Tables/Season 01/Tide Tables - S01E02.mkv":          "matroska,webm h264 aac/eng",
			"Films/../Series/Tide Tables/Season 01/Tide Tables - S01E01.mkv": "matroska,webm h264 aac/eng",
		} {
			got, err := probe(t, "../../testdata/library/"+path)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			line := got.ContainerFormat + " " + got.Tracks[0].Codec + " " + got.Tracks[1].Codec + "/" + got.Tracks[1].Language
			if line != want {
				t.Errorf("%s: got %q, want %q", path, line, want)
			}
		}
	})
	t.Run("ANameIsNeverAnOptionOrAnAddress", func(t *testing.T) {
		film, err := os.ReadFile(films + "Paper Boats (2017)/Paper Boats (2017).webm")
		if err != nil {
			t.Fatal(err)
		}
		t.Chdir(t.TempDir())
		for _, name := range []string{
			"-version", "-i.webm", "http:a.webm", "concat:a|b.webm", "pipe:0", "a%d\nb.webm", "💡 \xff.webm", "file:a.webm",
		} {
			if err := os.WriteFile(name, film, 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := probe(t, name); err != nil || len(got.Tracks) != 2 {
				t.Errorf("%q: %v, %+v", name, err, got)
			}
		}
	})
}

// lighthouse is what make-library.sh put into the film.
func lighthouse() library.Media {
	const duration = 1.04
	return library.Media{
		ContainerFormat: "matroska,webm", DurationSeconds: duration, Reader: library.ReaderFFprobe,
		Tags: map[string]string{"title": "The Lighthouse Keeper", "date_released": "2021", "encoder": "Lavf"},
		Tracks: []library.Track{
			{Index: 0, Type: library.TrackVideo, Codec: "h264", Profile: "High", Language: "und", Title: "Main picture",
				Default: true, Width: 160, Height: 90, SampleAspect: "1:1", FrameRate: "24000/1001", PixelFormat: "yuv420p",
				BitDepth: 8, ColorTransfer: "bt709", ColorPrimaries: "bt709", ColorSpace: "bt709", ColorRange: "tv",
				DurationSeconds: duration},
			{Index: 1, Type: library.TrackAudio, Codec: "ac3", Language: "eng", LanguageTag: "en", Title: "Surround 5.1",
				Default: true, Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000, DurationSeconds: duration},
			{Index: 2, Type: library.TrackAudio, Codec: "aac", Profile: "LC", Language: "ger", LanguageTag: "de",
				Title: "Kommentar", Channels: 2, ChannelLayout: "stereo", SampleRate: 48000, DurationSeconds: duration},
			{Index: 3, Type: library.TrackSubtitle, Codec: "subrip", Language: "fre", LanguageTag: "fr", Title: "Forcés",
				Forced: true, DurationSeconds: duration},
		},
	}
}

// TestProbeOfABadProgram lets shell scripts stand in for an ffprobe that goes wrong.
func TestProbeOfABadProgram(t *testing.T) {
	t.Run("ThatIsNotThereSaysNothingOfTheFile", func(t *testing.T) {
		_, err := media.FFprobe{Path: filepath.Join(t.TempDir(), "ffprobe")}.Probe(t.Context(), "film.mkv")
		if !errors.Is(err, library.ErrProberUnavailable) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ThatHangsIsKilledWithItsChildren", func(t *testing.T) {
		program := newScript(t, "sleep 600 & sleep 600 & wait")
		_, err := media.FFprobe{Path: program.path, Timeout: 300 * time.Millisecond}.Probe(t.Context(), "film.mkv")
		if err == nil || err.Error() != "ffprobe did not finish in time (300ms)" {
			t.Errorf("got %v", err)
		}
		program.mustBeGone(t)
	})
	t.Run("ThatIgnoresSignalsIsKilledWhenTheScanStops", func(t *testing.T) {
		program := newScript(t, "trap '' TERM INT HUP; sleep 600 & wait; sleep 600")
		ctx, cancel := context.WithCancelCause(t.Context())
		stopped := errors.New("stopped")
		go program.whenStarted(ctx, func() { cancel(stopped) })
		_, err := media.FFprobe{Path: program.path}.Probe(ctx, "film.mkv")
		if !errors.Is(err, stopped) {
			t.Errorf("got %v", err)
		}
		program.mustBeGone(t)
	})
	t.Run("ThatLeavesAChildBehindIsNotWaitedForLong", func(t *testing.T) {
		program := newScript(t, "sleep 600 & exit 0")
		start := time.Now()
		_, err := media.FFprobe{Path: program.path}.Probe(t.Context(), "film.mkv")
		if err == nil || time.Since(start) > 20*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		program.mustBeGone(t)
	})
	t.Run("ThatNeverStopsTalkingIsCutOff", func(t *testing.T) {
		program := newScript(t, "exec yes '{\"streams\": []}'")
		_, err := media.FFprobe{Path: program.path}.Probe(t.Context(), "film.mkv")
		if err == nil || err.Error() != "ffprobe wrote more than 8 MiB" {
			t.Errorf("got %v", err)
		}
		program.mustBeGone(t)
	})
	t.Run("ThatComplainsWithoutEndIsSummedUp", func(t *testing.T) {
		program := newScript(t, "yes '[x @ 0x1] bad packet' | head -n 100000 >&2; echo verdict >&2; exit 1")
		_, err := media.FFprobe{Path: program.path}.Probe(t.Context(), "film.mkv")
		if err == nil || err.Error() != "ffprobe: verdict (bad packet)" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ThatTakesTooMuchMemoryIsRefusedIt", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("only Linux lets a process limit another one")
		}
		program := newScript(t, "exec tail /dev/zero") // keeps the last line, which never ends
		_, err := media.FFprobe{Path: program.path, Memory: 64 << 20}.Probe(t.Context(), "film.mkv")
		if err == nil || !strings.Contains(err.Error(), "memory exhausted") {
			t.Errorf("got %v", err)
		}
		program.mustBeGone(t)
	})
	t.Run("ThatFailsSilentlyIsNamedByItsStatus", func(t *testing.T) {
		program := newScript(t, "exit 3")
		_, err := media.FFprobe{Path: program.path}.Probe(t.Context(), "film.mkv")
		if err == nil || err.Error() != "ffprobe: exit status 3" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ThatAnswersNonsenseIsAnError", func(t *testing.T) {
		program := newScript(t, "echo hello")
		if _, err := (media.FFprobe{Path: program.path}).Probe(t.Context(), "film.mkv"); err == nil {
			t.Error("no error")
		}
	})
	t.Run("IsToldNoSecret", func(t *testing.T) {
		t.Setenv("VPO_AUTH_TOKEN", "0123456789abcdef")
		program := newScript(t, `echo "token=$VPO_AUTH_TOKEN" >&2; exit 1`)
		_, err := media.FFprobe{Path: program.path}.Probe(t.Context(), "film.mkv")
		if err == nil || err.Error() != "ffprobe: token=" {
			t.Errorf("got %v", err)
		}
	})
}

func TestFindFFprobe(t *testing.T) {
	executable := newScript(t, "exit 0").path
	plain := filepath.Join(t.TempDir(), "ffprobe")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("NothingConfiguredAndNothingOnPath", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if _, err := media.FindFFprobe(""); !errors.Is(err, media.ErrNoFFprobe) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ConfiguredAndUnusableIsNotReplacedByPath", func(t *testing.T) {
		t.Setenv("PATH", filepath.Dir(executable))
		for _, configured := range []string{"/does/not/exist", plain, filepath.Dir(plain), "ffprobe-99"} {
			path, err := media.FindFFprobe(configured)
			if err == nil || errors.Is(err, media.ErrNoFFprobe) || !strings.Contains(err.Error(), "tools.ffprobe") {
				t.Errorf("%s: got %q, %v", configured, path, err)
			}
		}
	})
	t.Run("FoundOnPath", func(t *testing.T) {
		t.Setenv("PATH", filepath.Dir(executable))
		if path, err := media.FindFFprobe(""); err != nil || path != executable {
			t.Errorf("got %q, %v", path, err)
		}
	})
	t.Run("ConfiguredByPathOrByName", func(t *testing.T) {
		t.Setenv("PATH", filepath.Dir(executable))
		for _, configured := range []string{executable, "ffprobe"} {
			if path, err := media.FindFFprobe(configured); err != nil || path != executable {
				t.Errorf("%s: got %q, %v", configured, path, err)
			}
		}
	})
}
