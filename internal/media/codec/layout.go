package codec

import (
	"strconv"
	"strings"
)

// Speakers are numbered as ffmpeg numbers them; the first 18 are those of WAVEFORMATEXTENSIBLE's dwChannelMask.
const (
	frontLeft uint64 = 1 << iota
	frontRight
	frontCenter
	lowFrequency
	backLeft
	backRight
	frontLeftOfCenter
	frontRightOfCenter
	backCenter
	sideLeft
	sideRight
	topCenter
	topFrontLeft
	topFrontCenter
	topFrontRight
	topBackLeft
	topBackCenter
	topBackRight
)

// The speakers from bit 29 on are ffmpeg's own.
const (
	downmixLeft uint64 = 1 << (iota + 29)
	downmixRight
	wideLeft
	wideRight
	surroundDirectLeft
	surroundDirectRight
	lowFrequency2
	topSideLeft
	topSideRight
	bottomFrontCenter
	bottomFrontLeft
	bottomFrontRight
)

// Sets of speakers that layouts are made of.
const (
	stereo     = frontLeft | frontRight
	front3     = stereo | frontCenter
	backPair   = backLeft | backRight
	sidePair   = sideLeft | sideRight
	centerPair = frontLeftOfCenter | frontRightOfCenter
	widePair   = wideLeft | wideRight
	topSix     = topFrontLeft | topFrontCenter | topFrontRight | topBackLeft | topBackCenter | topBackRight
)

// layout51 is the six channels that most films have, with the surrounds at the side as film codecs have them.
const layout51 = front3 | lowFrequency | sidePair

// layout222 is the 24 channels of Super Hi-Vision.
const layout222 = layout51 | backPair | centerPair | backCenter | topCenter | topSix | lowFrequency2 | topSideLeft |
	topSideRight | bottomFrontCenter | bottomFrontLeft | bottomFrontRight

// layouts are the standard layouts of ffmpeg 5.1 in its order: of those with equally many channels the first is the
// default.
var layouts = [...]struct {
	name string
	mask uint64
}{
	{"mono", frontCenter},
	{"stereo", stereo},
	{"2.1", stereo | lowFrequency},
	{"3.0", front3},
	{"3.0(back)", stereo | backCenter},
	{"4.0", front3 | backCenter},
	{"quad", stereo | backPair},
	{"quad(side)", stereo | sidePair},
	{"3.1", front3 | lowFrequency},
	{"5.0", front3 | backPair},
	{"5.0(side)", front3 | sidePair},
	{"4.1", front3 | lowFrequency | backCenter},
	{"5.1", front3 | lowFrequency | backPair},
	{"5.1(side)", layout51},
	{"6.0", front3 | backCenter | sidePair},
	{"6.0(front)", stereo | centerPair | sidePair},
	{"hexagonal", front3 | backPair | backCenter},
	{"6.1", layout51 | backCenter},
	{"6.1(back)", front3 | lowFrequency | backPair | backCenter},
	{"6.1(front)", stereo | lowFrequency | centerPair | sidePair},
	{"7.0", front3 | backPair | sidePair},
	{"7.0(front)", front3 | centerPair | sidePair},
	{"7.1", layout51 | backPair},
	{"7.1(wide)", front3 | lowFrequency | backPair | centerPair},
	{"7.1(wide-side)", layout51 | centerPair},
	{"octagonal", front3 | backPair | backCenter | sidePair},
	{"hexadecagonal", front3 | backPair | backCenter | sidePair | topSix | widePair},
	{"downmix", downmixLeft | downmixRight},
	{"22.2", layout222},
}

// speakers are ffmpeg's names of the bits of a mask.
var speakers = [...]string{
	0: "FL", 1: "FR", 2: "FC", 3: "LFE", 4: "BL", 5: "BR", 6: "FLC", 7: "FRC", 8: "BC", 9: "SL", 10: "SR",
	11: "TC", 12: "TFL", 13: "TFC", 14: "TFR", 15: "TBL", 16: "TBC", 17: "TBR", 29: "DL", 30: "DR", 31: "WL",
	32: "WR", 33: "SDL", 34: "SDR", 35: "LFE2", 36: "TSL", 37: "TSR", 38: "BFC", 39: "BFL", 40: "BFR",
}

// Layout is ffmpeg's default layout of so many channels, "5.1" of six. It is "" where there is none.
func Layout(channels int) string {
	for i := range layouts {
		if popcount(layouts[i].mask) == channels {
			return layouts[i].name
		}
	}
	return ""
}

// LayoutMask is ffmpeg's name of the speakers in WAVEFORMATEXTENSIBLE's dwChannelMask, "5.1(side)". A set of speakers that
// has no name is described as ffmpeg does: "2 channels (FC+LFE)". It is "" where the mask is 0.
func LayoutMask(mask uint32) string { return layoutOf(uint64(mask)) }

// layoutOf is LayoutMask for all speakers.
func layoutOf(mask uint64) string {
	for i := range layouts {
		if layouts[i].mask == mask {
			return layouts[i].name
		}
	}
	if mask == 0 {
		return ""
	}
	var names []string
	for i := range 64 {
		if mask&(1<<i) != 0 {
			names = append(names, speaker(i))
		}
	}
	return strconv.Itoa(len(names)) + " channels (" + strings.Join(names, "+") + ")"
}

func speaker(bit int) string {
	if name := named(speakers[:], bit); name != "" {
		return name
	}
	return "USR" + strconv.Itoa(bit)
}
