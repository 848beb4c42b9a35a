package codec

import "bytes"

// nalUnits goes through the NAL units of a stretch of H.264 or H.265: behind start codes (Annex B of both) or, where
// lengthSize is not 0, behind lengths of so many bytes, as Matroska and MP4 keep samples.
type nalUnits struct {
	rest       []byte
	lengthSize int
}

// next returns the next unit without what precedes it, or nil at the end. The last one may have been cut short.
func (u *nalUnits) next() []byte {
	if u.lengthSize != 0 {
		return u.nextOfLength()
	}
	start := bytes.Index(u.rest, startCode)
	if start < 0 {
		u.rest = nil
		return nil
	}
	unit := u.rest[start+len(startCode):]
	if end := bytes.Index(unit, startCode); end >= 0 {
		u.rest = unit[end:]
		return unit[:end]
	}
	u.rest = nil
	return unit
}

func (u *nalUnits) nextOfLength() []byte {
	if len(u.rest) <= u.lengthSize {
		return nil
	}
	length := 0
	for _, part := range u.rest[:u.lengthSize] {
		length = length<<8 | int(part)
	}
	unit := u.rest[u.lengthSize:]
	length = min(length, len(unit))
	u.rest = unit[length:]
	return unit[:length:length]
}

// startCode precedes every NAL unit of Annex B, and every header of MPEG-1, MPEG-2, MPEG-4 and VC-1.
var startCode = []byte{0, 0, 1}

// unitBits reads a NAL unit behind its header of so many bytes. missing is what it means where it is too short.
func unitBits(unit []byte, header int, missing error) bitReader {
	return bitReader{data: unit[min(header, len(unit)):], escaped: true, missing: missing}
}

// listed takes one NAL unit from a list of a configuration record, where two bytes of length precede each. rest is nil
// where the record is too short.
func listed(record []byte) (unit, rest []byte) {
	if len(record) < 2 {
		return nil, nil
	}
	length := int(record[0])<<8 | int(record[1])
	if len(record)-2 < length {
		return nil, nil
	}
	return record[2 : 2+length], record[2+length:]
}
