package codec

import (
	"vpo/internal/library"
	"vpo/internal/media/language"
)

// A DV frame consists of DIF blocks of 80 bytes (IEC 61834-2, SMPTE 314M): a header, two of subcode, three of VAUX, and then
// nine times one of audio and fifteen of video. Of the packs of five bytes in them, two are looked at.
const (
	difBlock    = 80
	vaux        = 5*difBlock + 48                // the source pack of the last VAUX block, the control pack behind it
	audioSource = 6*difBlock + 3*16*difBlock + 3 // the source pack of the sound
	packAudio   = 0x50
	packControl = 0x61
)

// DV reads what a DV frame tells of its picture.
func DV(t *library.Track, b []byte) error {
	if len(b) < audioSource+5 {
		return incomplete("a DV frame ends early")
	}
	if b[0] != 0x1F { // section type 0, a header
		return malformed("no DV frame")
	}
	lines625, shape := b[3]>>7 == 1, b[vaux+3]&0x1F
	switch shape {
	case 0:
		t.PixelFormat = "yuv411p"
		if lines625 && b[4]&7 == 0 { // track application 0: IEC 61834, which SMPTE 314M is not
			t.PixelFormat = "yuv420p"
		}
	case 4:
		t.PixelFormat = "yuv422p"
	default: // high definition
		t.PixelFormat = "yuv422p"
		return nil
	}
	t.Width, t.Height = 720, 480
	normal, wide := "8:9", "32:27"
	if lines625 {
		t.Height = 576
		normal, wide = "16:15", "64:45"
	}
	if control := b[vaux+5:]; control[0] == packControl && t.SampleAspect == "" {
		t.SampleAspect = normal
		if ratio := control[2] & 7; ratio == 2 || ratio == 7 && b[4]&7 == 0 {
			t.SampleAspect = wide
		}
	}
	return nil
}

// DVSound reads what a DV frame tells of its sound, which is one track of two channels, or two of them.
func DVSound(b []byte) []library.Track {
	if len(b) < audioSource+5 || b[audioSource] != packAudio {
		return nil
	}
	pack := b[audioSource:]
	kind, rate, quantization := pack[3]&0x1F, pack[4]>>3&7, pack[4]&7
	if kind > 3 || int(rate) >= 3 {
		return nil
	}
	pairs := [...]int{1, 0, 2, 4}[kind]
	if pairs == 1 && quantization != 0 && rate == 2 { // 12 bits at 32 kHz leave room for a second pair
		pairs = 2
	}
	tracks := make([]library.Track, pairs)
	for i := range tracks {
		tracks[i] = library.Track{
			Type: library.TrackAudio, Codec: "pcm_s16le", Language: language.Undetermined, Channels: 2, ChannelLayout: "stereo",
			SampleRate: [...]int{48000, 44100, 32000}[rate],
		}
		PCM(&tracks[i])
	}
	return tracks
}
