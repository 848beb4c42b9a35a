package codec

import "vpo/internal/library"

func AV1Config(t *library.Track, record []byte) error   { return nil } // av1C
func AV1(t *library.Track, units []byte) error          { return nil } // OBUs of the first frame
func VP8(t *library.Track, frame []byte) error          { return nil }
func VP9Config(t *library.Track, record []byte) error   { return nil } // vpcC (behind version and flags)
func VP9(t *library.Track, frame []byte) error          { return nil }
func MPEGVideo(t *library.Track, stream []byte) error   { return nil } // MPEG-1 and -2, tells which
func MPEG4Video(t *library.Track, stream []byte) error  { return nil } // part 2, VOL
func VC1(t *library.Track, extradata []byte) error      { return nil }
func ProRes(t *library.Track, frame []byte) error       { return nil }
func DTS(t *library.Track, frame []byte) error          { return nil } // core and extension
func TrueHD(t *library.Track, frame []byte) error       { return nil } // also MLP: sets Codec
func MPEGAudio(t *library.Track, frame []byte) error    { return nil } // layers 1-3: sets Codec
func FLAC(t *library.Track, header []byte) error        { return nil } // with or without "fLaC"
func Opus(t *library.Track, head []byte) error          { return nil } // OpusHead, or dOps without the magic
func Vorbis(t *library.Track, header []byte) error      { return nil } // identification header
func ALAC(t *library.Track, cookie []byte) error        { return nil }
func DolbyVision(t *library.Track, record []byte) error { return nil } // dvcC, dvvC
