package codec

import (
	"bytes"

	"vpo/internal/library"
)

// trueHDAtmos is ffmpeg's name, since version 6, of TrueHD with a presentation of objects.
const trueHDAtmos = "Dolby TrueHD + Dolby Atmos"

// trueHDSync is the sync word of TrueHD. That of the MLP of DVD-Audio is one more.
const trueHDSync = 0xf8726fba

// TrueHD reads the first major sync of TrueHD or MLP (Dolby TrueHD (MLP) High-Level Bitstream Description, 4.2), and sets
// Codec to "truehd" or "mlp". It is sought in all of the frame, since not every access unit has one.
func TrueHD(t *library.Track, frame []byte) error {
	const header = "TrueHD major sync"
	at := majorSync(frame)
	if at < 0 {
		return incomplete("no %s", header)
	}
	b := streamBits(frame[at:])
	var s sound
	if b.read(32) == trueHDSync {
		s.readTrueHD(&b)
	} else {
		s.readMLP(&b)
	}
	if err := b.err(header); err != nil {
		return err
	}
	if err := s.check(header); err != nil {
		return err
	}
	s.fill(t)
	return nil
}

// majorSync finds a sync word with the signature that follows eight bytes behind it.
func majorSync(frame []byte) int {
	const syncAndSignature = 10
	for at := 0; ; at++ {
		next := bytes.Index(frame[at:], commonSync)
		if at += next; next < 0 || at+syncAndSignature > len(frame) {
			return -1
		}
		if frame[at+3]&0xfe == 0xba && frame[at+8] == 0xb7 && frame[at+9] == 0x52 {
			return at
		}
	}
}

// commonSync is what the sync words of TrueHD and MLP begin with.
var commonSync = []byte{0xf8, 0x72, 0x6f}

// readTrueHD reads format_info of TrueHD and what follows it. The presentation of eight channels counts for more than
// that of six. ffmpeg gives 24 bits to all.
func (s *sound) readTrueHD(b *bitReader) {
	const withObjects, sixteenChannels = 4, 0x80
	s.codec, s.depth = "truehd", 24
	s.rate = mlpRate(b.number(4))
	b.skip(4 + 2 + 2)
	six := trueHDMask(b.read(5))
	b.skip(2)
	eight := trueHDMask(b.read(13))
	if s.masked(six); eight != 0 {
		s.masked(eight)
	}
	b.skip(16 + 16 + 16 + 16)
	substreams := b.number(4)
	b.skip(4)
	if info := b.number(8); substreams == withObjects && info&sixteenChannels != 0 {
		s.profile = trueHDAtmos
	}
}

// readMLP reads format_info of MLP.
func (s *sound) readMLP(b *bitReader) {
	s.codec = "mlp"
	s.depth = [16]int{16, 20, 24}[b.number(4)]
	b.skip(4)
	s.rate = mlpRate(b.number(4))
	b.skip(4 + 11)
	s.masked(mlpArrangements[b.number(5)])
}

// mlpRate is the sampling frequency by its code, in Hz; 0 where it stands for none.
func mlpRate(code int) int {
	const none, of44100 = 15, 8
	switch {
	case code == none:
		return 0
	case code&of44100 != 0:
		return 44100 << (code & 7)
	}
	return 48000 << (code & 7)
}

// trueHDSpeakers are the speakers by bit of a channel assignment.
var trueHDSpeakers = [13]uint64{
	stereo, frontCenter, lowFrequency, sidePair, topFrontLeft | topFrontRight, centerPair, backPair, backCenter,
	topCenter, surroundDirectLeft | surroundDirectRight, widePair, topFrontCenter, lowFrequency2,
}

func trueHDMask(assignment uint32) uint64 {
	var mask uint64
	for i, speakers := range trueHDSpeakers {
		if assignment&(1<<i) != 0 {
			mask |= speakers
		}
	}
	return mask
}

// mlpArrangements are the speakers by channel assignment of MLP.
var mlpArrangements = [32]uint64{
	frontCenter, stereo, stereo | backCenter, stereo | backPair,
	stereo | lowFrequency, stereo | backCenter | lowFrequency, stereo | backPair | lowFrequency, front3,
	front3 | backCenter, front3 | backPair, front3 | lowFrequency, front3 | backCenter | lowFrequency,
	front3 | backPair | lowFrequency, front3 | backCenter, front3 | backPair, front3 | lowFrequency,
	front3 | backCenter | lowFrequency, front3 | backPair | lowFrequency, stereo | backPair | lowFrequency,
	front3 | backPair, front3 | backPair | lowFrequency,
}
