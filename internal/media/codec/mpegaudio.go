package codec

import "vpo/internal/library"

// mpegAudioFrame is a frame header of MPEG audio as it is read.
type mpegAudioFrame struct {
	layer    int // 1 to 3
	rate     int // Hz
	channels int
	size     int // bytes; 0 where the header leaves it open
}

// MPEGAudio reads the first frame header of MPEG-1 or MPEG-2 audio (ISO/IEC 11172-3, 2.4.1.3; ISO/IEC 13818-3, 2.4.1.3),
// and sets Codec to "mp1", "mp2" or "mp3". Bytes before it are passed over, where a second header confirms the first.
func MPEGAudio(t *library.Track, frame []byte) error {
	for at := 0; at+4 <= len(frame); at++ {
		f, ok := readMPEGAudio(frame[at:])
		if !ok || !f.confirmed(frame[at:], at == 0) {
			continue
		}
		s := sound{rate: f.rate, channels: f.channels, layout: Layout(f.channels)}
		s.codec = named(mpegLayers[:], f.layer)
		s.fill(t)
		return nil
	}
	return incomplete("no MPEG audio frame header")
}

var mpegLayers = [...]string{1: "mp1", 2: "mp2", 3: "mp3"}

// confirmed says whether the next frame follows where it should. A header at the very beginning is believed where the
// stretch ends before that.
func (f *mpegAudioFrame) confirmed(data []byte, first bool) bool {
	if f.size == 0 || f.size+4 > len(data) {
		return first
	}
	next, ok := readMPEGAudio(data[f.size:])
	return ok && next.layer == f.layer && next.rate == f.rate
}

// readMPEGAudio reads the four bytes of a header.
func readMPEGAudio(data []byte) (f mpegAudioFrame, ok bool) {
	const (
		sync                       = 0x7ff
		reservedVersion, version1  = 1, 3
		reservedRate, reservedBits = 3, 15
		mono                       = 3
	)
	b := streamBits(data)
	if b.read(11) != sync {
		return f, false
	}
	version, layer := b.number(2), 4-b.number(2)
	b.skip(1)
	bitRate, rate := b.number(4), b.number(2)
	padding := b.number(1)
	b.skip(1)
	if f.channels = 2; b.number(2) == mono {
		f.channels = 1
	}
	if version == reservedVersion || layer > 3 || bitRate == reservedBits || rate == reservedRate || !b.ok() {
		return f, false
	}
	f.layer, f.rate = layer, mpegAudioRates[version][rate]
	table := layer - 1
	if version != version1 {
		table = min(layer, 2) + 2
	}
	if kilobits := mpegAudioKilobits[table][bitRate]; kilobits > 0 {
		f.size = mpegAudioSize(layer, version == version1, 1000*kilobits, f.rate)
		f.size += padding * mpegAudioSlot(layer)
	}
	return f, true
}

// mpegAudioSlot is the unit of a frame's size, in bytes.
func mpegAudioSlot(layer int) int {
	if layer == 1 {
		return 4
	}
	return 1
}

// mpegAudioSize is the size of a frame without padding (ISO/IEC 11172-3, 2.4.3.1), in bytes.
func mpegAudioSize(layer int, version1 bool, bitRate, rate int) int {
	switch {
	case layer == 1:
		return 12 * bitRate / rate * mpegAudioSlot(layer)
	case layer == 3 && !version1:
		return 72 * bitRate / rate
	}
	return 144 * bitRate / rate
}

var (
	// mpegAudioRates are the sampling frequencies by version (2.5, reserved, 2, 1) and index, in Hz.
	mpegAudioRates = [4][3]int{{11025, 12000, 8000}, {}, {22050, 24000, 16000}, {44100, 48000, 32000}}

	// mpegAudioKilobits are the bit rates of the layers of MPEG-1, then of the first and of the other layers of MPEG-2,
	// in kbit/s.
	mpegAudioKilobits = [5][15]int{
		{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	}
)
