package codec

import "vpo/internal/library"

// sound is what the headers of most sound codecs tell, whatever their form.
type sound struct {
	codec    string
	profile  string
	channels int
	layout   string
	rate     int // Hz
	depth    int // bits; of lossless sound only
}

// check says what keeps a header from being one of sound.
func (s *sound) check(header string) error {
	const maxChannels, maxRate, maxDepth = 255, 1 << 24, 32
	if s.channels < 1 || s.channels > maxChannels || s.rate < 1 || s.rate > maxRate || s.depth > maxDepth {
		return malformed("the %s tells %d channels of %d bits at %d Hz", header, s.channels, s.depth, s.rate)
	}
	return nil
}

// fill sets all that the header tells.
func (s *sound) fill(t *library.Track) {
	setText(&t.Codec, s.codec)
	setText(&t.Profile, s.profile)
	t.Channels, t.ChannelLayout, t.SampleRate = s.channels, s.layout, s.rate
	if s.depth != 0 {
		t.BitDepth = s.depth
	}
}

// masked sets channels and layout from a set of speakers.
func (s *sound) masked(mask uint64) {
	s.channels, s.layout = popcount(mask), layoutOf(mask)
}
