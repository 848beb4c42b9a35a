package codec

import "vpo/internal/library"

// AV1Config reads the AV1CodecConfigurationRecord (AV1 Codec ISO Media File Format Binding, 2.3): the box av1C, Matroska's
// CodecPrivate. The sequence header and the HDR10 metadata that may follow it count for more than the record itself.
func AV1Config(t *library.Track, record []byte) error {
	const markerAndVersion, size = 0x81, 4
	if len(record) < size || record[0] != markerAndVersion {
		return malformed("the AV1 configuration of %d bytes is none", len(record))
	}
	r := av1Reader{missing: library.ErrMalformed, picture: av1Summary(record)}
	if err := r.units(record[size:]); err != nil {
		return err
	}
	r.fill(t)
	return nil
}

// av1Summary is what the configuration record itself tells.
func av1Summary(record []byte) picture {
	b := recordBits(record[1:])
	p := picture{colours: unspecifiedColours, depth: 8}
	p.profile = named(av1Profiles[:], b.number(3))
	b.skip(6)
	p.depth = av1Depth(b.flag(), b.flag())
	p.chroma = av1Chroma(b.flag(), b.flag(), b.flag())
	p.format = planar(p.chroma, p.depth)
	return p
}

// AV1 reads the open bitstream units of a stretch of AV1 (AV1 Bitstream & Decoding Process Specification, 5.3) up to the
// first frame: the sequence header and HDR10 metadata.
func AV1(t *library.Track, units []byte) error {
	r := av1Reader{missing: library.ErrIncomplete, picture: picture{colours: unspecifiedColours}}
	if err := r.units(units); err != nil {
		return err
	}
	if !r.found {
		return incomplete("no AV1 sequence header")
	}
	r.fill(t)
	return nil
}

// av1Reader gathers what the units of a stream tell.
type av1Reader struct {
	picture
	hdr10
	found   bool
	missing error // what it means where a unit is too short
}

// Types of open bitstream units (6.2.2).
const (
	av1Sequence    = 1
	av1FrameHeader = 3
	av1Metadata    = 5
	av1Frame       = 6
)

// units goes through open bitstream units up to the first frame behind a sequence header.
func (r *av1Reader) units(rest []byte) error {
	for len(rest) > 0 {
		kind, unit, after, ok := av1Unit(rest)
		if !ok {
			break
		}
		switch kind {
		case av1Sequence:
			if err := r.sequence(unit); err != nil {
				return err
			}
		case av1Metadata:
			r.metadata(unit)
		case av1FrameHeader, av1Frame:
			if r.found {
				return nil
			}
		}
		rest = after
	}
	return nil
}

// av1Unit takes the first unit from data. One that is longer than the data is returned as far as it is there.
func av1Unit(data []byte) (kind int, unit, rest []byte, ok bool) {
	b := streamBits(data)
	forbidden := b.flag()
	kind = b.number(4)
	extended, sized := b.flag(), b.flag()
	b.skip(1)
	if extended {
		b.skip(8)
	}
	size := len(data)
	if sized {
		size = b.leb128()
	}
	if forbidden || !b.ok() {
		return 0, nil, nil, false
	}
	unit = data[b.position()/8:]
	size = min(size, len(unit))
	return kind, unit[:size], unit[size:], true
}

func (r *av1Reader) sequence(unit []byte) error {
	const header = "AV1 sequence header"
	if r.found {
		return nil
	}
	b := bitReader{data: unit, missing: r.missing}
	var s av1Header
	s.read(&b)
	if err := b.err(header); err != nil {
		return err
	}
	if err := s.check(header); err != nil {
		return err
	}
	r.picture, r.found = s.picture, true
	return nil
}

// metadata follows metadata_obu (5.8). One that is cut short is as good as none.
func (r *av1Reader) metadata(unit []byte) {
	const contentLight, mastering = 1, 2
	b := streamBits(unit)
	switch b.leb128() {
	case contentLight:
		r.readContentLight(&b)
	case mastering:
		r.readAV1Mastering(&b)
	}
}

func (r *av1Reader) fill(t *library.Track) {
	if r.width == 0 {
		r.width, r.height = t.Width, t.Height
	}
	r.picture.fill(t)
	r.hdr10.fill(t)
}

var av1Profiles = [...]string{"Main", "High", "Professional"}

func av1Depth(high, twelve bool) int {
	switch {
	case high && twelve:
		return 12
	case high:
		return 10
	}
	return 8
}

func av1Chroma(mono, halfWidth, halfHeight bool) int {
	switch {
	case mono:
		return chromaNone
	case halfWidth && halfHeight:
		return chroma420
	case halfWidth:
		return chroma422
	}
	return chroma444
}
