package matroska_test

import (
	"encoding/binary"
	"math"
	"slices"
)

// element builds an element of its identifier and its data.
func element(id uint32, data ...[]byte) []byte {
	body := slices.Concat(data...)
	return slices.Concat(idBytes(id), size(len(body)), body)
}

// openEnded builds an element that does not tell its size.
func openEnded(id uint32, data ...[]byte) []byte {
	return slices.Concat(idBytes(id), []byte{0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, slices.Concat(data...))
}

// claiming builds an element that claims another size than it has.
func claiming(id uint32, claimed int, data ...[]byte) []byte {
	return slices.Concat(idBytes(id), size(claimed), slices.Concat(data...))
}

func idBytes(id uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, id)
	for b[0] == 0 {
		b = b[1:]
	}
	return b
}

func size(n int) []byte {
	if n < 127 {
		return []byte{0x80 | byte(n)}
	}
	return binary.BigEndian.AppendUint32(nil, 0x10<<24|uint32(n))
}

func number(id uint32, n uint64) []byte {
	b := binary.BigEndian.AppendUint64(nil, n)
	for len(b) > 1 && b[0] == 0 {
		b = b[1:]
	}
	return element(id, b)
}

func float(id uint32, f float64) []byte {
	return element(id, binary.BigEndian.AppendUint64(nil, math.Float64bits(f)))
}

func text(id uint32, s string) []byte { return element(id, []byte(s)) }

// Identifiers of the elements that tests build (RFC 9559, 27.1).
const (
	idEBML, idDocType, idReadVersion  = 0x1A45DFA3, 0x4282, 0x42F7
	idSegment, idSeekHead, idInfo     = 0x18538067, 0x114D9B74, 0x1549A966
	idTracks, idTags, idCluster       = 0x1654AE6B, 0x1254C367, 0x1F43B675
	idChapters, idAttachments         = 0x1043A770, 0x1941A469
	idVoid, idCRC                     = 0xEC, 0xBF
	idSeek, idSeekID, idSeekPosition  = 0x4DBB, 0x53AB, 0x53AC
	idDuration, idScale, idTitle      = 0x4489, 0x2AD7B1, 0x7BA9
	idTrackEntry, idTrackNumber       = 0xAE, 0xD7
	idTrackType, idCodecID            = 0x83, 0x86
	idPrivate, idLanguage, idBCP47    = 0x63A2, 0x22B59C, 0x22B59D
	idVideo, idAudio, idChannels      = 0xE0, 0xE1, 0x9F
	idWidth, idHeight, idFrames       = 0xB0, 0xBA, 0x23E383
	idTag, idSimpleTag, idTargets     = 0x7373, 0x67C8, 0x63C0
	idTagName, idTagString            = 0x45A3, 0x4487
	idTimestamp, idSimpleBlock        = 0xE7, 0xA3
	idEdition, idEditionDefault       = 0x45B9, 0x45DB
	idAtom, idStart, idEnd            = 0xB6, 0x91, 0x92
	idDisplay, idString               = 0x80, 0x85
	idEncodings, idEncoding           = 0x6D80, 0x6240
	idCompression, idAlgo, idStripped = 0x5034, 0x4254, 0x4255
)

func header() []byte { return element(idEBML, text(idDocType, "matroska")) }

func info() []byte { return element(idInfo, float(idDuration, 2000)) }

// videoTrack is an entry of a codec that has no headers, with more elements.
func videoTrack(more ...[]byte) []byte {
	return element(idTrackEntry, number(idTrackNumber, 1), number(idTrackType, 1), text(idCodecID, "V_SNOW"),
		element(idVideo, number(idWidth, 320), number(idHeight, 240)), slices.Concat(more...))
}

func audioTrack(codec string, more ...[]byte) []byte {
	return element(idTrackEntry, number(idTrackNumber, 2), number(idTrackType, 2), text(idCodecID, codec),
		element(idAudio, number(idChannels, 2)), slices.Concat(more...))
}

// document builds a file of the elements of its segment.
func document(elements ...[]byte) []byte {
	return slices.Concat(header(), element(idSegment, elements...))
}

// film builds a file with one track.
func film(elements ...[]byte) []byte {
	return document(slices.Concat(info(), element(idTracks, videoTrack(number(idFrames, 40_000_000)))), slices.Concat(elements...))
}

// block builds a SimpleBlock of one frame.
func block(track byte, ticks int16, flags byte, data ...byte) []byte {
	return element(idSimpleBlock, []byte{0x80 | track, byte(uint16(ticks) >> 8), byte(ticks), flags}, data)
}

// paced builds the contents of a cluster: frames of the first track as far apart as a rate has it, rounded to milliseconds.
func paced(frames int, rate float64) []byte {
	blocks := number(idTimestamp, 0)
	for i := range frames {
		blocks = append(blocks, block(1, int16(math.Round(float64(i)*1000/rate)), 0, 0)...)
	}
	return blocks
}

// Identifiers of a video track's colours and display.
const (
	idColour, idMatrix, idRange   = 0x55B0, 0x55B1, 0x55B9
	idTransfer, idPrimaries       = 0x55BA, 0x55BB
	idMaxCLL, idMaxFALL, idBits   = 0x55BC, 0x55BD, 0x55B2
	idMastering, idRedX           = 0x55D0, 0x55D1
	idLuminanceMax, idLuminance   = 0x55D9, 0x55DA
	idDisplayWidth, idDisplayUnit = 0x54B0, 0x54B2
	idStereoMode, idFourCC        = 0x53B8, 0x2EB524
	idMapping, idKind, idRecord   = 0x41E4, 0x41E7, 0x41ED
)
