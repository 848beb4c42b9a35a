package codec

import "vpo/internal/library"

var vp9Profiles = [...]string{"Profile 0", "Profile 1", "Profile 2", "Profile 3"}

// VP9Config reads the VPCodecConfigurationRecord (VP Codec ISO Media File Format Binding): the box vpcC behind version
// and flags. It tells no size.
func VP9Config(t *library.Track, record []byte) error {
	const header = "VP9 configuration"
	b := recordBits(record)
	p := picture{profile: named(vp9Profiles[:], b.number(8)), width: t.Width, height: t.Height}
	b.skip(8)
	p.depth = b.number(4)
	subsampling := b.number(3)
	p.ranged, p.full = true, b.flag()
	p.describe(&b)
	if err := b.err(header); err != nil {
		return err
	}
	const colocated422, colocated444 = 2, 3
	p.chroma = chroma420
	switch subsampling {
	case colocated422:
		p.chroma = chroma422
	case colocated444:
		p.chroma = chroma444
	}
	p.format = planar(p.chroma, p.depth)
	if p.chroma == chroma444 && p.matrix == 0 {
		p.format = planarRGB(p.depth)
	}
	p.fill(t)
	return nil
}

// VP9 reads the uncompressed header of a key frame (VP9 Bitstream & Decoding Process Specification, 6.2).
func VP9(t *library.Track, frame []byte) error {
	const header, frameMarker, syncCode = "VP9 frame header", 2, 0x498342
	b := streamBits(frame)
	marker := b.number(2)
	profile := b.number(1) | b.number(1)<<1
	if profile == 3 {
		b.skip(1)
	}
	if len(frame) > 0 && marker != frameMarker {
		return malformed("the %s has no marker", header)
	}
	if shown, inter := b.flag(), b.flag(); b.ok() && (shown || inter) {
		return incomplete("no VP9 key frame")
	}
	b.skip(2)
	b.bad = b.read(24) != syncCode
	p := picture{profile: vp9Profiles[profile], colours: unspecifiedColours}
	p.readVP9Colours(&b, profile)
	p.width, p.height = b.number(16)+1, b.number(16)+1
	if err := b.err(header); err != nil {
		return err
	}
	if err := p.check(header); err != nil {
		return err
	}
	p.fill(t)
	return nil
}

// vp9Matrices are the H.273 code points of color_space (7.2.2); it tells the matrix alone.
var vp9Matrices = [...]int{2, 5, 1, 6, 7, 9, 2, 0}

// readVP9Colours follows color_config (6.2.2).
func (p *picture) readVP9Colours(b *bitReader, profile int) {
	const rgb = 7
	p.depth = 8
	if profile >= 2 {
		p.depth = 10 + 2*b.number(1)
	}
	space := b.number(3)
	p.matrix = vp9Matrices[space]
	p.ranged = true
	p.chroma = chroma420
	if space == rgb {
		b.bad = b.bad || profile&1 == 0
		b.skip(1)
		p.full, p.chroma, p.format = true, chroma444, planarRGB(p.depth)
		return
	}
	p.full = b.flag()
	halfHeightOnly := false
	if profile&1 == 1 {
		halfWidth, halfHeight := b.flag(), b.flag()
		b.skip(1)
		p.chroma = av1Chroma(false, halfWidth, halfHeight)
		halfHeightOnly = halfHeight && !halfWidth
	}
	p.format = planar(p.chroma, p.depth)
	if halfHeightOnly {
		p.format = named(vp9HalfHeight[:], p.depth)
	}
}

// vp9HalfHeight are the pixel formats with chroma of full width and half height, which only VP9 has.
var vp9HalfHeight = [...]string{8: "yuv440p", 10: "yuv440p10le", 12: "yuv440p12le"}
