package codec

import "vpo/internal/library"

// DolbyVision reads a DOVIDecoderConfigurationRecord (Dolby Vision Streams Within the ISO Base Media File Format, 3.2):
// the boxes dvcC, dvvC and dvwC, and the block addition mapping of Matroska.
func DolbyVision(t *library.Track, record []byte) error {
	b := recordBits(record)
	b.skip(16)
	v := library.DolbyVision{Profile: b.number(7), Level: b.number(6)}
	v.Metadata, v.Enhancement, v.BaseLayer = b.flag(), b.flag(), b.flag()
	if err := b.err("Dolby Vision configuration"); err != nil {
		return err
	}
	v.Compatibility = b.number(4) // records of version 0 may end before it
	t.DolbyVision = &v
	return nil
}
