package codec_test

import (
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

// pack writes numbers as bits, the highest first: a value and its width, over and over. The last byte is filled up with
// zeros.
func pack(pairs ...int) []byte {
	var data []byte
	have := 0
	for i := 0; i < len(pairs); i += 2 {
		for bit := pairs[i+1] - 1; bit >= 0; bit-- {
			if have%8 == 0 {
				data = append(data, 0)
			}
			data[len(data)-1] |= byte(pairs[i]>>bit&1) << (7 - have%8)
			have++
		}
	}
	return data
}

// padded brings data to a size.
func padded(data []byte, size int) []byte { return append(data, make([]byte, size-len(data))...) }

// madeSound are streams that ffmpeg does not encode, made from the specifications.
var madeSound = []struct {
	name string
	data []byte
	read func(*library.Track, []byte) error
	want library.Track
}{
	{
		"EAC3In71IsIndependentAndDependentFrame", append(eac3Frame(0, 0x3f, false), eac3Frame(1, 0x3f, false)...), codec.AC3,
		library.Track{Codec: "eac3", Channels: 8, ChannelLayout: "7.1", SampleRate: 48000},
	},
	{
		"EAC3OfASecondProgramIsNotCounted", append(eac3Frame(0, 0x3f, false), eac3Frame(0, 0x3f, false)...), codec.AC3,
		library.Track{Codec: "eac3", Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000},
	},
	{
		"EAC3WithObjectsIsAtmos", eac3Frame(0, 0x3f, true), codec.AC3,
		library.Track{
			Codec: "eac3", Profile: "Dolby Digital Plus + Dolby Atmos", Channels: 6, ChannelLayout: "5.1(side)",
			SampleRate: 48000,
		},
	},
	{
		"EAC3BoxWithDependentSubstream", pack(640, 13, 0, 3, 0, 2, 16, 5, 0, 1, 0, 1, 0, 3, 7, 3, 1, 1, 0, 3, 1, 4, 2, 9),
		codec.EAC3Config, library.Track{Codec: "eac3", Channels: 8, ChannelLayout: "7.1", SampleRate: 48000},
	},
	{
		"EAC3BoxWithObjects",
		pack(768, 13, 0, 3, 0, 2, 16, 5, 0, 1, 0, 1, 0, 3, 7, 3, 1, 1, 0, 3, 0, 4, 0, 1, 0, 7, 1, 1, 16, 8),
		codec.EAC3Config, library.Track{
			Codec: "eac3", Profile: "Dolby Digital Plus + Dolby Atmos", Channels: 6, ChannelLayout: "5.1(side)",
			SampleRate: 48000,
		},
	},
	{
		"AC3Box", pack(0, 2, 8, 5, 0, 3, 7, 3, 1, 1, 15, 5, 0, 5), codec.AC3Config,
		library.Track{Codec: "ac3", Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000},
	},
	{
		"AC3OfTwoLanguagesIsStereo", pack(1, 2, 8, 5, 0, 3, 0, 3, 0, 1, 15, 5, 0, 5), codec.AC3Config,
		library.Track{Codec: "ac3", Channels: 2, ChannelLayout: "stereo", SampleRate: 44100},
	},
	{
		"DTSCoreWithCenterBehindIsES", dtsCore(1, 0), codec.DTS,
		library.Track{Codec: "dts", Profile: "DTS-ES", Channels: 7, ChannelLayout: "6.1", SampleRate: 48000},
	},
	{
		"DTSCoreOf96kHz", dtsCore(1, 2), codec.DTS,
		library.Track{Codec: "dts", Profile: "DTS 96/24", Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 96000},
	},
	{
		"DTSWithLosslessExtension", append(dtsCore(0, 0), dtsExtension(0, 0x200, 0x84b, 8)...), codec.DTS,
		library.Track{
			Codec: "dts", Profile: "DTS-HD MA", Channels: 8, ChannelLayout: "7.1", SampleRate: 48000, BitDepth: 24,
		},
	},
	{
		"DTSLosslessWithoutCore", dtsExtension(1, 0, 0x00f, 6), codec.DTS,
		library.Track{
			Codec: "dts", Profile: "DTS-HD MA", Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000, BitDepth: 24,
		},
	},
	{
		"DTSWithHighResolutionExtension", append(dtsCore(0, 0), dtsExtension(0, 0x020, 0x00f, 6)...), codec.DTS,
		library.Track{Codec: "dts", Profile: "DTS-HD HRA", Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000},
	},
	{
		"DTSExpress", dtsExtension(2, 0, 0x002, 2), codec.DTS,
		library.Track{Codec: "dts", Profile: "DTS Express", Channels: 2, ChannelLayout: "stereo", SampleRate: 48000},
	},
	{
		"DTSInLittleEndianWords", swapped(dtsCore(0, 0)), codec.DTS,
		library.Track{Codec: "dts", Profile: "DTS", Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000},
	},
	{
		"DTSInWordsOf14Bits", in14(dtsCore(0, 0)), codec.DTS,
		library.Track{Codec: "dts", Profile: "DTS", Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000},
	},
	{
		"DTSInLittleEndianWordsOf14Bits", swapped(in14(dtsCore(0, 0))), codec.DTS,
		library.Track{Codec: "dts", Profile: "DTS", Channels: 6, ChannelLayout: "5.1(side)", SampleRate: 48000},
	},
	{
		"TrueHDWithObjectsIsAtmos", trueHD(0x0f, 0x4f, 4, 0x80), codec.TrueHD,
		library.Track{
			Codec: "truehd", Profile: "Dolby TrueHD + Dolby Atmos", Channels: 8, ChannelLayout: "7.1", SampleRate: 48000,
			BitDepth: 24,
		},
	},
	{
		"TrueHDOfSixAndEightChannelsHasEight", trueHD(0x0f, 0x4f, 3, 0), codec.TrueHD,
		library.Track{Codec: "truehd", Channels: 8, ChannelLayout: "7.1", SampleRate: 48000, BitDepth: 24},
	},
	{
		"AACWithReplicationStatedAtTheEnd", pack(2, 5, 6, 4, 2, 4, 0, 3, 0x2b7, 11, 5, 5, 1, 1, 3, 4), codec.AACConfig,
		library.Track{Codec: "aac", Profile: "HE-AAC", Channels: 2, ChannelLayout: "stereo", SampleRate: 48000},
	},
	{
		"AACWithParametricStereoStatedAtTheEnd",
		pack(2, 5, 7, 4, 1, 4, 0, 3, 0x2b7, 11, 5, 5, 1, 1, 4, 4, 0x548, 11, 1, 1), codec.AACConfig,
		library.Track{Codec: "aac", Profile: "HE-AACv2", Channels: 2, ChannelLayout: "stereo", SampleRate: 44100},
	},
	{
		"AACWithReplicationStatedAtTheBeginning", pack(5, 5, 6, 4, 2, 4, 3, 4, 2, 5, 0, 3), codec.AACConfig,
		library.Track{Codec: "aac", Profile: "HE-AAC", Channels: 2, ChannelLayout: "stereo", SampleRate: 48000},
	},
	{
		"AACWithParametricStereoStatedAtTheBeginning", pack(29, 5, 6, 4, 1, 4, 3, 4, 2, 5, 0, 3), codec.AACConfig,
		library.Track{Codec: "aac", Profile: "HE-AACv2", Channels: 2, ChannelLayout: "stereo", SampleRate: 48000},
	},
	{
		"AACWithARateOfItsOwn", pack(2, 5, 15, 4, 47999, 24, 2, 4, 0, 3), codec.AACConfig,
		library.Track{Codec: "aac", Profile: "LC", Channels: 2, ChannelLayout: "stereo", SampleRate: 47999},
	},
	{
		"AACWithoutDelay", pack(31, 5, 7, 6, 3, 4, 2, 4, 0, 8), codec.AACConfig,
		library.Track{Codec: "aac", Profile: "ELD", Channels: 2, ChannelLayout: "stereo", SampleRate: 48000},
	},
	{
		"AACWithAProgramConfigElement", aacProgram(), codec.AACConfig,
		library.Track{Codec: "aac", Profile: "LC", Channels: 8, ChannelLayout: "7.1", SampleRate: 48000},
	},
	{
		"OpusBox", []byte{0, 6, 1, 56, 0, 0, 187, 128, 0, 0, 1, 4, 2, 0, 4, 1, 2, 3, 5}, codec.Opus,
		library.Track{Codec: "opus", Channels: 6, ChannelLayout: "5.1", SampleRate: 48000},
	},
}

func TestMadeSound(t *testing.T) {
	for _, made := range madeSound {
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

// eac3Frame makes a frame of 3/2 channels with every kind of metadata before the additional information (ATSC A/52,
// E.1.2). A dependent one (kind 1) is for the left and right surrounds and the pair behind them.
func eac3Frame(kind, size int, objects bool) []byte {
	pairs := []int{0x0b77, 16, kind, 2, 0, 3, size, 11, 0, 2, 3, 2}
	if kind == 1 {
		pairs = append(pairs, 6, 3, 0, 1, 16, 5, 31, 5, 0, 1, 1, 1, 0x1a00, 16)
	} else {
		pairs = append(pairs, 7, 3, 1, 1, 16, 5, 31, 5, 1, 1, 0xff, 8)
	}
	pairs = append(pairs, 1, 1, 1, 2) // mixing: preferred downmix
	if kind == 0 {
		pairs = append(pairs, 0x3f, 6, 0x3f, 6, 1, 1, 0x1f, 5, 1, 1, 0x3f, 6, 1, 1, 0x3f, 6, 3, 2, 1, 5, -1, 24, 1, 1)
		for range 6 {
			pairs = append(pairs, 1, 1, 0x1f, 5)
		}
	} else {
		pairs = append(pairs, 0x3f, 6)
	}
	pairs = append(pairs, 1, 1, 0, 5, 3, 2, 1, 1, 0xff, 8, 1, 1) // information
	if objects {
		pairs = append(pairs, 1, 1, 1, 6, 0, 7, 1, 1, 16, 8)
	} else {
		pairs = append(pairs, 0, 1)
	}
	return padded(pack(pairs...), 2*(size+1))
}

// dtsCore makes the header of a core of 5.1 channels in 512 bytes (ETSI TS 102 114, 5.3).
func dtsCore(extended, kind int) []byte {
	return padded(pack(0x7ffe8001, 32, 1, 1, 31, 5, 0, 1, 15, 7, 511, 14, 9, 6, 13, 4, 24, 5, 0, 5, kind, 3, extended, 1, 0, 1,
		2, 2), 512)
}

// dtsExtension makes an extension substream with one asset (ETSI TS 102 114, 7.4), with all that may come before its
// coding: texts, mixing, remapping.
func dtsExtension(mode, components, speakers, channels int) []byte {
	pairs := []int{
		0x64582025, 32, 0, 8, 0, 2, 0, 1, 99, 8, 511, 16, // header
		1, 1, 0, 2, 0, 3, 1, 1, -1, 36, 0, 3, 0, 3, 1, 1, -1, 8, // static fields with a time code
		1, 1, 0, 2, 0, 2, 0, 2, 2, 4, // one mixing configuration, for stereo
		255, 16, // size of the asset
		63, 9, 0, 3, 1, 1, 0, 4, 1, 1, 0x656e67, 24, 1, 1, 1, 10, 0x4142, 16, // description, language, text
		23, 5, 12, 4, channels - 1, 8, 1, 1,
	}
	if channels > 2 {
		pairs = append(pairs, 1, 1)
	}
	if channels > 6 {
		pairs = append(pairs, 0, 1)
	}
	pairs = append(pairs, 1, 1, 3, 2, speakers, 16, 1, 3, 2, 16, 1, 5, 3, 2, -1, 10, 1, 2, -1, 5) // one remapping
	pairs = append(pairs, 1, 1, 0, 8, 1, 1, 0, 5)
	if channels > 2 {
		channels += 2
		pairs = append(pairs, 0, 8)
	}
	pairs = append(pairs, 1, 1, 0, 7, 3, 2, 0, 8, 1, 1, 0, 12) // mixing
	for range channels {
		pairs = append(pairs, 1, 2, -1, 6)
	}
	return padded(pack(append(pairs, mode, 2, components, 12)...), 512)
}

// swapped exchanges the bytes of every word.
func swapped(data []byte) []byte {
	little := make([]byte, len(data))
	for i := range little {
		little[i] = data[i^1]
	}
	return little
}

// in14 spreads data over words of which 14 bits are used, extended by their sign as on a CD.
func in14(data []byte) []byte {
	var words []byte
	for at := 0; at+14 <= 8*len(data); at += 14 {
		word := 0
		for i := at; i < at+14; i++ {
			word = word<<1 | int(data[i/8]>>(7-i%8)&1)
		}
		if word&0x2000 != 0 {
			word |= 0xc000
		}
		words = append(words, byte(word>>8), byte(word))
	}
	return words
}

// trueHD makes an access unit with a major sync.
func trueHD(six, eight, substreams, info int) []byte {
	return padded(pack(0, 32, 0xf8726fba, 32, 0, 4, 0, 8, six, 5, 0, 2, eight, 13, 0xb752, 16, 0, 32, 1, 1, 0, 15, substreams, 4,
		0, 4, info, 8), 64)
}

// aacProgram makes a configuration with a program config element: a center, a pair in front, one at the side, one
// behind, and low frequencies.
func aacProgram() []byte {
	return pack(2, 5, 3, 4, 0, 4, 0, 3,
		0, 4, 1, 2, 3, 4, 2, 4, 1, 4, 1, 4, 1, 2, 0, 3, 0, 4, 0, 3, // counts, no mixdown
		0, 5, 0x10, 5, 0x11, 5, 0x12, 5, 0, 4, // elements
		0, 6, 1, 8, 0x41, 8) // to the byte, and a comment
}
