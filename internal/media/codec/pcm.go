package codec

import "vpo/internal/library"

// PCM sets the bits of a sample from the name of the codec, such as "pcm_s24le". Other codecs are left alone.
func PCM(t *library.Track) {
	switch t.Codec {
	case "pcm_u8", "pcm_s8", "pcm_s8_planar", "pcm_alaw", "pcm_mulaw":
		t.BitDepth = 8
	case "pcm_s16le", "pcm_s16be", "pcm_u16le", "pcm_u16be", "pcm_s16le_planar", "pcm_s16be_planar":
		t.BitDepth = 16
	case "pcm_s24le", "pcm_s24be", "pcm_u24le", "pcm_u24be", "pcm_s24le_planar", "pcm_s24daud":
		t.BitDepth = 24
	case "pcm_s32le", "pcm_s32be", "pcm_u32le", "pcm_u32be", "pcm_s32le_planar", "pcm_f32le", "pcm_f32be":
		t.BitDepth = 32
	case "pcm_s64le", "pcm_s64be", "pcm_f64le", "pcm_f64be":
		t.BitDepth = 64
	}
}
