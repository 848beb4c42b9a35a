package codec

import (
	"bytes"

	"vpo/internal/library"
)

// Theora reads the identification header of Theora, the first of its three packets (Theora Specification, 6.2).
func Theora(t *library.Track, packet []byte) error {
	const header, signature, size = "Theora header", "\x80theora", 42
	if !bytes.HasPrefix(packet, []byte(signature)) || len(packet) < size {
		return malformed("no %s", header)
	}
	b := recordBits(packet[len(signature):size])
	b.skip(24 + 32) // version, size in blocks
	p := picture{colours: unspecifiedColours, depth: 8}
	p.width, p.height = b.number(24), b.number(24)
	b.skip(16) // where the picture lies
	p.frames = ratio{uint64(b.read(32)), uint64(b.read(32))}
	p.aspect = ratio{uint64(b.read(24)), uint64(b.read(24))}
	p.theoraColours(b.number(8))
	b.skip(24 + 6 + 5) // bit rate, quality, distance of key frames
	p.format = [...]string{"yuv420p", "", "yuv422p", "yuv444p"}[b.number(2)]
	if err := b.err(header); err != nil {
		return err
	}
	if err := p.check(header); err != nil {
		return err
	}
	p.fill(t)
	return nil
}

// theoraColours sets the colours of the two spaces that there are: those of television in America, and in Europe.
func (p *picture) theoraColours(space int) {
	const america, europe = 1, 2
	if space != america && space != europe {
		return
	}
	p.primaries, p.transfer, p.matrix = 3+space, 1, 5
}
