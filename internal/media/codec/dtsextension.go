package codec

import "math/bits"

// isDTSExtension says whether an extension substream begins here.
func isDTSExtension(data []byte) bool {
	b := streamBits(data)
	return b.read(32) == dtsExtensionSync
}

// dtsExtension is what the header of an extension substream tells of its first asset (ETSI TS 102 114, 7.4).
type dtsExtension struct {
	present   bool
	static    bool // the fields that do not change are there
	profile   string
	depth     int
	rate      int    // Hz
	channels  int    // in all
	mask      uint32 // nuSpkrActivityMask
	mixing    bool   // mixing metadata are allowed for
	mixes     int    // mixing configurations
	mixCounts [4]int // channels of each
}

// dtsExtensionRates are the rates by nuMaxSampleRate (table 7-9), in Hz.
var dtsExtensionRates = [16]int{
	8000, 16000, 32000, 64000, 128000, 22050, 44100, 88200, 176400, 352800, 12000, 24000, 48000, 96000, 192000, 384000,
}

func (e *dtsExtension) read(data []byte) error {
	b := streamBits(data)
	b.skip(32 + 8)
	index := b.number(2)
	wide := 4 * b.number(1)
	b.skip(8 + wide)
	sizeBits := 16 + wide
	b.skip(sizeBits)
	assets := 1
	if e.static = b.flag(); e.static {
		assets = e.readStatic(&b, index)
	}
	b.skip(assets * sizeBits)
	e.readAsset(&b)
	e.present = true
	return b.err("DTS-HD header")
}

// readStatic reads the fields that do not change from frame to frame, and returns the number of assets.
func (e *dtsExtension) readStatic(b *bitReader, index int) int {
	b.skip(2 + 3)
	skipOptional(b, 36)
	presentations, assets := b.number(3)+1, b.number(3)+1
	active := 0
	for range presentations {
		active += bits.OnesCount32(b.read(index + 1))
	}
	b.skip(8 * active)
	if e.mixing = b.flag(); e.mixing {
		b.skip(2)
		maskBits := 4 * (b.number(2) + 1)
		e.mixes = b.number(2) + 1
		for i := range e.mixes {
			e.mixCounts[i] = dtsChannels(b.read(maskBits))
		}
	}
	return assets
}

// readAsset follows the asset descriptor (7.4.2) as far as the coding.
func (e *dtsExtension) readAsset(b *bitReader) {
	b.skip(9 + 3)
	stereoToo, sixToo := false, false
	if e.static {
		stereoToo, sixToo = e.readAssetStatic(b)
	}
	ranged := b.flag()
	if ranged {
		b.skip(8)
	}
	skipOptional(b, 5)
	if ranged && stereoToo {
		b.skip(8)
	}
	if e.mixing && b.flag() {
		e.skipMixing(b, stereoToo, sixToo)
	}
	e.readCoding(b)
}

// readAssetStatic reads what is constant of an asset: depth, rate, channels and where they belong.
func (e *dtsExtension) readAssetStatic(b *bitReader) (stereoToo, sixToo bool) {
	skipOptional(b, 4)
	skipOptional(b, 24)
	if b.flag() {
		b.skip(8 * (b.number(10) + 1))
	}
	e.depth = b.number(5) + 1
	e.rate = dtsExtensionRates[b.number(4)]
	e.channels = b.number(8) + 1
	if !b.flag() {
		b.skip(3)
		return false, false
	}
	stereoToo = e.channels > 2 && b.flag()
	sixToo = e.channels > 6 && b.flag()
	maskBits := 0
	if b.flag() {
		maskBits = 4 * (b.number(2) + 1)
		e.mask = b.read(maskBits)
	}
	skipDTSRemapping(b, maskBits)
	return stereoToo, sixToo
}

