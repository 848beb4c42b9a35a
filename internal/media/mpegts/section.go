package mpegts

// maxSection is the length of the longest section that a table of programs may have (ISO/IEC 13818-1, 2.4.4).
const maxSection = 1024

// section puts together one section after the other of a table that is sent in packets.
type section struct {
	open bool   // a section has begun that is not complete yet
	data []byte // of it so far
}

// feed adds a packet, and gives every section that has become complete and undamaged to take. The bytes are valid during
// the call.
func (s *section) feed(p packet, take func(table []byte)) {
	b := p.payload
	if !p.starts {
		s.add(b, take)
		return
	}
	pointer := 1 + int(b[0]) // to the first section that begins here
	s.add(b[1:min(pointer, len(b))], take)
	s.open = false
	b = b[min(pointer, len(b)):]
	for len(b) > 0 && b[0] != 0xFF { // 0xFF is stuffing
		length, known := sectionLength(b)
		if !known || length > len(b) {
			s.open, s.data = true, append(s.data[:0], b...)
			return
		}
		complete(b[:length], take)
		b = b[length:]
	}
}

// add goes on with the section that has begun.
func (s *section) add(b []byte, take func([]byte)) {
	if !s.open {
		return
	}
	s.data = append(s.data, b...)
	length, known := sectionLength(s.data)
	if done := known && len(s.data) >= length; done {
		complete(s.data[:length], take)
		s.open = false
	} else if len(s.data) > maxSection {
		s.open = false
	}
}

// sectionLength reads how long a section is, from its first three bytes to its check sum.
func sectionLength(b []byte) (length int, known bool) {
	if len(b) < 3 {
		return 0, false
	}
	return 3 + (int(b[1])<<8&0x0F00 | int(b[2])), true
}

// complete passes a section on that is current and undamaged, without its check sum.
func complete(b []byte, take func([]byte)) {
	const shortest, checkSum = 12, 4
	if len(b) < shortest || len(b) > maxSection || b[1]&0x80 == 0 || b[5]&1 == 0 || crc(b) != 0 {
		return
	}
	take(b[:len(b)-checkSum])
}

// crc is the check sum of sections (ISO/IEC 13818-1, annex A), which is 0 of a section that ends with its own.
func crc(b []byte) uint32 {
	sum := ^uint32(0)
	for _, c := range b {
		sum = sum<<8 ^ crcTable[byte(sum>>24)^c]
	}
	return sum
}

var crcTable = func() (table [256]uint32) {
	const polynomial = 0x04C11DB7
	for i := range table {
		sum := uint32(i) << 24
		for range 8 {
			carry := sum>>31 == 1
			if sum <<= 1; carry {
				sum ^= polynomial
			}
		}
		table[i] = sum
	}
	return table
}()
