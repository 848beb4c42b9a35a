package matroska

import (
	"math"

	"vpo/internal/library"
)

// audio is the element Audio of a track.
type audio struct {
	sampling, output float64 // Hz; output is 0 where it is no other
	channels         int
	bits             int
}

// read reads an Audio (RFC 9559, 5.1.4.1.29).
func (a *audio) read(w walker) error {
	for w.next() {
		switch w.id {
		case idSampling:
			a.sampling = w.float()
		case idOutputSampling:
			a.output = w.float()
		case idChannels:
			a.channels = w.count()
		case idBitDepth:
			a.bits = w.count()
		}
	}
	return w.err
}

// describe sets what the container tells.
func (a *audio) describe(t *library.Track) {
	t.Channels = a.channels
	t.SampleRate = hertz(a.output)
	if t.SampleRate == 0 {
		t.SampleRate = hertz(a.sampling)
	}
	t.Codec = pcm(t.Codec, a.bits)
}

// correct sets what the codec does not tell.
func (a *audio) correct(t *library.Track) {
	if output := hertz(a.output); output > t.SampleRate && t.Codec == "aac" { // spectral band replication
		t.SampleRate = output
	}
	if t.BitDepth == 0 && (t.Codec == "tta" || t.Codec == "wavpack") {
		t.BitDepth = a.bits
	}
}

// hertz makes a rate of what a file tells as one.
func hertz(rate float64) int {
	if !(rate >= 1 && rate <= math.MaxInt32) {
		return 0
	}
	return int(rate)
}

// pcm names uncompressed sound by the bits of its samples; Matroska's identifiers leave them open.
func pcm(name string, bits int) string {
	switch name {
	case "pcm_s16le", "pcm_s16be":
		switch bits {
		case 8:
			return "pcm_u8"
		case 24:
			return "pcm_s24" + name[len("pcm_s16"):]
		case 32:
			return "pcm_s32" + name[len("pcm_s16"):]
		}
	case "pcm_f32le":
		if bits == 64 {
			return "pcm_f64le"
		}
	}
	return name
}