// skipDTSRemapping passes over how channels are to be played by other sets of speakers.
func skipDTSRemapping(b *bitReader, maskBits int) {
	var speakers [7]int
	sets := b.number(3)
	for i := range sets {
		speakers[i] = dtsChannels(b.read(maskBits))
	}
	for _, count := range speakers[:sets] {
		channels := b.number(5) + 1
		for range count {
			b.skip(5 * bits.OnesCount32(b.read(channels)))
		}
	}
}

// skipMixing passes over the mixing metadata of an asset.
func (e *dtsExtension) skipMixing(b *bitReader, stereoToo, sixToo bool) {
	const custom = 3
	b.skip(1 + 6)
	if b.number(2) == custom {
		b.skip(8)
	} else {
		b.skip(3)
	}
	each := b.flag()
	for _, count := range e.mixCounts[:e.mixes] {
		if each {
			b.skip(6 * count)
		} else {
			b.skip(6)
		}
	}
	channels := e.channels
	if sixToo {
		channels += 6
	}
	if stereoToo {
		channels += 2
	}
	for _, count := range e.mixCounts[:e.mixes] {
		for range channels {
			b.skip(6 * bits.OnesCount32(b.read(min(count, 32))))
		}
	}
}

// readCoding reads which extensions code the asset (7.4.2, nuCodingMode and nuCoreExtensionMask).
func (e *dtsExtension) readCoding(b *bitReader) {
	const components, lossless, express = 0, 1, 2
	const bitRate, channels, doubled, low, exact = 0x020, 0x040, 0x080, 0x100, 0x200
	mask := uint32(0)
	switch b.number(2) {
	case components:
		mask = b.read(12)
	case lossless:
		mask = exact
	case express:
		mask = low
	}
	switch {
	case mask&exact != 0:
		e.profile = dtsLossless
	case mask&low != 0:
		e.profile = dtsExpress
	case mask&(bitRate|channels|doubled) != 0:
		e.profile = dtsHighRes
	}
}

// apply puts what the extension tells over what the core told.
func (e *dtsExtension) apply(s *sound) {
	if !e.present || e.profile == "" {
		return
	}
	s.profile = e.profile
	if !e.static {
		return
	}
	s.rate = e.rate
	if e.profile == dtsLossless {
		s.depth = e.depth
	}
	mask := dtsSpeakerMask(e.mask)
	switch {
	case mask != 0 && popcount(mask) == dtsChannels(e.mask):
		s.masked(mask)
	case e.channels > s.channels:
		s.channels, s.layout = e.channels, Layout(e.channels)
	}
}

// dtsPairs are the bits of a speaker mask that stand for two speakers (table 7-10).
const dtsPairs = 0xae66

// dtsChannels counts the channels of a speaker mask.
func dtsChannels(mask uint32) int {
	return bits.OnesCount32(mask) + bits.OnesCount32(mask&dtsPairs)
}

// dtsSpeakers are the speakers by bit of the mask (ETSI TS 102 114, table 7-10), as ffmpeg places them.
var dtsSpeakers = [16]uint64{
	frontCenter, stereo, sidePair, lowFrequency, backCenter, topFrontLeft | topFrontRight, backPair, topFrontCenter,
	topCenter, centerPair, centerPair, sidePair, lowFrequency, topFrontLeft | topFrontRight, topBackCenter,
	topBackLeft | topBackRight,
}

// dtsSpeakerMask turns DTS's set of speakers into ffmpeg's. Where a pair of wide ones is all that the usual surrounds are
// joined by, these stand behind and those at the side.
func dtsSpeakerMask(mask uint32) uint64 {
	const wide70, wide71, surrounds, wides = 0x407, 0x40f, 0x004, 0x400
	if mask == wide70 || mask == wide71 {
		return dtsSpeakerMask(mask&^(surrounds|wides)) | backPair | sidePair
	}
	var speakers uint64
	for i, pair := range dtsSpeakers {
		if mask&(1<<i) != 0 {
			speakers |= pair
		}
	}
	return speakers
}
