package mpegts_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/mpegts"
	"vpo/internal/media/source"
)

// documented tells whether an error is one of those that Read announces.
func documented(err error) bool {
	return err == nil || errors.Is(err, library.ErrIncomplete) || errors.Is(err, library.ErrMalformed) || errors.Is(err, source.ErrBudget)
}

// framed puts each packet behind and before other bytes, as Blu-ray and Reed-Solomon code do.
func framed(data []byte, before, behind int) []byte {
	var b []byte
	for packet := range slices.Chunk(data, 188) {
		b = append(b, bytes.Repeat([]byte{0x11}, before)...)
		b = append(append(b, packet...), bytes.Repeat([]byte{0x22}, behind)...)
	}
	return b
}

func TestRead(t *testing.T) {
	for name, data := range map[string][]byte{
		"AnotherFormatIsMalformed":                bytes.Repeat([]byte("no packets here "), 100),
		"StuffingWithoutProgramsIsMalformed":      bytes.Repeat(packets(0x1FFF, nil), 20_000),
		"ProgramsWithoutMapsAreMalformed":         bytes.Repeat(association(2), 20_000),
		"AMapWithAWrongCheckSumIsNone":            bytes.Repeat(slices.Concat(association(1), damaged(programMap(0, nil, elementary(3, 0x100)))), 8_000),
		"AnAssociationWithAWrongCheckSumIsNone":   bytes.Repeat(slices.Concat(damaged(association(1)), programMap(0, nil, elementary(3, 0x100))), 8_000),
		"FourPacketsInARowAreNotATransportStream": append(bytes.Repeat(packets(0x1FFF, nil), 4), make([]byte, 10_000)...),
	} {
		t.Run(name, func(t *testing.T) {
			if media, err := read(t, data); !errors.Is(err, library.ErrMalformed) {
				t.Errorf("got %+v, %v", media, err)
			}
		})
	}
	t.Run("AFileThatIsCutShortIsReadOrIncomplete", func(t *testing.T) {
		whole := small()
		for size := range whole {
			media, err := read(t, whole[:size])
			readable := size > 4*188 // association, map, and enough packets to know it for a transport stream
			if readable && (err != nil || len(media.Tracks) != 1) || !readable && !errors.Is(err, library.ErrIncomplete) {
				t.Fatalf("of %d bytes: %+v, %v", size, media, err)
			}
		}
	})
	t.Run("AFileThatEndsBeforeItsMapIsIncomplete", func(t *testing.T) {
		if _, err := read(t, bytes.Repeat(association(1), 10)); !errors.Is(err, library.ErrIncomplete) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("AnEndedContextEndsTheReading", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("enough")
		cancel(why)
		file := content(small())
		file.Head = nil
		if _, err := mpegts.Read(source.New(ctx, file)); !errors.Is(err, why) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("AnErrorOfTheFileSystemIsPassedOn", func(t *testing.T) {
		file := library.Content{Data: broken{}, Size: 1 << 20, Head: small()}
		if _, err := mpegts.Read(source.New(t.Context(), file)); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("DamageNowhereMakesItPanic", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		for range 5_000 {
			data := small()
			for range 1 + random.IntN(20) {
				data[random.IntN(len(data))] = byte(random.Uint32())
			}
			if _, err := read(t, data); !documented(err) {
				t.Fatalf("%v", err)
			}
		}
	})
}

func damaged(table []byte) []byte {
	table[len(table)-1] ^= 1
	return table
}

// broken is a file that cannot be read.
type broken struct{}

func (broken) ReadAt([]byte, int64) (int, error) { return 0, io.ErrClosedPipe }

func TestPackets(t *testing.T) {
	plain := mustRead(t, small())
	for name, data := range map[string][]byte{
		"BehindTimeStamps":        framed(small(), 4, 0),
		"BeforeReedSolomonCode":   framed(small(), 0, 16),
		"BehindOtherBytes":        append(make([]byte, 1000), small()...),
		"BeginningWithinOne":      append(packets(0x1FFF, nil)[100:], small()...),
		"BetweenStuffing":         slices.Concat(packets(0x1FFF, nil), small(), packets(0x1FFF, nil)),
		"TheAssociationSentTwice": slices.Concat(association(1), association(1), small()[188:]),
	} {
		t.Run(name, func(t *testing.T) {
			media := mustRead(t, data)
			if len(media.Tracks) != 1 || media.Tracks[0] != plain.Tracks[0] || len(media.Warnings) != 0 {
				t.Errorf("got %+v", media)
			}
			if name != "BehindOtherBytes" && !mpegts.Is(data) {
				t.Error("it is not taken for a transport stream")
			}
		})
	}
	t.Run("BytesInBetweenAreAWarning", func(t *testing.T) {
		media := mustRead(t, slices.Concat(small()[:6*188], []byte("something else"), small()[6*188:]))
		if media.DurationSeconds != plain.DurationSeconds || len(media.Warnings) != 1 {
			t.Errorf("got %+v", media)
		}
	})
	t.Run("EncryptedStreamsKeepTheirCodec", func(t *testing.T) {
		data := slices.Concat(association(1), programMap(0, nil, elementary(0x1B, 0x100), elementary(3, 0x101)), tones(0x101, 90_000, 5))
		for range 5 {
			packet := unit(0x100, 0xE0, 90_000, []byte("secret"))
			packet[3] |= 0x80
			data = append(data, packet...)
		}
		media := mustRead(t, data)
		if video := media.Tracks[0]; video.Codec != "h264" || video.Type != library.TrackVideo || video.Width != 0 || video.DurationSeconds == 0 {
			t.Errorf("got %+v", video)
		}
	})
	t.Run("TimeStampsMayStartAgainFromZero", func(t *testing.T) {
		const wrap = 1 << 33
		data := slices.Concat(association(1), programMap(0, nil, elementary(3, 0x100)), tones(0x100, wrap-3*toneTicks, 10))
		if media := mustRead(t, data); media.DurationSeconds != plain.DurationSeconds {
			t.Errorf("%f seconds, want %f", media.DurationSeconds, plain.DurationSeconds)
		}
	})
	t.Run("OfTimeStampsThatJumpTheFirstCount", func(t *testing.T) {
		data := slices.Concat(small(), tones(0x100, 90_000_000, 1))
		if media := mustRead(t, data); media.DurationSeconds != plain.DurationSeconds {
			t.Errorf("%f seconds, want %f", media.DurationSeconds, plain.DurationSeconds)
		}
	})
}

func TestIs(t *testing.T) {
	for name, data := range map[string][]byte{
		"nothing": nil, "four packets": small()[:4*188], "text": []byte(strings.Repeat("G is the sync byte. ", 200)),
	} {
		if mpegts.Is(data) {
			t.Errorf("%s is taken for a transport stream", name)
		}
	}
}

func TestPrograms(t *testing.T) {
	t.Run("TheFirstOfSeveralLanguagesCounts", func(t *testing.T) {
		media := mustRead(t, slices.Concat(association(1), programMap(0, nil,
			elementary(6, 0x100, descriptor(0x56, "deu\x09\x00fra\x10\x00")), elementary(3, 0x101, descriptor(0x0A, "ita\x00eng\x00"))), tones(0x101, 0, 9)))
		if a, b := media.Tracks[0], media.Tracks[1]; a.Language != "ger" || a.LanguageTag != "de" || b.Language != "ita" {
			t.Errorf("got %+v", media.Tracks)
		}
	})
	t.Run("TeletextForTheHardOfHearingSaysSo", func(t *testing.T) {
		media := mustRead(t, slices.Concat(association(1), programMap(0, nil, elementary(6, 0x100, descriptor(0x56, "ger\x29\x50"))), tones(0x101, 0, 9)))
		if got := media.Tracks[0]; !got.HearingImpaired || got.Codec != "dvb_teletext" || got.Type != library.TrackSubtitle {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("DolbyVisionIsDescribed", func(t *testing.T) {
		media := mustRead(t, slices.Concat(association(1), programMap(0, nil,
			elementary(0x24, 0x100, descriptor(0xB0, "\x01\x00\x10\x35\x10")),          // profile 8, level 6, base layer and metadata
			elementary(0x24, 0x101, descriptor(0xB0, "\x01\x00\x0e\x36\x08\x00\x20"))), // profile 7, an enhancement layer
			tones(0x102, 0, 9)))
		base, enhancement := media.Tracks[0].DolbyVision, media.Tracks[1].DolbyVision
		if base == nil || *base != (library.DolbyVision{Profile: 8, Level: 6, Compatibility: 1, BaseLayer: true, Metadata: true}) {
			t.Errorf("got %+v", base)
		}
		if enhancement == nil || *enhancement != (library.DolbyVision{Profile: 7, Level: 6, Compatibility: 2, Enhancement: true, Metadata: true}) {
			t.Errorf("got %+v", enhancement)
		}
	})
	t.Run("AnotherVersionOfAMapBringsFurtherStreams", func(t *testing.T) {
		for version, want := range map[byte]int{0: 1, 1: 2} {
			later := section(mapPID, 2, 1, version, []byte{0xE1, 0, 0xF0, 0}, elementary(3, 0x100), elementary(3, 0x101))
			if got := mustRead(t, slices.Concat(small()[:5*188], later, small()[5*188:])); len(got.Tracks) != want {
				t.Errorf("version %d: %d streams", version, len(got.Tracks))
			}
		}
	})
	t.Run("DescriptorsThatAreCutShortAreLeftOut", func(t *testing.T) {
		media := mustRead(t, slices.Concat(association(1), programMap(0, nil, elementary(3, 0x100, descriptor(0x0A, "eng\x00")[:4]),
			elementary(6, 0x101, []byte{0x59, 200, 'e'}), elementary(6, 0x102, descriptor(0xB0, "x"), descriptor(0x7F, ""), descriptor(5, "AC"))), tones(0x100, 0, 9)))
		if len(media.Tracks) != 3 || media.Tracks[0].Language != "und" || media.Tracks[1].Codec != "bin_data" {
			t.Errorf("got %+v", media.Tracks)
		}
	})
	t.Run("MoreStreamsThanAFileMayHaveAreLeftOut", func(t *testing.T) {
		var data []byte
		data = append(data, association(64)...)
		for i := range 64 {
			var streams [][]byte
			for j := range 100 {
				streams = append(streams, elementary(6, 0x20+(i*100+j)%4000))
			}
			data = append(data, programMap(i, nil, streams...)...)
		}
		if media := mustRead(t, data); len(media.Tracks) != 256 {
			t.Errorf("%d tracks", len(media.Tracks))
		}
	})
}

// endless is a file that is the same piece again and again.
type endless struct {
	piece []byte
	read  int64 // bytes
}

func (e *endless) ReadAt(p []byte, offset int64) (int, error) {
	e.read += int64(len(p))
	for i := range p {
		p[i] = e.piece[(offset+int64(i))%int64(len(e.piece))]
	}
	return len(p), nil
}

func TestOfALargeFileLittleIsRead(t *testing.T) {
	for name, piece := range map[string][]byte{
		"WithSound":                  small(),
		"WithStreamsThatNeverBegin":  slices.Concat(association(1), programMap(0, nil, elementary(3, 0x100), elementary(0x1B, 0x101))),
		"WithPicturesThatNeverBegin": slices.Concat(small(), programMap(0, nil, elementary(0x1B, 0x101)), unit(0x101, 0xE0, 1, make([]byte, 2000))),
	} {
		t.Run(name, func(t *testing.T) {
			file := &endless{piece: piece}
			const size = 20 << 30
			media, err := mpegts.Read(source.New(t.Context(), library.Content{Data: file, Size: size, Head: bytes.Repeat(piece, 1+(64<<10)/len(piece))[:64<<10]}))
			if err != nil || len(media.Tracks) == 0 || file.read > 4<<20 {
				t.Errorf("%d tracks, %d bytes were read, %v", len(media.Tracks), file.read, err)
			}
		})
	}
}
