package codec

import "vpo/internal/library"

// Audio object types of MPEG-4 (ISO/IEC 14496-3, table 1.17).
const (
	aacMain   = 1
	aacLC     = 2
	aacSBR    = 5
	aacPS     = 29
	aacEscape = 31
	aacELD    = 39
	aacUSAC   = 42
)

// aacRates are the sampling frequencies by index (ISO/IEC 14496-3, table 1.18), in Hz.
var aacRates = [...]int{
	96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350, 0, 0, 0,
}

// aacLayouts are the channels by channel configuration (ISO/IEC 14496-3, table 1.19). Of 7 the standard says that two
// of the eight speakers are in front; ffmpeg, and this program, take it for the 7.1 that encoders mean.
var aacLayouts = [...]uint64{
	1: frontCenter, 2: stereo, 3: front3, 4: front3 | backCenter, 5: front3 | backPair,
	6: front3 | lowFrequency | backPair, 7: layout51 | backPair, 11: front3 | lowFrequency | backPair | backCenter,
	12: layout51 | backPair, 13: layout222, 14: front3 | lowFrequency | backPair | topFrontLeft | topFrontRight,
}

// aacProfiles are ffmpeg's names of audio object types that are profiles of AAC.
var aacProfiles = [...]string{
	aacMain: "Main", aacLC: "LC", 3: "SSR", 4: "LTP", aacSBR: "HE-AAC", 23: "LD", aacPS: "HE-AACv2", aacELD: "ELD",
}

// aacConfig is an AudioSpecificConfig as it is read.
type aacConfig struct {
	object, extension int // audio object types
	rate, outputRate  int // Hz
	configuration     int // of channels
	mask              uint64
	parametric        bool // parametric stereo
}

// AACConfig reads an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). Spectral band replication doubles the sample rate
// and parametric stereo the channel, where the configuration states them; what only the frames tell stays unknown.
func AACConfig(t *library.Track, config []byte) error {
	const header = "AAC configuration"
	b := recordBits(config)
	var c aacConfig
	c.read(&b)
	if err := b.err(header); err != nil {
		return err
	}
	c.readSyncExtension(&b, len(config)*8)
	return c.fill(t, header)
}

func (c *aacConfig) read(b *bitReader) {
	c.object, c.rate = aacObject(b), aacRate(b)
	c.outputRate = c.rate
	c.configuration = b.number(4)
	if c.object == aacSBR || c.object == aacPS {
		c.parametric = c.object == aacPS
		c.extension = aacSBR
		c.outputRate = aacRate(b)
		if c.object = aacObject(b); c.object == 22 {
			b.skip(4)
		}
	}
	switch c.object {
	case 1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23:
		c.readGeneral(b)
	}
}

// readGeneral follows GASpecificConfig (ISO/IEC 14496-3, 4.4.1) as far as the program config element.
func (c *aacConfig) readGeneral(b *bitReader) {
	b.skip(1)
	if b.flag() {
		b.skip(14)
	}
	b.skip(1)
	if c.configuration == 0 {
		c.mask = programSpeakers(b)
	}
}

// readSyncExtension looks for the replication that is announced behind the configuration, so that decoders that do not
// know it can pass over it (ISO/IEC 14496-3, 1.6.6.1).
func (c *aacConfig) readSyncExtension(b *bitReader, size int) {
	const replication, stereophony = 0x2b7, 0x548
	if c.extension == aacSBR || size-b.position() < 16 || b.read(11) != replication || aacObject(b) != aacSBR || !b.flag() {
		return
	}
	rate := aacRate(b)
	parametric := size-b.position() >= 12 && b.read(11) == stereophony && b.flag()
	if b.ok() {
		c.extension, c.outputRate, c.parametric = aacSBR, rate, parametric
	}
}

func (c *aacConfig) fill(t *library.Track, header string) error {
	s := sound{codec: "aac", rate: c.outputRate, profile: named(aacProfiles[:], c.object)}
	switch {
	case c.parametric:
		s.profile = aacProfiles[aacPS]
	case c.extension == aacSBR:
		s.profile = aacProfiles[aacSBR]
	}
	mask := c.mask
	if c.configuration > 0 && c.configuration < len(aacLayouts) {
		mask = aacLayouts[c.configuration]
	}
	if c.parametric && mask == frontCenter {
		mask = stereo
	}
	s.masked(mask)
	if mask == 0 {
		s.channels, s.layout = t.Channels, t.ChannelLayout
	}
	if s.channels != 0 {
		if err := s.check(header); err != nil {
			return err
		}
	}
	s.fill(t)
	return nil
}

func aacObject(b *bitReader) int {
	object := b.number(5)
	if object == aacEscape {
		object = 32 + b.number(6)
	}
	return object
}

func aacRate(b *bitReader) int {
	const explicit = 15
	index := b.number(4)
	if index == explicit {
		return b.number(24)
	}
	return aacRates[index]
}

// ADTS reads the first header of an AAC stream with headers of its own (ISO/IEC 13818-7, 6.2). Replication is not
// announced there.
func ADTS(t *library.Track, stream []byte) error {
	const header = "AAC frame header"
	start := adtsStart(stream)
	if start < 0 {
		return incomplete("no AAC frame header")
	}
	b := streamBits(stream[start:])
	b.skip(16)
	c := aacConfig{object: b.number(2) + 1, rate: aacRates[b.number(4)]}
	c.outputRate = c.rate
	b.skip(1)
	c.configuration = b.number(3)
	b.skip(28)
	if c.configuration == 0 && stream[start+1]&1 == 1 && b.read(3) == 5 {
		c.mask = programSpeakers(&b)
	}
	if err := b.err(header); err != nil {
		return err
	}
	return c.fill(t, header)
}

// adtsStart finds the first frame header that the next one follows where it says, or that is the last in the stretch.
func adtsStart(stream []byte) int {
	const size = 7
	is := func(at int) bool {
		return stream[at] == 0xff && stream[at+1]&0xf6 == 0xf0 && stream[at+2]>>2&15 < 13
	}
	for at := 0; at+size <= len(stream); at++ {
		if !is(at) {
			continue
		}
		length := int(stream[at+3]&3)<<11 | int(stream[at+4])<<3 | int(stream[at+5])>>5
		if length >= size && (at+length+size > len(stream) || is(at+length)) {
			return at
		}
	}
	return -1
}
