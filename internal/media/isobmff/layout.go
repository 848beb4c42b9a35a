package isobmff

import (
	"math/bits"

	"vpo/internal/media/codec"
)

// layout reads the rest of QuickTime's chan box behind version and flags (Core Audio, AudioChannelLayout): a number that
// stands for a layout, a mask of speakers, or a list of them.
func (s *stream) layout(c cursor) string {
	const listed, masked = 0, 1
	tag, mask, count := c.u32(), c.u32(), c.u32()
	switch tag >> 16 {
	case listed:
		return s.maskLayout(speakers(c, count))
	case masked:
		return s.maskLayout(mask)
	}
	if int(tag&0xffff) != s.Channels {
		return ""
	}
	return namedLayout(tag>>16, tag&0xffff)
}

// maskLayout names the layout of a mask of WAVEFORMATEXTENSIBLE, where it has as many speakers as there are channels.
func (s *stream) maskLayout(mask uint32) string {
	if mask == 0 || bits.OnesCount32(mask) != s.Channels {
		return ""
	}
	return codec.LayoutMask(mask)
}

// speakers makes a mask of a list of speakers. The first 18 labels of Core Audio are the bits of WAVEFORMATEXTENSIBLE.
func speakers(c cursor, count uint32) (mask uint32) {
	const described = 20 // bytes a speaker
	for range min(int(min(count, 64)), len(c.data)/described) {
		label := c.u32()
		c.take(described - 4)
		if label < 1 || label > 18 || mask>>(label-1)&1 != 0 {
			return 0
		}
		mask |= 1 << (label - 1)
	}
	return mask
}

// standardLayout reads chnl (ISO/IEC 14496-12, 12.2.4) as far as it gives one of the layouts of ISO/IEC 23091-3.
func standardLayout(c cursor) string {
	const channelStructured = 1
	version := c.u8()
	c.take(3)
	if version != 0 || c.u8()&channelStructured == 0 {
		return ""
	}
	names := [...]string{1: "mono", "stereo", "3.0", "4.0", "5.0", "5.1", "7.1(wide)", 9: "3.0(back)", "quad(side)", "6.1", "7.1"}
	if layout := c.u8(); layout < len(names) {
		return names[layout]
	}
	return ""
}

// namedLayout gives ffmpeg's name of a layout of Core Audio (CoreAudioBaseTypes.h, kAudioChannelLayoutTag...). The lower
// half of such a tag is the number of channels. Tags without a name in ffmpeg are left out.
func namedLayout(tag, channels uint32) string {
	for _, l := range coreLayouts {
		if l.tag == tag && l.channels == channels {
			return l.name
		}
	}
	return ""
}

var coreLayouts = []struct {
	tag, channels uint32
	name          string
}{
	{100, 1, "mono"}, {101, 2, "stereo"}, {102, 2, "stereo"}, {103, 2, "downmix"}, {104, 2, "stereo"}, {105, 2, "stereo"},
	{106, 2, "stereo"}, {108, 4, "quad"}, {109, 5, "5.0"}, {110, 6, "hexagonal"}, {111, 8, "octagonal"}, {113, 3, "3.0"},
	{114, 3, "3.0"}, {115, 4, "4.0"}, {116, 4, "4.0"}, {117, 5, "5.0(side)"}, {118, 5, "5.0(side)"}, {119, 5, "5.0(side)"},
	{120, 5, "5.0(side)"}, {121, 6, "5.1(side)"}, {122, 6, "5.1(side)"}, {123, 6, "5.1(side)"}, {124, 6, "5.1(side)"},
	{125, 7, "6.1"}, {126, 8, "7.1(wide-side)"}, {127, 8, "7.1(wide-side)"}, {128, 8, "7.1"}, {129, 8, "7.1(wide-side)"},
	{131, 3, "3.0(back)"}, {132, 4, "quad(side)"}, {133, 3, "2.1"}, {136, 4, "3.1"}, {137, 5, "4.1"}, {139, 6, "6.0"},
	{140, 7, "7.0"}, {141, 6, "6.0"}, {142, 7, "6.1"}, {143, 7, "7.0"}, {144, 8, "octagonal"}, {148, 7, "7.0(front)"},
	{150, 3, "3.0"}, {151, 4, "4.0"}, {152, 4, "3.1"}, {154, 5, "4.1"}, {155, 6, "6.0"},
}
